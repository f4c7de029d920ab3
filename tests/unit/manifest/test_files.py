"""The index, the JSON form of a table, the paths that may be fetched, and what counts as sane."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.manifest.components import is_object, json_rows
from app.manifest.errors import BadContent, NotSane, Refused, TooBig
from app.manifest.fetch import check_path
from app.manifest.index import read_index
from app.manifest.plans import BUCKET, ITEM
from app.manifest.sanity import TableReport, check_switch, check_table
from app.manifest.versions import VersionInfo

PATH = "/common/destiny2_content/sqlite/en/world_sql_content_d135ee140f1e3bb665c791eb7bad3729.content"


def index(version: str = "1", **paths: Any) -> dict[str, Any]:
    return {"version": version, "mobileWorldContentPaths": {"en": PATH}, **paths}


def test_the_index_tells_the_archive_of_each_language() -> None:
    found = read_index(index(jsonWorldComponentContentPaths={"de": {ITEM: "/common/destiny2_content/json/de/x.json"}}))
    assert found.version == "1"
    assert found.files("en").archive == found.files("en").path == PATH
    assert found.files("de").archive == ""
    assert found.files("de").path.endswith("x.json")


def test_a_new_path_is_a_new_version_and_a_new_version_string_is_not() -> None:
    digest = read_index(index()).files("en").digest()
    assert read_index(index(version="2")).files("en").digest() == digest
    other = index() | {"mobileWorldContentPaths": {"en": PATH.replace("d135", "d136")}}
    assert read_index(other).files("en").digest() != digest


def test_a_new_file_of_one_table_is_a_new_version_of_a_language_without_archive() -> None:
    def digest(path: str) -> str:
        return read_index({"jsonWorldComponentContentPaths": {"de": {ITEM: "/a", BUCKET: path}}}).files("de").digest()

    assert digest("/b") == digest("/b") != digest("/c")


def test_a_version_that_no_table_has_room_for_is_told_as_far_as_it_can_be() -> None:
    assert read_index(index(version="V" * 500)).version == "V" * 80
    assert read_index(index(version="a\0b\n")).version == "ab\n"
    assert read_index(index() | {"version": 7}).version == ""


@pytest.mark.parametrize("path", [f"{PATH}\0", "/common/destiny2_content/" + "a" * 1024])
def test_a_path_that_cannot_be_told_is_none(path: str) -> None:
    with pytest.raises(BadContent):
        read_index(index(mobileWorldContentPaths={"en": path})).files("en")


@pytest.mark.parametrize("response", [None, [], "x", 5])
def test_what_is_no_index_is_refused(response: object) -> None:
    with pytest.raises(BadContent):
        read_index(response)


@pytest.mark.parametrize(
    "response",
    [
        {},
        index(mobileWorldContentPaths=None),
        index(mobileWorldContentPaths={"en": 5}),
        index(mobileWorldContentPaths=[]),
    ],
)
def test_a_language_that_the_index_does_not_name_is_a_sentence(response: dict[str, Any]) -> None:
    with pytest.raises(BadContent, match="'en'"):
        read_index(response).files("en")


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/x", "http://evil.example/common/destiny2_content/x", "https:evil", "file:///etc/passwd",
        "/common/destiny2_content/../../etc/passwd", "/common/destiny2_content//x", "/Platform/Destiny2/Manifest/",
        "/common/destiny2_content/x?y=1", "/common/destiny2_content/x#y", "@evil.example/x",
        "/common/destiny2_content@evil/x", "/common/destiny2_content/%2e%2e/x", "/common/destiny2_content/x\\y",
        "/common/destiny2_content/x\n", " /common/destiny2_content/x", "", "/", "x", "[::1]/x",
        "/common/destiny2_content/\u202ex", ".evil.example/common/destiny2_content/x",
    ],
)  # fmt: skip
def test_only_plain_paths_of_definitions_are_fetched(path: str) -> None:
    with pytest.raises(Refused):
        check_path(path)


def test_bungies_own_paths_are_fetched() -> None:
    check_path(PATH)
    check_path("/common/destiny2_content/json/zh-cht/DestinyLoreDefinition-77148498-e861-4d4e-848e-00505fb73508.json")


def rows(tmp_path: Path, content: bytes, most_bytes: int = 10_000_000) -> list[tuple[int, Any]]:
    (tmp_path / "file").write_bytes(content)
    return list(json_rows(tmp_path / "file", most_bytes=most_bytes))


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_json_table_is_read_entry_by_entry(tmp_path: Path, pack: Any) -> None:
    content = b'{"347366834":{"hash":347366834,"x":1.5},"4294967295":{"n":null},"text":{},"4294967296":{}}'
    assert rows(tmp_path, pack(content)) == [
        (347366834, {"hash": 347366834, "x": 1.5}), (4294967295, {"n": None}), (-1, {}), (-1, {}),
    ]  # fmt: skip


# Without a time inside: names of tests must be the same in every process.
CUT_OFF = gzip.compress(b'{"1":{}}' * 1000, mtime=0)[:-30]


@pytest.mark.parametrize("content", [b'{"1":{"a":', b"<!doctype html>", b"", b'{"1":{}} trailing', CUT_OFF])
def test_broken_json_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BadContent):
        rows(tmp_path, content)


def test_a_gzip_bomb_stops_at_the_bound(tmp_path: Path) -> None:
    with pytest.raises(TooBig):
        rows(tmp_path, gzip.compress(b'{"1":"' + b"x" * 20_000_000 + b'"}'), most_bytes=1_000_000)


def test_an_object_is_told_from_a_page(tmp_path: Path) -> None:
    for content, expected in ((b' {"1"', True), (gzip.compress(b"{}"), True), (b"<html>", False), (b"[]", False)):
        (tmp_path / "file").write_bytes(content)
        assert is_object(tmp_path / "file") is expected


def test_required_tables_must_have_rows() -> None:
    for table in (ITEM, BUCKET):
        with pytest.raises(NotSane, match="no Inventory"):
            check_table(table, TableReport())
    check_table("DestinySeasonDefinition", TableReport())


def test_rows_without_a_hash_are_taken_for_destiny_1() -> None:
    with pytest.raises(NotSane, match="Destiny 1"):
        check_table(ITEM, TableReport(rows=100, foreign=100))
    check_table(ITEM, TableReport(rows=100, foreign=3))


def test_a_few_unreadable_rows_pass_and_many_do_not() -> None:
    check_table(ITEM, TableReport(rows=1000, unreadable=20))
    with pytest.raises(NotSane, match="21 of 1,000"):
        check_table(ITEM, TableReport(rows=1000, unreadable=21))


def before(counts: dict[str, int], named_items: int = 0) -> VersionInfo:
    return VersionInfo("x-1", "en", "1", "/x", datetime(2026, 6, 16, tzinfo=UTC), counts, named_items=named_items)


def test_a_tenth_of_the_items_may_go_and_no_more() -> None:
    check_switch(before({ITEM: 1000}), {ITEM: 900, BUCKET: 1}, 0)
    with pytest.raises(NotSane, match=r"899 of InventoryItem where 1,000.*--force"):
        check_switch(before({ITEM: 1000}), {ITEM: 899, BUCKET: 1}, 0)


def test_names_must_not_vanish() -> None:
    here = {ITEM: 1000, BUCKET: 1}
    check_switch(before(here, 950), here, 900)
    with pytest.raises(NotSane, match="10 of items with a name where 950"):
        check_switch(before(here, 950), here, 10)


def test_a_small_first_manifest_is_sane() -> None:
    check_switch(None, {ITEM: 1, BUCKET: 1}, 0)


def test_classes_must_not_vanish_but_seasons_may() -> None:
    here = {ITEM: 1, BUCKET: 1}
    check_switch(before({**here, "DestinySeasonDefinition": 28}), here, 0)
    with pytest.raises(NotSane):
        check_switch(before({**here, "DestinyClassDefinition": 3}), here, 0)
