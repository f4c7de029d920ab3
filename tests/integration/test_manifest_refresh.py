"""A refresh against a publisher on the loopback: what it takes, what it refuses, and that the old version serves on."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from app.manifest.anchors import SENTINELS
from app.manifest.fetch import FetchLimits
from app.manifest.plans import STORED
from config import ManifestSettings
from tests.integration.manifest_support import (
    ACE,
    BUCKET,
    INDEX,
    ITEM,
    SIGNED,
    VAULT,
    Publisher,
    Rig,
    Served,
    Tables,
    database,
    item,
    many_items,
    publisher,
    rig,
    small_tables,
    zipped,
)
from tests.shared import ROOT, requires_shared, shared_dir

MIB = 1024 * 1024
KINETIC = 1498876634  # where the items of `many_items` lie


@pytest.fixture
def bungie() -> Iterator[Publisher]:
    with publisher() as published:
        yield published


@pytest.fixture
def made(bungie: Publisher, redis_url: str, tmp_path: Path) -> Iterator[Rig]:
    built = rig(bungie.url, redis_url, tmp_path / "runs.sqlite3")
    yield built
    built.close()


def stored_versions(made: Rig, locale: str = "en") -> set[str]:
    return {key.decode().split(":")[2] for key in made.redis.scan_iter(f"m:{locale}:*")}


def test_the_first_manifest_is_taken_however_small(bungie: Publisher, made: Rig) -> None:
    path = bungie.publish(small_tables(), "a", version="55")
    report = made.service.refresh("cli")
    assert (report.state, report.error) == ("switched", "")
    assert (report.version_from, report.version_to, report.path) == ("", "55", path)
    assert report.counts[ITEM] == 2
    assert (report.rows_read, report.records_written) == (4, 5)  # each row a record, and the index to find items by
    assert report.bytes_downloaded == len(bungie.files[path].body)
    assert made.names(ACE, SIGNED, 5) == ["Ace of Spades", "Signed", None]
    found = made.store.resolve("en", {})
    vault, hunter = found.bucket(VAULT), found.named("DestinyClassDefinition", 671679327)
    assert vault
    assert hunter
    assert (vault.capacity, hunter.name) == (500, "Hunter")


def test_the_key_goes_to_the_index_only(bungie: Publisher, made: Rig) -> None:
    bungie.publish(small_tables(), "a")
    made.service.refresh("cli")
    keys = [head.get("X-API-Key") for head in bungie.heads]
    assert keys == ["sandbox-key", None]
    assert all("DestinyVaultRaider" in head["User-Agent"] for head in bungie.heads)
    assert all("Cookie" not in head for head in bungie.heads)


def test_an_unchanged_version_costs_one_request_and_no_write(bungie: Publisher, made: Rig) -> None:
    bungie.publish(small_tables(), "a", version="1")
    made.service.refresh("cli")
    before, version = len(bungie.requests), stored_versions(made)
    bungie.index["version"] = "2"  # Bungie's version string may change while the files stay
    report = made.service.refresh("beat")
    assert report.state == "unchanged"
    assert bungie.requests[before:] == [INDEX]
    assert stored_versions(made) == version


def test_a_new_path_switches_and_the_old_version_goes_after_its_time(bungie: Publisher, made: Rig) -> None:
    bungie.publish(small_tables(), "a", version="1")
    made.service.refresh("cli")
    (old,) = stored_versions(made)
    bungie.publish(
        {**small_tables(), ITEM: {ACE: item(ACE, "Ace (Reprised)"), SIGNED: item(SIGNED, "S")}}, "b", version="2"
    )
    report = made.service.refresh("beat")
    assert (report.state, report.version_from, report.version_to) == ("switched", "1", "2")
    assert made.names(ACE) == ["Ace (Reprised)"]
    (new,) = stored_versions(made) - {old}
    lifetimes = {
        version: {made.redis.ttl(key) for key in made.redis.scan_iter(f"m:en:{version}:*")} for version in (old, new)
    }
    assert lifetimes[new] == {-1}
    assert all(3500 < each <= 3600 for each in lifetimes[old])


def test_definitions_that_redis_lost_are_built_again(bungie: Publisher, made: Rig) -> None:
    bungie.publish(small_tables(), "a")
    made.service.refresh("cli")
    (key,) = made.redis.scan_iter(f"m:en:*:{ITEM}")
    made.redis.delete(key)
    assert made.service.refresh("beat").state == "switched"
    assert made.names(ACE) == ["Ace of Spades"]


def test_force_builds_the_same_files_again(bungie: Publisher, made: Rig) -> None:
    bungie.publish(small_tables(), "a")
    made.service.refresh("cli")
    assert made.service.refresh("cli", force=True).state == "switched"
    assert made.names(ACE) == ["Ace of Spades"]


# --- refusals: each starts from a good version, which must still be there afterwards ------------------------------


@pytest.fixture
def loaded(bungie: Publisher, made: Rig) -> Rig:
    bungie.publish(many_items(100), "good", version="good")
    assert made.service.refresh("cli").state == "switched"
    return made


def assert_refused(loaded: Rig, saying: str) -> None:
    """The next refresh fails with this in its sentence, the old names stay, and nothing is left lying about."""
    versions = stored_versions(loaded)
    report = loaded.service.refresh("beat")
    assert report.state == "failed"
    assert saying in report.error
    assert loaded.names(ACE) == ["Ace of Spades"]
    assert stored_versions(loaded) == versions
    assert list(loaded.folder.iterdir()) == []
    assert loaded.lock.owner() is None


def test_a_bomb_is_refused(bungie: Publisher, loaded: Rig) -> None:
    path = bungie.publish(small_tables(), "bomb")
    bungie.files[path] = Served(zipped(b"\0" * 32 * MIB))
    assert_refused(loaded, "would unpack to")


def test_a_transfer_bomb_is_stopped_at_the_bound(bungie: Publisher, loaded: Rig) -> None:
    path = bungie.publish(small_tables(), "bomb")
    body = gzip.compress(b"\0" * 80 * MIB, 9)
    bungie.files[path] = Served(body, headers={"Content-Encoding": "gzip"})
    assert_refused(loaded, "bytes that are allowed")


_MEASURED = """
import sys, tempfile
from pathlib import Path
from tests.integration.manifest_support import rig

