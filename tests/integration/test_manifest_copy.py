"""The copy of the definitions on disk: written beside Redis, read when Redis is away, never a reason to fail."""

from __future__ import annotations

import fcntl
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.manifest.disk import DiskCopies
from app.manifest.errors import CopyTrouble
from app.manifest.keeper import CopyKeeper
from app.manifest.store import DefinitionStore
from app.manifest.versions import VersionInfo, building_key
from config import ManifestSettings
from tests.fixtures.waiting import wait_until
from tests.integration.manifest_support import (
    ACE,
    INDEX,
    ITEM,
    SIGNED,
    VAULT,
    Publisher,
    Rig,
    Served,
    many_items,
    publisher,
    rig,
    small_tables,
)

CLASS = "DestinyClassDefinition"
HUNTER = 671679327


@pytest.fixture
def bungie() -> Iterator[Publisher]:
    with publisher() as published:
        yield published


@pytest.fixture
def copies(tmp_path: Path) -> DiskCopies:
    return DiskCopies(tmp_path / "definitions")


@pytest.fixture
def made(bungie: Publisher, redis_url: str, tmp_path: Path) -> Iterator[Rig]:
    settings = ManifestSettings(copies_dir=tmp_path / "definitions")
    built = rig(bungie.url, redis_url, tmp_path / "runs.sqlite3", settings)
    yield built
    built.close()


@pytest.fixture
def loaded(bungie: Publisher, made: Rig) -> VersionInfo:
    bungie.publish(many_items(1200), "a", version="1")
    assert made.service.refresh("cli").state == "switched"
    info = made.store.current("en")
    assert info
    return info


def cut_off(copies: DiskCopies) -> DefinitionStore:
    """The store of a process that has never seen a Redis."""
    away = redis.Redis(port=9, retry=Retry(NoBackoff(), 0))
    return DefinitionStore(away, keeper=CopyKeeper(away, copies))


def names(store: DefinitionStore, *hashes: int) -> list[str | None]:
    found = store.resolve("en", {ITEM: hashes})
    return [definition.name if (definition := found.item(each)) else None for each in hashes]


def test_a_process_without_redis_names_everything_from_the_copy(loaded: VersionInfo, copies: DiskCopies) -> None:
    found = cut_off(copies).resolve("en", {ITEM: {ACE, SIGNED, 1200, 5_000}})
    vault, hunter = found.bucket(VAULT), found.named(CLASS, HUNTER)
    assert vault
    assert hunter
    assert (vault.capacity, hunter.name) == (500, "Hunter")
    assert [found.item(each) is not None for each in (ACE, SIGNED, 1200, 5_000)] == [True, True, True, False]
    assert (found.version, found.missing, found.degraded, found.cut_off) == (loaded.id, False, True, True)


def test_an_emptied_redis_is_covered_by_the_copy_at_once(made: Rig, loaded: VersionInfo) -> None:
    assert made.names(1) == ["Item 1"]
    made.redis.flushall()
    found = made.store.resolve("en", {ITEM: {1, 2, ACE}})
    assert (found.degraded, found.missing, found.cut_off) == (True, False, False)
    assert made.names(2, ACE) == ["Item 2", "Ace of Spades"]


def test_a_page_of_the_copy_is_all_of_one_version(
    bungie: Publisher, made: Rig, loaded: VersionInfo, copies: DiskCopies
) -> None:
    """The copy may be older than what this process remembers; then nothing that is remembered is mixed in."""
    assert made.names(1) == ["Item 1"]
    tables = many_items(1200)
    for each in (1, 2):
        tables[ITEM][each]["displayProperties"]["name"] = "Newer"
    bungie.publish(tables, "b")
    with (copies._folder / "en.lock").open("wb") as held:  # somebody else of this machine is writing
        fcntl.flock(held, fcntl.LOCK_EX)
        assert made.service.refresh("beat").state == "switched"
    assert made.names(1) == ["Newer"]
    made.redis.flushall()
    assert made.names(1, 2) == ["Item 1", "Item 2"]


def test_an_emptied_redis_is_filled_from_the_copy_without_a_download(
    bungie: Publisher, made: Rig, loaded: VersionInfo
) -> None:
    before = {key: made.redis.hgetall(key) for key in loaded.keys(loaded.tables())}
    made.redis.flushall()
    asked = len(bungie.requests)
    report = made.service.refresh("missing")
    assert (report.state, report.error) == ("unchanged", "")
    assert bungie.requests[asked:] == [INDEX]
    assert {key: made.redis.hgetall(key) for key in loaded.keys(loaded.tables())} == before
    assert {made.redis.ttl(key) for key in before} == {-1}
    assert made.store.current("en") == loaded
    assert made.redis.get(building_key("en")) is None
    assert not made.store.resolve("en", {ITEM: {ACE}}).degraded


