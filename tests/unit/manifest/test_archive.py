"""Archives and databases that are not what they should be are refused; good ones are read row by row."""

from __future__ import annotations

import sqlite3
import struct
import zipfile
from pathlib import Path

import pytest

from app.manifest.archive import Database, unpack
from app.manifest.errors import BadArchive, BadContent, TooBig
from tests.integration.manifest_support import ACE, BUCKET, ITEM, SIGNED, database, small_tables, zipped

MIB = 1024 * 1024


def unpacked(tmp_path: Path, archive: bytes, most_bytes: int = 64 * MIB, most_ratio: float = 50.0) -> Path:
    (tmp_path / "archive").write_bytes(archive)
    into = tmp_path / "database"
    unpack(tmp_path / "archive", into, most_bytes=most_bytes, most_ratio=most_ratio, on_bytes=lambda _: None)
    return into


def test_one_member_is_unpacked_whatever_its_name(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "made", "w") as made:
        made.writestr("../../etc/passwd", b"content")
    assert unpacked(tmp_path, (tmp_path / "made").read_bytes()).read_bytes() == b"content"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["archive", "database", "made"]


@pytest.mark.parametrize(
    "archive",
    [
        b"", b"<!doctype html><title>Maintenance</title>", zipped(), zipped(b"one", b"two"), zipped(b"x" * MIB)[:-40],
        zipped(b"x" * 9_000)[:60] + b"garbage",
    ],
    ids=["empty", "HTML", "no member", "two members", "truncated", "garbage"],
)  # fmt: skip
def test_what_is_not_one_intact_member_is_refused(tmp_path: Path, archive: bytes) -> None:
    with pytest.raises(BadArchive):
        unpacked(tmp_path, archive)


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "made", "w") as made:
        made.mkdir("world")
    with pytest.raises(BadArchive):
        unpacked(tmp_path, (tmp_path / "made").read_bytes())


def test_a_damaged_content_is_refused(tmp_path: Path) -> None:
    archive = bytearray(zipped(bytes(range(256)) * 400))
    archive[200] ^= 0xFF
    with pytest.raises(BadArchive):
        unpacked(tmp_path, bytes(archive))


def test_more_bytes_than_allowed_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TooBig):
        unpacked(tmp_path, zipped(b"x" * 3000), most_bytes=2999)
    assert unpacked(tmp_path, zipped(b"x" * 3000), most_bytes=3000).stat().st_size == 3000


def test_a_bomb_is_refused_by_its_ratio_before_it_fills_the_disk(tmp_path: Path) -> None:
    with pytest.raises(TooBig):
        unpacked(tmp_path, zipped(b"\0" * 32 * MIB))
    assert not (tmp_path / "database").exists()


@pytest.mark.parametrize("told", [1, 3 * MIB])
def test_an_archive_that_lies_about_its_size_is_refused(tmp_path: Path, told: int) -> None:
    """The size is told twice, in the local and in the central header; zipfile believes the central one."""
    content = b"\0" * 2 * MIB
    archive = zipped(content).replace(struct.pack("<I", len(content)), struct.pack("<I", told))
    with pytest.raises(BadArchive):
        unpacked(tmp_path, archive)


def opened(tmp_path: Path, content: bytes) -> Database:
    (tmp_path / "world").write_bytes(content)
    return Database(tmp_path / "world")


def test_rows_come_with_unsigned_hashes(tmp_path: Path) -> None:
    world = opened(tmp_path, database(small_tables()))
    assert {each: raw["displayProperties"]["name"] for each, raw in world.rows(ITEM)} == {
        ACE: "Ace of Spades",
        SIGNED: "Signed",
    }
    world.close()


def test_tables_that_are_absent_or_have_text_keys_have_no_rows(tmp_path: Path) -> None:
    world = opened(tmp_path, database(small_tables()))
    assert list(world.rows("DestinyHistoricalStatsDefinition")) == []
    assert list(world.rows("DestinyNothingDefinition")) == []
    world.close()


def test_a_row_that_is_no_json_comes_as_none(tmp_path: Path) -> None:
    world = opened(tmp_path, database({ITEM: {1: "{broken", 2: "{}", 3: "[" * 100_000}, BUCKET: {}}))
    assert list(world.rows(ITEM)) == [(1, None), (2, {}), (3, None)]
    world.close()


@pytest.mark.parametrize("content", [b"", b"<!doctype html>", b"SQLite format 3\0" + b"\xff" * 4096])
def test_what_is_no_database_is_refused_or_empty(tmp_path: Path, content: bytes) -> None:
    try:
        world = opened(tmp_path, content)
    except BadContent:
        return
    assert list(world.rows(ITEM)) == []
    world.close()


def test_a_damaged_page_in_the_middle_is_a_sentence(tmp_path: Path) -> None:
    tables = {ITEM: {each: {"name": "x" * 500} for each in range(1, 2000)}}
    content = bytearray(database(tables))
    content[40_960 : len(content) - 8192] = b"\xa5" * (len(content) - 8192 - 40_960)
    world = opened(tmp_path, bytes(content))
    with pytest.raises(BadContent):
        list(world.rows(ITEM))
    world.close()


def test_a_view_that_poses_as_a_table_is_not_read(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "posing")
    connection.execute(f"CREATE VIEW [{ITEM}] AS SELECT 1 AS id, '{{}}' AS json")
    connection.commit()
    connection.close()
    world = Database(tmp_path / "posing")
    assert list(world.rows(ITEM)) == []
    world.close()
