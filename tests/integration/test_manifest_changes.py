"""Each switch leaves word of what it changed, once and truly, for the page, the feed and the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from app.cli.manifest import manifest
from app.extensions import db
from app.inventory.definitions import StatDefinition
from app.inventory.news import ChangeKind
from app.main.present_changes import changes_view
from app.manifest.difference import Difference
from app.manifest.singles import SingleRecords
from app.models import ChangedItem, ManifestChange
from app.services.changes import ChangesPage
from app.services.clock import utc_now
from app.services.manifest_changes import KEEP_VERSIONS, ChangeLog, ItemNews, NewsPage, VersionChange
from app.wiring import services as services_of_current_app
from config import ManifestSettings
from tests.builders import FakeDefinitions
from tests.integration.manifest_support import (
    ACE,
    ITEM,
    SIGNED,
    Publisher,
    Rig,
    Tables,
    item,
    publisher,
    rig,
    small_tables,
)

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "]]><script>alert(1)</script>&{{7*7}}\ufffe\uffff\u202e"


@pytest.fixture
def bungie() -> Iterator[Publisher]:
    with publisher() as published:
        yield published


@pytest.fixture
def made(bungie: Publisher, redis_url: str, tmp_path: Path, database_url: str) -> Iterator[Rig]:
    settings = ManifestSettings(locales=("en", "de"))
    built = rig(bungie.url, redis_url, tmp_path / "runs.sqlite3", settings, database_url=database_url)
    yield built
    built.close()


def changed(**facts: Any) -> Tables:
    """The small tables after a patch: one item renamed, one gone, one new."""
    tables = small_tables()
    tables[ITEM] = {ACE: item(ACE, "Ace of Hearts", **facts), 9: item(9, "Newcomer")}
    return tables


def publish(bungie: Publisher, tables: Tables, name: str) -> None:
    for locale in ("en", "de"):
        bungie.publish(tables, f"{name}{locale}", locale=locale, version=name)


def log_of(made: Rig) -> ChangeLog:
    made.sessions.remove()
    return ChangeLog(made.sessions, utc_now)


def counts(change: VersionChange) -> dict[str, int]:
    return {kind: count for kind, count in change.counts.items() if count}


def test_the_very_first_version_changes_nothing(bungie: Publisher, made: Rig) -> None:
    publish(bungie, small_tables(), "one")
    made.refresh("cli")
    assert log_of(made).versions() == ()


def test_a_new_version_is_told_once_whatever_the_number_of_languages(bungie: Publisher, made: Rig) -> None:
    publish(bungie, small_tables(), "one")
    made.refresh("cli")
    publish(bungie, changed(), "two")
    assert made.refresh("beat").state == "switched"
    (change,) = log_of(made).versions()
    assert (change.version_from, change.version_to) == ("one", "two")
    assert made.sessions.query(ManifestChange).count() == 1
    assert counts(change) == {"added": 1, "removed": 1, "renamed": 1}
    found = {kind: log_of(made).items(change.id, kind).items for kind in ChangeKind}
    assert [each.name for each in found[ChangeKind.ADDED]] == ["Newcomer"]
    assert [(each.name, each.item_hash) for each in found[ChangeKind.REMOVED]] == [("Signed", SIGNED)]
    assert found[ChangeKind.RENAMED][0].detail == {"name": ["Ace of Spades", "Ace of Hearts"]}


def test_the_same_files_built_anew_are_no_change(bungie: Publisher, made: Rig) -> None:
    publish(bungie, small_tables(), "one")
    made.refresh("cli")
    assert made.service.refresh("cli", force=True).state == "switched"
    assert log_of(made).versions() == ()


def test_a_version_without_news_about_items_says_so(bungie: Publisher, made: Rig) -> None:
    publish(bungie, small_tables(), "one")
    made.refresh("cli")
    publish(bungie, small_tables(), "two")
    made.refresh("beat")
    (change,) = log_of(made).versions()
    assert change.total == 0


def test_a_version_that_is_refused_is_no_news(bungie: Publisher, made: Rig) -> None:
    publish(bungie, small_tables(), "one")
    made.refresh("cli")
    publish(bungie, {**changed(), "DestinyInventoryBucketDefinition": {}}, "two")
    assert made.refresh("beat").state == "failed"
    publish(bungie, changed(), "three")
    made.refresh("beat")
    assert [each.version_to for each in log_of(made).versions()] == ["three"]


def test_an_old_version_that_is_not_whole_any_more_gives_no_false_news(bungie: Publisher, made: Rig) -> None:
    publish(bungie, small_tables(), "one")
    made.refresh("cli")
    current = made.store.current("en")
    assert current
    made.redis.hdel(current.keys([ITEM])[0], str(ACE))
    publish(bungie, changed(), "two")
    assert made.refresh("beat").state == "switched"
    assert log_of(made).versions() == ()


def test_what_came_one_by_one_before_its_version_is_news_of_that_version(bungie: Publisher, made: Rig) -> None:
    publish(bungie, small_tables(), "one")
    made.refresh("cli")
    current = made.store.current("en")
    assert current
    for item_hash, name in ((9, "Newcomer"), (10, "Never published")):
        SingleRecords(made.redis).keep(current, ITEM, item_hash, item(item_hash, name))
    assert made.names(9, 10) == ["Newcomer", "Never published"]
    publish(bungie, changed(), "two")
    assert made.refresh("beat").state == "switched"
    (change,) = log_of(made).versions()
    assert counts(change) == {"added": 1, "removed": 1, "renamed": 1}


def test_news_of_a_run_that_was_killed_after_its_switch_come_with_the_next(bungie: Publisher, made: Rig) -> None:
    publish(bungie, small_tables(), "one")
    made.refresh("cli")
    current = made.store.current("en")
    assert current
    log, difference = log_of(made), Difference()
    difference.note(7, None, {"n": "Newcomer"})
    log.prepare(current.id, ("zero", "one"), difference)
    log.prepare("never-came", ("one", "two"), difference)
    assert log.versions() == ()
    made.refresh("beat")
    assert [each.version_to for each in log_of(made).versions()] == ["one"]
    assert made.sessions.query(ManifestChange).count() == 1
    assert made.sessions.query(ChangedItem).count() == 1


def test_only_the_last_fifty_versions_are_kept(made: Rig) -> None:
    log, difference = log_of(made), Difference()
    difference.note(7, None, {"n": "Newcomer"})
    for each in range(KEEP_VERSIONS + 3):
        log.prepare(f"b{each}", ("x", f"v{each}"), difference)
        log.settle(f"b{each}")
    assert [each.version_to for each in log.versions(100)] == [f"v{each}" for each in range(KEEP_VERSIONS + 2, 2, -1)]
    assert made.sessions.query(ChangedItem).count() == KEEP_VERSIONS


# --- what people see -------------------------------------------------------------------------------------------------


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def tell(app: Flask, difference: Difference, version: str = "two") -> None:
    with app.app_context():
        services = services_of_current_app()
        log = ChangeLog(db.session, services.clock)  # type: ignore[arg-type]
        log.prepare(f"build-{version}", ("one", version), difference)
        log.settle(f"build-{version}")


def test_before_any_change_the_page_and_the_feed_say_so(client: FlaskClient) -> None:
    assert "Nothing has changed yet" in client.get("/database/changes").text
    feed = ET.fromstring(client.get("/database/changes.atom").text)  # noqa: S314 - our own
    assert feed.findall(f"{ATOM}entry") == []


def test_anybody_reads_what_a_version_changed(app: Flask, client: FlaskClient) -> None:
    difference = Difference()
    difference.note(7, None, {"n": "Newcomer", "t": "Hand Cannon"})
    difference.note(8, {"n": "Old", "T": [4284893193, 140]}, {"n": "New", "T": [4284893193, 180]})
    difference.note(9, {"n": "Classified", "z": True}, {"n": "The Stag"})
    tell(app, difference)
    first = client.get("/database/changes").text
    assert "Newcomer" in first
    assert "Hand Cannon" in first
    assert 'data-item-hash="7"' in first
    assert "Was: Old" not in first
    renamed = client.get("/database/changes?kind=renamed").text
    assert "Old, now New" in renamed or "Was: Old" in renamed
    assert "140, now 180" in client.get("/database/changes?kind=restatted").text
    open_now = client.get("/database/changes?kind=reclassified").text
    assert "No longer classified" in open_now
    assert "Was: Classified" in open_now


class WithStats(FakeDefinitions):
    """Definitions with one stat that has a name and one that has none."""

    def stat(self, stat_hash: int) -> StatDefinition | None:
        return StatDefinition(stat_hash, name="Range" if stat_hash == 5 else "")


def test_stats_that_the_game_shows_nowhere_are_not_told_by_number(app: Flask) -> None:
    news = (
        ItemNews("restatted", 1, "Coat", "", "", {"6": [3, 4]}),
        ItemNews("restatted", 2, "Bow", "", "", {"6": [3, 4], "5": [10, 20]}),
    )
    change = VersionChange(1, "one", "two", utc_now(), {"restatted": 2})
    found = ChangesPage((change,), change, "restatted", NewsPage(news, 1, 1), WithStats())
    with app.test_request_context():
        coat, bow = changes_view(found, utc_now(), str).items
        assert [str(note) for note in coat.notes] == ["A stat that the game hides"]
        assert bow.notes == ("Range: 10, now 20",)


def test_long_lists_come_in_pages_and_no_item_is_lost(app: Flask, client: FlaskClient) -> None:
    difference = Difference()
    for each in range(1, 131):
        difference.note(each, None, {"n": f"Item {each:03}"})
    tell(app, difference)
    pages = [client.get(f"/database/changes?kind=added&page={each}").text for each in (1, 2, 3)]
    found = [each for each in range(1, 131) for page in pages if f'data-item-hash="{each}"' in page]
    assert found == list(range(1, 131))
    assert "Page 3 of 3" in pages[2]
    assert client.get("/database/changes?kind=added&page=99").text.count("data-item-hash") == 10


@pytest.mark.parametrize("query", ["page=x", "page=-5", "kind=nonsense", "kind=", "page=99999999999999999999"])
def test_an_odd_question_gets_the_plain_page(app: Flask, client: FlaskClient, query: str) -> None:
    difference = Difference()
    difference.note(7, None, {"n": "Newcomer"})
    tell(app, difference)
    answer = client.get(f"/database/changes?{query}")
    assert answer.status_code == 200
    assert "Newcomer" in answer.text


def test_a_version_that_nobody_knows_is_not_found(client: FlaskClient) -> None:
    assert client.get("/database/changes?version=99").status_code == 404


def test_hostile_names_are_letters_in_the_page_and_in_the_feed(app: Flask, client: FlaskClient) -> None:
    difference = Difference()
    difference.note(7, None, {"n": HOSTILE, "t": HOSTILE})
    tell(app, difference, version="<v>")
    page = client.get("/database/changes").text
    assert "<script>alert" not in page
    feed = ET.fromstring(client.get("/database/changes.atom").data)  # noqa: S314 - our own
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}title") == "<v>: Added 1"
    assert "<script>alert(1)</script>&{{7*7}}" in (entry.findtext(f"{ATOM}content") or "")


def test_the_feed_has_whole_addresses_and_is_not_sent_twice(app: Flask, client: FlaskClient) -> None:
    difference = Difference()
    difference.note(7, None, {"n": "Newcomer"})
    tell(app, difference)
    answer = client.get("/database/changes.atom")
    assert answer.mimetype == "application/atom+xml"
    feed = ET.fromstring(answer.text)  # noqa: S314 - our own
    place = feed.findtext(f"{ATOM}entry/{ATOM}id") or ""
    assert place.startswith("http://localhost/database/changes?version=")
    assert "Newcomer" in client.get(place.removeprefix("http://localhost")).text
    again = client.get("/database/changes.atom", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_command_tells_the_newest_version_or_the_one_that_is_named(app: Flask) -> None:
    def run(*words: str) -> Result:
        return app.test_cli_runner().invoke(manifest, ["changes", *words])

    assert "No new version" in run().output
    for name, version in (("First", "two"), ("Second", "three")):
        difference = Difference()
        difference.note(7, None, {"n": name})
        tell(app, difference, version)
    newest = run().output
    assert "one -> three" in newest
    assert "  Second (7)" in newest
    assert "First (7)" in run("--version", "two").output
    unknown = run("--version", "nine")
    assert unknown.exit_code == 1
    assert "three" in unknown.output