def test_an_emptied_redis_is_filled_even_while_bungie_is_down(
    bungie: Publisher, made: Rig, loaded: VersionInfo
) -> None:
    made.redis.flushall()
    bungie.files[INDEX] = Served(b'{"ErrorCode":5,"ErrorStatus":"SystemDisabled"}', 503)
    assert made.service.refresh("missing").state == "failed"
    assert made.names(ACE) == ["Ace of Spades"]
    assert made.store.current("en") == loaded


def test_a_version_that_lost_a_table_is_mended_from_the_copy(bungie: Publisher, made: Rig, loaded: VersionInfo) -> None:
    made.redis.delete(*loaded.keys([ITEM]))
    asked = len(bungie.requests)
    assert made.service.refresh("beat").state == "unchanged"
    assert bungie.requests[asked:] == [INDEX]
    assert made.store.is_whole(loaded)
    assert made.names(1200) == ["Item 1200"]


def test_records_that_redis_got_after_the_switch_are_kept_and_come_back(
    made: Rig, loaded: VersionInfo, copies: DiskCopies
) -> None:
    made.redis.hset(loaded.keys([ITEM])[0], b"777777", b'{"n":"Fetched singly"}')
    (copies._folder / "en.sqlite").unlink()
    made.service.refresh("beat")
    made.redis.flushall()
    made.service.refresh("beat")
    assert made.names(777777, 1) == ["Fetched singly", "Item 1"]


def test_every_switch_replaces_the_copy_and_leaves_one_file_a_language(
    bungie: Publisher, made: Rig, loaded: VersionInfo, copies: DiskCopies
) -> None:
    bungie.publish(many_items(1300), "b", version="2")
    assert made.service.refresh("beat").state == "switched"
    assert names(cut_off(copies), 1300) == ["Item 1300"]
    assert sorted(each.name for each in copies._folder.iterdir()) == ["en.lock", "en.sqlite"]


def test_a_lost_copy_is_written_again_by_a_run_that_finds_nothing_new(
    bungie: Publisher, made: Rig, loaded: VersionInfo, copies: DiskCopies
) -> None:
    (copies._folder / "en.sqlite").unlink()
    asked = len(bungie.requests)
    assert made.service.refresh("beat").state == "unchanged"
    assert bungie.requests[asked:] == [INDEX]
    assert copies.info("en") == loaded
    written = (copies._folder / "en.sqlite").stat().st_ino
    made.service.refresh("beat")
    assert (copies._folder / "en.sqlite").stat().st_ino == written


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 3])


def _scribbled(file: Path) -> None:
    body = bytearray(file.read_bytes())
    body[4096 * 3 :] = b"\xff" * (len(body) - 4096 * 3)
    file.write_bytes(body)