def mib(name):
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(lines[name].split()[0]) // 1024

made = rig(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
made.service.runs(1)
idle = mib("VmRSS")
report = made.service.refresh("beat")
print(report.state, mib("VmHWM") - idle)
"""


@pytest.mark.parametrize("kind", ["archive", "transfer"])
def test_a_bomb_costs_less_than_64_mebibytes_of_memory(
    bungie: Publisher, redis_url: str, tmp_path: Path, kind: str
) -> None:
    path = bungie.publish(small_tables(), "bomb")
    zeros = b"\0" * 160 * MIB
    if kind == "archive":
        bungie.files[path] = Served(zipped(zeros))
    else:
        bungie.files[path] = Served(gzip.compress(zeros, 1), headers={"Content-Encoding": "gzip"})
    command = [sys.executable, "-c", _MEASURED, bungie.url, redis_url, str(tmp_path / "runs.sqlite3")]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60).stdout.split()
    assert told[0] == "failed"
    assert int(told[1]) < 64


def test_two_members_are_refused(bungie: Publisher, loaded: Rig) -> None:
    path = bungie.publish(small_tables(), "two")
    bungie.files[path] = Served(zipped(database(small_tables()), b"more"))
    assert_refused(loaded, "exactly one")


def test_a_truncated_archive_is_refused(bungie: Publisher, loaded: Rig) -> None:
    path = bungie.publish(small_tables(), "cut")
    bungie.files[path] = Served(bungie.files[path].body[:-30])
    assert_refused(loaded, "damaged")


def test_a_download_that_breaks_off_is_refused(bungie: Publisher, loaded: Rig) -> None:
    path = bungie.publish(small_tables(), "half")
    body = bungie.files[path].body

    def half(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[: len(body) // 2])
        handler.close_connection = True

    bungie.files[path] = Served(b"", behave=half)
    assert_refused(loaded, "cannot be reached")


def test_html_in_place_of_an_archive_is_refused(bungie: Publisher, loaded: Rig) -> None:
    path = bungie.publish(small_tables(), "html")
    bungie.files[path] = Served(b"<!doctype html><h1>Maintenance</h1>", headers={"Content-Type": "text/html"})
    assert_refused(loaded, "no archive at all")


def test_a_file_that_stays_missing_is_refused_after_three_tries(bungie: Publisher, loaded: Rig) -> None:
    path = bungie.publish(small_tables(), "gone")
    del bungie.files[path]
    before = len(bungie.requests)
    assert_refused(loaded, "404")
    tries = bungie.requests[before + 1 :]
    assert tries[0] == path
    assert len(set(tries)) == 3


def test_a_404_that_the_cdn_remembers_is_asked_round(bungie: Publisher, loaded: Rig) -> None:
    path = bungie.publish(many_items(100), "late")
    good = bungie.files.pop(path)
    bungie.files[path] = Served(b"", 404)
    bungie.answer = lambda asked: good if asked.startswith(f"{path}?") else Publisher.answer(bungie, asked)  # type: ignore[method-assign]
    assert loaded.service.refresh("beat").state == "switched"


@pytest.mark.parametrize(("status", "saying"), [(500, "500"), (403, "403"), (520, "520")])
def test_an_error_page_is_refused(bungie: Publisher, loaded: Rig, status: int, saying: str) -> None:
    path = bungie.publish(small_tables(), "error")
    bungie.files[path] = Served(b"<html>", status)
    assert_refused(loaded, saying)


def test_a_redirect_to_another_host_is_not_followed(bungie: Publisher, loaded: Rig) -> None:
    with publisher() as other:
        path = bungie.publish(many_items(100), "moved")
        other.files[path] = bungie.files[path]
        bungie.files[path] = Served(b"", 302, {"Location": other.url + path})
        assert_refused(loaded, "another host")
        assert other.requests == []


def test_a_redirect_on_the_same_host_is_followed(bungie: Publisher, loaded: Rig) -> None:
    path, moved = bungie.publish(many_items(100), "here"), "/common/destiny2_content/sqlite/en/there.content"
    bungie.files[moved] = bungie.files[path]
    bungie.files[path] = Served(b"", 302, {"Location": moved})
    assert loaded.service.refresh("beat").state == "switched"


def test_a_redirect_out_of_the_folder_is_not_followed(bungie: Publisher, loaded: Rig) -> None:
    path = bungie.publish(small_tables(), "out")
    bungie.files[path] = Served(b"", 302, {"Location": "/Platform/User/"})
    before = len(bungie.requests)
    assert_refused(loaded, "outside the folder")
    assert bungie.requests[before:] == [INDEX, path]


def test_a_circle_of_redirects_ends(bungie: Publisher, loaded: Rig) -> None:
    path = bungie.publish(small_tables(), "circle")
    bungie.files[path] = Served(b"", 302, {"Location": path})
    assert_refused(loaded, "circles")


@pytest.mark.parametrize(
    "path", ["//evil.example/x", "http://127.0.0.1:1/x", "/common/destiny2_content/../x", "@x", ".x"]
)
def test_hostile_paths_send_no_request(bungie: Publisher, loaded: Rig, path: str) -> None:
    bungie.index["mobileWorldContentPaths"]["en"] = path
    before = len(bungie.requests)
    assert_refused(loaded, "not fetched")
    assert bungie.requests[before:] == [INDEX]


@pytest.mark.parametrize("table", [ITEM, BUCKET])
def test_a_missing_table_is_refused(bungie: Publisher, loaded: Rig, table: str) -> None:
    tables = many_items(100)
    del tables[table]
    bungie.publish(tables, "missing")
    assert_refused(loaded, "at all")


def test_half_the_items_gone_is_refused_and_force_takes_it(bungie: Publisher, loaded: Rig) -> None:
    bungie.publish(many_items(50), "half")
    assert_refused(loaded, "only 52 of InventoryItem where 102 were before")
    assert loaded.service.refresh("cli", force=True).state == "switched"
    assert loaded.names(99) == [None]


def test_items_that_lost_their_names_are_refused(bungie: Publisher, loaded: Rig) -> None:
    tables = many_items(100)
    for each in range(1, 21):
        tables[ITEM][each] = {"displayProperties": {"title": "moved"}, "hash": each}
    bungie.publish(tables, "nameless")
    assert_refused(loaded, "82 of items with a name where 102 were before")


def test_as_many_but_other_items_are_refused(bungie: Publisher, loaded: Rig) -> None:
    tables = many_items(100)
    tables[ITEM] = {each: tables[ITEM][each] for each in (*range(31, 101), ACE, SIGNED)}
    tables[ITEM] |= {each: item(each, "Another") for each in range(5001, 5031)}
    bungie.publish(tables, "others")
    assert_refused(loaded, "30 of 102 items of the version before are not among the new definitions")
    assert loaded.service.refresh("cli", force=True).state == "switched"


def test_a_row_whose_number_cannot_be_its_own_is_refused(bungie: Publisher, loaded: Rig) -> None:
    tables = many_items(100)
    tables[ITEM][2**53 + 205] = item(205, "Whose low bits are its hash")
    bungie.publish(tables, "huge")
    assert_refused(loaded, "carry a number that cannot be theirs")


def test_the_rows_of_another_table_are_refused(bungie: Publisher, loaded: Rig) -> None:
    tables = many_items(100)
    bungie.publish(tables | {BUCKET: tables[ITEM]}, "swapped")
    assert_refused(loaded, "1 buckets that items lie in")


@pytest.fixture
def anchored(bungie: Publisher, made: Rig) -> Tables:
    """What every page counts on is in use: the well-known definitions, and the bucket that items lie in."""
    tables = many_items(100)
    for table, hashes in SENTINELS.items():
        tables[table] = {each: {"displayProperties": {"name": "Known"}, "hash": each} for each in hashes}
        tables[table] |= {each: {"displayProperties": {"name": "More"}, "hash": each} for each in range(1, 61)}
    tables[BUCKET] = {each: {"displayProperties": {"name": "Place"}, "hash": each} for each in (*range(1, 61), VAULT)}
    tables[BUCKET][KINETIC] = {"displayProperties": {"name": "Kinetic"}, "hash": KINETIC}
    bungie.publish(tables, "anchored", version="good")
    assert made.service.refresh("cli").state == "switched"
    return tables


LOST = [(table, each) for table, hashes in SENTINELS.items() for each in hashes] + [(BUCKET, KINETIC), (BUCKET, VAULT)]


def test_twenty_well_known_definitions_and_every_bucket_that_items_lie_in_have_to_stay(
    bungie: Publisher, made: Rig, anchored: Tables
) -> None:
    assert len(LOST) == 22
    for table, lost in LOST:
        bungie.publish(
            anchored | {table: {key: row for key, row in anchored[table].items() if key != lost}}, f"l{lost}"
        )
        assert_refused(made, "what every page counts on")
    unplaced = {key: row for key, row in anchored[BUCKET].items() if key != 5}  # nothing ever lay in that one
    bungie.publish(anchored | {BUCKET: unplaced}, "unplaced")
    assert made.service.refresh("beat").state == "switched"


def test_an_operator_may_insist_on_definitions_without_a_bucket(bungie: Publisher, made: Rig, anchored: Tables) -> None:
    del anchored[BUCKET][KINETIC]
    bungie.publish(anchored, "insisted")
    assert made.service.refresh("cli").state == "failed"
    assert made.service.refresh("cli", force=True).state == "switched"


def test_force_does_not_take_what_has_no_items(bungie: Publisher, loaded: Rig) -> None:
    bungie.publish({BUCKET: small_tables()[BUCKET]}, "none")
    assert loaded.service.refresh("cli", force=True).state == "failed"
    assert loaded.names(ACE) == ["Ace of Spades"]


def test_many_unreadable_rows_are_refused(bungie: Publisher, loaded: Rig) -> None:
    tables = many_items(100)
    tables[ITEM] |= dict.fromkeys(range(1, 20), "{broken")
    bungie.publish(tables, "broken")
    assert_refused(loaded, "19 of 102 rows of InventoryItem cannot be read")


def test_odd_rows_are_definitions_with_few_facts(bungie: Publisher, loaded: Rig) -> None:
    tables = many_items(100)
    tables[ITEM] |= {
        1: {"displayProperties": None, "hash": 1},
        2: {"displayProperties": {"name": 5}, "inventory": [], "hash": 2},
        3: {"hash": 3},
        4: "null",
    }
    bungie.publish(tables, "odd")
    assert loaded.service.refresh("beat").state == "switched"
    assert loaded.names(1, 2, 3, 4) == ["", "", "", None]


def test_an_archive_without_a_database_is_refused(bungie: Publisher, loaded: Rig) -> None:
    path = bungie.publish(small_tables(), "text")
    bungie.files[path] = Served(zipped(b"just some text " * 500))
    assert_refused(loaded, "cannot be read")


@pytest.mark.parametrize(
    ("served", "saying"),
    [
        (Served(b'{"ErrorCode":5,"ErrorStatus":"SystemDisabled"}', 503), "maintenance"),
        (Served(b'{"ErrorCode":2101,"ErrorStatus":"ApiInvalidOrExpiredKey"}', 401), "registration"),
        (Served(b"<html>Back soon</html>", 200), "Bungie.net is down"),
        (Served(b'{"Response":5,"ErrorCode":1}'), "not an object"),
        (Served(b"\0" * 9 * MIB), "far larger"),
        (Served(b"", 302, {"Location": "http://127.0.0.1:1/"}), "Bungie.net"),
    ],
    ids=["maintenance", "key", "HTML", "number", "huge", "redirect"],
)
def test_an_index_that_is_none_is_a_sentence(bungie: Publisher, loaded: Rig, served: Served, saying: str) -> None:
    bungie.files[INDEX] = served
    assert_refused(loaded, saying)


def test_a_bare_index_is_as_good_as_an_envelope(bungie: Publisher, loaded: Rig) -> None:
    bungie.publish(many_items(101), "bare")
    bungie.files[INDEX] = Served(json.dumps(bungie.index).encode())
    assert loaded.service.refresh("beat").state == "switched"


def test_bungie_away_is_a_sentence(redis_url: str, tmp_path: Path) -> None:
    made = rig("http://127.0.0.1:1", redis_url, tmp_path / "runs.sqlite3")
    report = made.service.refresh("beat")
    assert (report.state, "cannot be reached" in report.error) == ("failed", True)
    made.close()


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Slow: "])
def test_a_dripping_download_ends_with_the_deadline(
    bungie: Publisher, redis_url: str, tmp_path: Path, head: bytes
) -> None:
    path = bungie.publish(small_tables(), "drip")

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(head)
        for _ in range(100):
            handler.wfile.write(b"x")
            time.sleep(0.05)

    bungie.files[path] = Served(b"", behave=drip)
    made = rig(bungie.url, redis_url, tmp_path / "runs.sqlite3", limits=FetchLimits(total_s=0.6))
    started = time.monotonic()
    report = made.service.refresh("beat")
    assert time.monotonic() - started < 3
    assert "too slow" in report.error
    made.close()


@requires_shared
def test_destiny_1_is_refused_politely(bungie: Publisher, loaded: Rig) -> None:
    shared = shared_dir()
    assert shared
    (archive,) = (shared / "samples/d1").glob("world_sql_content_*.content")
    path = bungie.publish(small_tables(), "d1")
    bungie.files[path] = Served(archive.read_bytes())
    assert_refused(loaded, "not Destiny 2's definitions")


# --- languages -----------------------------------------------------------------------------------------------------


def test_a_language_without_archive_is_built_from_json_files_alike(
    bungie: Publisher, redis_url: str, tmp_path: Path
) -> None:
    tables = many_items(600)
    tables[ITEM][SIGNED] = item(
        SIGNED, "Hostile </script> \u202e 試", itemType=3, stats={"stats": {"5": {"value": 2.0}}}
    )
    bungie.publish(tables, "x", locale="en")
    bungie.publish_components(tables, "x", locale="de")
    made = rig(bungie.url, redis_url, tmp_path / "runs.sqlite3", ManifestSettings(locales=("en", "de")))
    report = made.service.refresh("cli")
    assert report.state == "switched"
    versions = {locale: made.store.current(locale) for locale in ("en", "de")}
    contents = []
    for locale, info in versions.items():
        assert info, locale
        contents.append({table: made.redis.hgetall(info.keys([table])[0]) for table in STORED})
    assert contents[0] == contents[1]
    assert len(contents[0][ITEM]) == 602
    assert made.service.refresh("beat").state == "unchanged"
    made.close()


def test_one_bad_language_does_not_stop_the_other(bungie: Publisher, redis_url: str, tmp_path: Path) -> None:
    bungie.publish(small_tables(), "x", locale="en")
    made = rig(bungie.url, redis_url, tmp_path / "runs.sqlite3", ManifestSettings(locales=("fr", "en")))
    report = made.service.refresh("cli")
    assert report.state == "failed"
    assert "fr: Bungie's index names no definitions in the language 'fr'." in report.error
    assert [each["state"] for each in report.locales] == ["failed", "switched"]
    assert made.names(ACE) == ["Ace of Spades"]
    made.close()


@pytest.fixture
def german(bungie: Publisher, redis_url: str, tmp_path: Path) -> Iterator[Rig]:
    """A good version made of JSON files is in use, and its successor is published."""
    bungie.publish_components(many_items(50), "x", locale="de")
    made = rig(bungie.url, redis_url, tmp_path / "runs.sqlite3", ManifestSettings(locales=("de",)))
    assert made.service.refresh("cli").state == "switched"
    bungie.publish_components(many_items(51), "y", locale="de")
    yield made
    made.close()


SPOILT = {
    "a hash twice": (lambda rows: rows[:-1] + "," + rows[1:], "more than once"),
    "a key of another kind": (lambda rows: rows.replace('"7": ', f'"{2**53 + 7}": '), "cannot be theirs"),
    "a hash of 54 bits": (lambda rows: rows.replace('"hash": 7}', f'"hash": {2**53 + 7}}}'), "cannot be theirs"),
    "the hash of another": (lambda rows: rows.replace('"hash": 7}', '"hash": 8}'), "cannot be theirs"),
    "cut": (lambda rows: rows[:-9], "not readable JSON"),
    "a list": (lambda rows: f"[{rows}]", "something else"),
    "a page": (lambda _: "<!doctype html>", "something else"),
    "not even text": (lambda _: "\0\xff\0", "something else"),
}


@pytest.mark.parametrize(("spoil", "saying"), SPOILT.values(), ids=SPOILT)
def test_a_json_file_that_is_spoilt_is_refused_and_the_old_version_serves_on(
    bungie: Publisher, german: Rig, spoil: Callable[[str], str], saying: str
) -> None:
    (path,) = [each for each in bungie.files if f"{ITEM}-y" in each]
    rows = gzip.decompress(bungie.files[path].body).decode()
    bungie.files[path] = Served(gzip.compress(spoil(rows).encode()), headers={"Content-Encoding": "gzip"})
    report = german.service.refresh("beat")
    assert (report.state, saying in report.error) == ("failed", True), report.error
    assert german.names(ACE, 50, 51, locale="de") == ["Ace of Spades", "Item 50", None]
    bungie.files[path] = Served(gzip.compress(rows.encode()), headers={"Content-Encoding": "gzip"})
    assert german.service.refresh("beat").state == "switched"


def test_a_page_in_place_of_a_json_file_is_refused(bungie: Publisher, redis_url: str, tmp_path: Path) -> None:
    bungie.publish_components(small_tables(), "x", locale="de")
    for path in bungie.files:
        bungie.files[path] = Served(b"<!doctype html>")
    made = rig(bungie.url, redis_url, tmp_path / "runs.sqlite3", ManifestSettings(locales=("de",)))
    report = made.service.refresh("cli")
    assert "something else" in report.error
    assert made.store.current("de") is None
    made.close()
