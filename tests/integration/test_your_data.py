"""Everything that is kept about a person: handed out without secrets, and gone without a trace at their word."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import redis
import requests
from flask import Flask
from sqlalchemy import Table, inspect, select
from sqlalchemy.orm import Session, scoped_session

from app.extensions import db
from app.models import AuditEvent, Base, BungieAccount, DestinyMembership, LoginSession, ManifestRun, User
from app.sandbox import SandboxServer
from app.services.audit import AuditService, Kind
from app.services.privacy import CannotForgetError, LastAdminError, PrivacyService
from app.wiring import Services
from tests.fixtures.canaries import in_database
from tests.fixtures.clock import MovingClock
from tests.fixtures.waiting import wait_until
from tests.visitor import Visitor, soup

PASSWORD = "a horse, correct and stapled"


@pytest.fixture
def visitor(live_server: str) -> Visitor:
    return Visitor(live_server)


def player_ids(sandbox: SandboxServer) -> list[str]:
    return list(sandbox.app.state.players)


def export(visitor: Visitor) -> requests.Response:
    return visitor.submit(visitor.get("/account"), "/account/export")


def delete_everything(visitor: Visitor, word: str = "delete") -> requests.Response:
    return visitor.submit(visitor.get("/account/delete"), "/account/delete", word=word)


def tokens_of(sandbox: SandboxServer) -> set[str]:
    return set(re.findall(r"[\w-]{60,}", repr(vars(sandbox.app.state.grants))))


def row_counts(app: Flask) -> dict[str, int]:
    with app.app_context():
        tables = (User, BungieAccount, DestinyMembership, LoginSession, AuditEvent)
        return {each.__tablename__: len(db.session.scalars(select(each)).all()) for each in tables}


@pytest.mark.usefixtures("definitions")
def test_the_file_holds_everything_but_secrets(visitor: Visitor, sandbox: SandboxServer, app: Flask) -> None:
    player_id = player_ids(sandbox)[0]
    visitor.sign_in(player_id)
    tiles = visitor.everything()
    answer = export(visitor)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    kept = answer.json()
    (account,) = kept["bungie_accounts"]
    (card,) = kept["destiny_memberships"]
    assert card["account_id"] == account["id"]
    assert card["membership_id"] == player_id
    assert len(card["profile"]["items"]) == tiles.total()
    assert kept["person"]["role"] == "player"
    assert kept["sessions"][0]["browser"]
    assert {row["kind"] for row in kept["activity"]} >= {"signed in", "account connected", "data exported"}
    for secret in tokens_of(sandbox) | {visitor.session.cookies["vault_raider"]}:
        assert secret not in answer.text
    assert not re.search(r"_token\"|password|token_hash|gAAAA", answer.text)


def test_the_file_names_every_column_that_is_no_secret(services: Services, app: Flask) -> None:
    user = services.staff.create("ikora", PASSWORD, "poster")
    person = services.privacy.export(user.id)["person"]
    assert set(person) == {column["name"] for column in inspect(db.engine).get_columns("users")} - {"password_hash"}


def test_nobody_gets_the_file_by_a_link(visitor: Visitor, sandbox: SandboxServer) -> None:
    visitor.sign_in(player_ids(sandbox)[0])
    assert visitor.get("/account/export").status_code == 405
    assert visitor.session.post(visitor.site + "/account/export", timeout=10).status_code == 400


def test_nothing_is_deleted_without_the_word(visitor: Visitor, sandbox: SandboxServer, app: Flask) -> None:
    visitor.sign_in(player_ids(sandbox)[0])
    before = row_counts(app)
    for word in ("", "yes", "deleted"):
        answer = delete_everything(visitor, word)
        assert answer.status_code == 400
        assert "Nothing was deleted" in answer.text
    assert row_counts(app) == before


def everything_in_redis(url: str) -> bytes:
    with redis.Redis.from_url(url) as client:
        keys = sorted(client.keys("*"))
        return b"\n".join(key + b" " + (client.dump(key) or b"") + repr(_value(client, key)).encode() for key in keys)


def _value(client: redis.Redis, key: bytes) -> object:
    if client.type(key) == b"hash":
        return client.hgetall(key)
    return client.get(key) if client.type(key) == b"string" else None


def traces(sandbox: SandboxServer, player_id: str, app: Flask) -> list[bytes]:
    """What only this player brought here: ids, the name, sealed and plain tokens, the names of sessions."""
    player = sandbox.app.state.players[player_id]
    with app.app_context():
        (account,) = db.session.scalars(select(BungieAccount).where(BungieAccount.membership_id == player.bungie_id))
        sealed = [account.access_token, account.refresh_token]
        hashes = db.session.scalars(
            select(LoginSession.token_hash).where(LoginSession.user_id == account.user_id)
        ).all()
    texts = [player_id, player.bungie_id, player.display_name, *player.character_ids, *sealed, *hashes]
    return [text.encode() for text in texts]


def named_like_nothing_else(sandbox: SandboxServer, player_id: str) -> None:
    player = sandbox.app.state.players[player_id]
    for card in (player.card, player.bungie_user):
        card |= {"displayName": "Canary-of-Saint-14", "bungieGlobalDisplayName": "Canary-of-Saint-14"}


@pytest.mark.usefixtures("definitions")
def test_after_deleting_neither_database_nor_redis_nor_memory_knows_the_person(
    visitor: Visitor, live_server: str, sandbox: SandboxServer, app: Flask, services: Services,
    database_url: str, redis_url: str,
) -> None:  # fmt: skip
    player_id, other_id = player_ids(sandbox)[0], player_ids(sandbox)[2]
    named_like_nothing_else(sandbox, player_id)
    visitor.sign_in(player_id)
    visitor.everything()
    export(visitor)
    other = Visitor(live_server)
    other.sign_in(other_id)
    theirs = other.tiles("/vault")
    looked_for = traces(sandbox, player_id, app)
    kept = in_database(database_url).encode() + everything_in_redis(redis_url)
    assert [trace for trace in looked_for[:3] if trace not in kept] == []
    services.profiles.load(1, 3, player_id)

    answer = delete_everything(visitor)

    assert "deleted" in soup(answer).select_one(".notice-success").get_text()  # type: ignore[union-attr]
    left = in_database(database_url).encode() + everything_in_redis(redis_url)
    assert [trace for trace in looked_for if trace in left] == []
    assert [token for token in tokens_of(sandbox) if token.encode() in left] == []
    assert services.profiles.export(player_id) is None
    assert other.tiles("/vault") == theirs
    assert row_counts(app)["users"] == 1


def test_a_page_that_was_being_fetched_meanwhile_leaves_nothing_behind(
    visitor: Visitor, sandbox: SandboxServer, services: Services, redis_url: str
) -> None:
    player_id = player_ids(sandbox)[0]
    visitor.sign_in(player_id)
    services.profiles.erase(player_id)
    sandbox.app.state.requests.clear()
    form = visitor.get("/account/delete")
    sandbox.app.state.faults.set(latency_s={"*/Profile/*": 1.5})
    with redis.Redis.from_url(redis_url) as client:
        client.delete(f"profile:1:{player_id}")
        with ThreadPoolExecutor(1) as pool:
            slow = pool.submit(visitor.get, "/vault")
            wait_until(lambda: bool(client.exists(f"flight:profile:{player_id}")), "the page asks Bungie", limit_s=10)
            visitor.submit(form, "/account/delete", word="delete")
            slow.result(timeout=30)
    assert player_id.encode() not in everything_in_redis(redis_url)
    assert services.profiles.export(player_id) is None


class DeadProfiles:
    """A cache whose Redis does not answer."""

    def export(self, membership_id: str) -> dict[str, Any] | None:
        return None

    def erase(self, membership_id: str) -> None:
        raise redis.ConnectionError


class NoProfiles:
    def export(self, membership_id: str) -> dict[str, Any] | None:
        return None

    def erase(self, membership_id: str) -> None:
        return None


def desk(session: scoped_session[Session], profiles: Any) -> tuple[PrivacyService, AuditService, MovingClock]:
    clock = MovingClock()
    audit = AuditService(session, clock, lambda: "")
    return PrivacyService(session, profiles, audit), audit, clock


def person_with_everything(session: scoped_session[Session], role: str, password_hash: str = "") -> tuple[int, int]:
    now = MovingClock()()
    user = User(role=role, password_hash=password_hash, created_at=now)
    session.add(user)
    session.flush()
    times = {"access_ends_at": now, "refresh_ends_at": now, "connected_at": now}
    account = BungieAccount(user_id=user.id, membership_id=f"7{user.id}", **times)
    account.memberships = [DestinyMembership(membership_id=f"46116{user.id}", membership_type=3)]
    session.add_all([account, LoginSession(token_hash="x", user_id=user.id, started_at=now, seen_at=now)])
    AuditService(session, MovingClock(), lambda: "").record(Kind.SIGNED_IN, user.id)
    session.commit()
    return user.id, account.id


def one_row_of_everything(session: scoped_session[Session]) -> tuple[int, set[str]]:
    """A person and, in every table that refers to them or to what is theirs, a row; the names of those tables."""
    ids: dict[str, Any] = {}
    for table in Base.metadata.sorted_tables:
        owners = [key for key in table.foreign_keys if key.column.table.name in ids]
        keys = {key.parent.name: ids[key.column.table.name] for key in owners}
        if keys or table.name == "users":
            added = session.execute(table.insert().values(**{**made_up(table), **keys}))
            ids[table.name] = added.inserted_primary_key[0]  # type: ignore[index]
    session.commit()
    return ids["users"], set(ids)


def made_up(table: Table) -> dict[str, Any]:
    """A value for every column that must have one."""
    samples: dict[type, Any] = {str: "x", int: 1, bool: True, dict: {}, object: MovingClock()()}  # UtcDateTime: object
    needed = [each for each in table.columns if not (each.nullable or each.default or each.primary_key)]
    return {each.name: samples[each.type.python_type] for each in needed}


def test_the_file_holds_a_persons_rows_of_every_table(db_session: scoped_session[Session]) -> None:
    privacy, _, _ = desk(db_session, NoProfiles())
    user_id, tables = one_row_of_everything(db_session)
    other = User(name="another", role="player", created_at=MovingClock()())
    db_session.add(other)
    db_session.flush()
    AuditService(db_session, MovingClock(), lambda: "").note(Kind.SIGNED_IN, other.id, "another")
    kept = json.loads(json.dumps(privacy.export(user_id)))
    titles = {"users": "person", "login_sessions": "sessions", "audit_events": "activity",
              "manifest_runs": "definitions_asked_for"}  # fmt: skip
    assert set(kept) == {titles.get(name, name) for name in tables}
    assert len(tables) > 8
    assert [name for name, rows in kept.items() if name not in {"person", "activity"} and len(rows) != 1] == []
    assert "another" not in json.dumps(kept)


def test_deleting_takes_a_persons_rows_out_of_every_table(db_session: scoped_session[Session]) -> None:
    privacy, _, _ = desk(db_session, NoProfiles())
    user_id, tables = one_row_of_everything(db_session)
    privacy.erase(user_id)
    for name in tables - {"manifest_runs"}:
        assert db_session.execute(Base.metadata.tables[name].select()).all() == [], name
    assert db_session.scalars(select(ManifestRun.requested_by)).all() == [None]


def test_no_table_names_a_person_without_belonging_to_them(db_session: scoped_session[Session]) -> None:
    _, tables = one_row_of_everything(db_session)
    names = {"user_id", "account_id", "membership_id", "character_id"}
    assert {table.name for table in Base.metadata.sorted_tables if names & set(table.columns.keys())} <= tables


def test_while_redis_does_not_answer_nothing_is_deleted(db_session: scoped_session[Session]) -> None:
    privacy, _, _ = desk(db_session, DeadProfiles())
    user_id, account_id = person_with_everything(db_session, "player", "a hash")
    with pytest.raises(CannotForgetError):
        privacy.erase(user_id)
    with pytest.raises(CannotForgetError):
        privacy.disconnect(user_id, account_id)
    assert db_session.get(User, user_id)
    assert db_session.get(BungieAccount, account_id)


def test_the_last_admin_stays_until_there_is_another(db_session: scoped_session[Session]) -> None:
    privacy, _, _ = desk(db_session, NoProfiles())
    user_id, _ = person_with_everything(db_session, "admin", "a hash")
    with pytest.raises(LastAdminError):
        privacy.erase(user_id)
    db_session.add(User(role="admin", created_at=MovingClock()()))
    db_session.commit()
    privacy.erase(user_id)
    assert db_session.get(User, user_id) is None


def test_the_last_admin_reads_why_on_a_page(visitor: Visitor, services: Services) -> None:
    services.staff.create("zavala", PASSWORD, "admin")
    visitor.sign_in_staff("zavala", PASSWORD)
    answer = delete_everything(visitor)
    assert answer.status_code == 409
    assert "only admin" in answer.text
    assert visitor.get("/account").status_code == 200
