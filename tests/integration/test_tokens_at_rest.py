"""Stored tokens: readable in no place that keeps data; a change of keys is quick, countable and complete."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bungie.errors import GrantRevoked
from app.bungie.oauth import TokenPair
from app.extensions import db
from app.models import BungieAccount, User
from app.services.sealing import Sealer
from app.wiring import services as services_of_current_app
from config import from_env
from tests.contracts.test_commands import manage
from tests.fixtures.canaries import in_database, in_redis
from tests.fixtures.site import NewSite
from tests.fixtures.tokens import KEY, NEXT_KEY, Desk

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def pair(number: int) -> TokenPair:
    return TokenPair(f"canary-access-{number:04}", f"canary-refresh-{number:04}", 3600, 7_776_000, str(number))


def fill(session: Session, store: Callable[[BungieAccount, TokenPair], None], count: int) -> None:
    """`count` people, each with one connected account, by way of the service's own `store`."""
    for number in range(1, count + 1):
        user = User(created_at=NOW)
        session.add(user)
        session.flush()
        row = BungieAccount(
            user_id=user.id, membership_id=str(number), access_ends_at=NOW, refresh_ends_at=NOW, connected_at=NOW
        )
        session.add(row)
        store(row, pair(number))
    session.commit()


def test_of_a_hundred_stored_tokens_none_stands_in_database_redis_or_cookie(
    app: Flask, database_url: str, redis_url: str
) -> None:
    cookies = ""
    with app.app_context():
        fill(db.session, services_of_current_app().tokens.store, 100)
        user_ids = db.session.scalars(select(User.id)).all()
        tokens = [services_of_current_app().sessions.start(user_id) for user_id in user_ids[:20]]
    for token in tokens:
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = token
        answer = client.get("/account")
        assert answer.status_code == 200
        cookies += repr(answer.headers.getlist("Set-Cookie")) + repr(client.get_cookie("vault_raider")) + answer.text
    stored = in_database(database_url)
    assert stored.count("gAAAAA") >= 200, "the sealed tokens are where they are looked for"
    for place in (stored, in_redis(redis_url), cookies):
        assert place
        assert "canary" not in place


@pytest.fixture
def thousand(new_site: NewSite, site_environ: dict[str, str]) -> dict[str, str]:
    """The environment of a site with a thousand rows under KEY; NEXT_KEY has just been put before it."""
    old = new_site(from_env(site_environ | {"TOKEN_KEYS": KEY}))
    with old.app_context():
        fill(db.session, services_of_current_app().tokens.store, 1000)
    return site_environ | {"TOKEN_KEYS": f"{NEXT_KEY},{KEY}"}


def test_a_thousand_rows_change_their_key_and_the_old_one_can_go(thousand: dict[str, str], new_site: NewSite) -> None:
    early = manage("keys", "rotate", "--check", environ=thousand)
    assert early.returncode == 1
    assert "1000" in early.stderr
    assert manage("keys", "rotate", environ=thousand).returncode == 0
    assert manage("keys", "rotate", "--check", environ=thousand).returncode == 0
    newest = new_site(from_env(thousand | {"TOKEN_KEYS": NEXT_KEY}))
    with newest.app_context():
        sealer = Sealer([NEXT_KEY])
        rows = db.session.scalars(select(BungieAccount)).all()
        opened = {sealer.open(row.access_token, owner=row.membership_id, purpose="access") for row in rows}
        assert opened == {f"canary-access-{number:04}" for number in range(1, 1001)}
        assert not [row for row in rows if row.needs_reconnect or row.key_id != sealer.key_id]


def test_changing_the_key_of_a_thousand_rows_costs_little_more_than_the_encryption(desk: Desk) -> None:
    fill(desk.session(), desk.service.store, 1000)
    both = desk.service_with(NEXT_KEY, KEY)
    bare_s = _bare_s()
    began = time.monotonic()
    assert both.rotate() == 1001
    took_s = time.monotonic() - began
    assert took_s < max(2.0, 15 * bare_s), f"{took_s:.2f} s, the encryption alone {bare_s:.2f} s"
    assert both.waiting_for_rotation() == 0


def _bare_s() -> float:
    """Decrypting and encrypting two thousand texts of that size, without a database."""
    old, new = Fernet(KEY), Fernet(NEXT_KEY)
    sealed = old.encrypt(b"x" * 60)
    began = time.monotonic()
    for _ in range(2000):
        new.encrypt(old.decrypt(sealed))
    return time.monotonic() - began


def test_a_row_that_was_damaged_is_lost_alone_and_its_owner_is_told(desk: Desk) -> None:
    fill(desk.session(), desk.service.store, 3)
    broken = desk.row()
    broken.refresh_token = "gAAAAAdamaged"
    desk.session.commit()
    assert desk.service_with(NEXT_KEY, KEY).rotate() == 4
    assert desk.row().needs_reconnect
    assert [each.kind for each in desk.audit.latest(broken.user_id)] == ["permission lost"]
    others = desk.session.scalars(select(BungieAccount).where(BungieAccount.id != desk.account_id)).all()
    assert not [row for row in others if row.needs_reconnect]


def test_ciphertexts_swapped_between_two_people_open_for_neither(desk: Desk) -> None:
    fill(desk.session(), desk.service.store, 2)
    one, other = desk.session.scalars(select(BungieAccount).where(BungieAccount.id != desk.account_id)).all()
    one.access_token, other.access_token = other.access_token, one.access_token
    one.access_ends_at = other.access_ends_at = desk.clock() + timedelta(hours=1)
    ids = [one.id, other.id]
    desk.session.commit()
    for account_id in ids:
        desk.account_id = account_id
        with pytest.raises(GrantRevoked):
            desk.token()
        assert desk.row().needs_reconnect
    assert desk.token_calls() == 0