def _foreign(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as database:
        database.executescript("CREATE TABLE about (pointer BLOB); INSERT INTO about VALUES ('{}')")


def _without_pointer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE about SET pointer = x'7b7d'")
        database.commit()


def _of_another_language(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        (pointer,) = database.execute("SELECT pointer FROM about").fetchone()
        database.execute("UPDATE about SET pointer = ?", (pointer.replace(b'"locale":"en"', b'"locale":"de"'),))
        database.commit()


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


BROKEN: list[Callable[[Path], object]] = [
    Path.unlink, _cut, _scribbled, _foreign, _without_pointer, _of_another_language, _folder,
    lambda file: file.write_bytes(b""), lambda file: file.write_bytes(b"<!doctype html>" * 1000),
]  # fmt: skip
BROKEN_IDS = ["gone", "cut", "scribbled", "foreign", "no pointer", "other language", "a folder", "empty", "HTML"]


@pytest.mark.parametrize("harm", BROKEN, ids=BROKEN_IDS)
def test_a_copy_that_cannot_be_read_is_no_reason_to_fail(
    bungie: Publisher, made: Rig, loaded: VersionInfo, copies: DiskCopies, harm: Callable[[Path], object]
) -> None:
    harm(copies._folder / "en.sqlite")
    found = cut_off(copies).resolve("en", {ITEM: {ACE}})
    assert (found.item(ACE), found.missing) == (None, True)
    assert made.names(ACE) == ["Ace of Spades"]
    made.redis.flushall()
    assert made.service.refresh("missing").state == "switched"  # from Bungie, as if there had never been a copy
    assert made.names(ACE) == ["Ace of Spades"]


def test_a_page_that_finds_the_copy_damaged_halfway_shows_what_it_remembers(
    made: Rig, loaded: VersionInfo, copies: DiskCopies
) -> None:
    assert made.names(1) == ["Item 1"]
    made.redis.flushall()
    _scribbled(copies._folder / "en.sqlite")
    assert made.names(1, 2) == ["Item 1", None]


def test_the_copy_has_a_bound_and_passing_it_costs_only_the_copy(
    bungie: Publisher, made: Rig, loaded: VersionInfo, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    small = DiskCopies(tmp_path / "small", most_bytes=64 * 1024)
    with caplog.at_level(logging.WARNING):
        CopyKeeper(made.redis, small).keep(loaded)
    assert "no copy of the definitions in en was kept" in caplog.text
    assert small.info("en") is None
    assert [each.name for each in (tmp_path / "small").iterdir()] == ["en.lock"]


def test_a_folder_that_cannot_be_written_costs_only_the_copy(bungie: Publisher, redis_url: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    settings = ManifestSettings(copies_dir=tmp_path / "file" / "definitions")
    made = rig(bungie.url, redis_url, tmp_path / "runs.sqlite3", settings)
    bungie.publish(small_tables(), "a")
    assert made.service.refresh("cli").state == "switched"
    assert made.names(ACE) == ["Ace of Spades"]
    made.close()


def test_a_version_that_vanishes_while_it_is_copied_does_not_replace_the_good_copy(
    made: Rig, loaded: VersionInfo, copies: DiskCopies
) -> None:
    gone = replace(loaded, id="another-build")
    with pytest.raises(CopyTrouble, match="incomplete"):
        copies.save(gone, ((table, iter(())) for table in gone.tables()))
    assert copies.info("en") == loaded
    assert not (copies._folder / "en.new").exists()


def test_what_a_killed_process_left_of_a_copy_is_replaced_by_the_next(
    bungie: Publisher, made: Rig, loaded: VersionInfo, copies: DiskCopies
) -> None:
    (copies._folder / "en.new").write_bytes(b"half a file")
    bungie.publish(many_items(1300), "b")
    made.service.refresh("beat")
    assert not (copies._folder / "en.new").exists()
    assert names(cut_off(copies), 1300) == ["Item 1300"]


def test_a_copy_is_on_the_disk_before_it_gets_its_name(
    made: Rig, loaded: VersionInfo, copies: DiskCopies, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    sync, rename = os.fsync, os.replace

    def synced(handle: int) -> None:
        file = Path(f"/proc/self/fd/{handle}").readlink()
        events.append(f"sync {file.name}")
        sync(handle)

    def renamed(source: str, target: str) -> None:
        events.append(f"rename {Path(target).name}")
        rename(source, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", renamed)
    (copies._folder / "en.sqlite").unlink()
    made.store.keep_copy(loaded)
    assert events == ["sync en.new", "rename en.sqlite", "sync definitions"]


def test_a_web_process_makes_its_own_copy_where_no_refresh_has_written_one(
    made: Rig, loaded: VersionInfo, tmp_path: Path
) -> None:
    now = [0.0]
    here = DiskCopies(tmp_path / "another machine")
    web = DefinitionStore(made.redis, keeper=CopyKeeper(made.redis, here, patience_s=60, monotonic=lambda: now[0]))
    web.resolve("en", {ITEM: {ACE}})
    now[0] = 59.0
    web.resolve("en", {ITEM: {ACE}})
    assert not (tmp_path / "another machine").exists()  # a refresh on this machine is given a minute
    now[0] = 61.0
    web.resolve("en", {ITEM: {ACE}})
    wait_until(lambda: here.info("en") == loaded, "the copy is written beside the pages", limit_s=5)
    made.redis.flushall()
    assert names(web, 1200) == ["Item 1200"]


def test_one_process_of_a_machine_copies_and_the_others_leave_it_to_it(
    made: Rig, loaded: VersionInfo, tmp_path: Path
) -> None:
    here = DiskCopies(tmp_path / "shared")
    inner: list[bool] = []

    def rows() -> Iterator[tuple[int, bytes]]:
        inner.append(DiskCopies(tmp_path / "shared").save(loaded, ()))
        yield from ((each, b"{}") for each in range(2000))

    assert here.save(loaded, ((table, rows()) for table in loaded.tables()))
    assert inner
    assert set(inner) == {False}
