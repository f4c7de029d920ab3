"""Manifest files and images as the sandbox's CDN serves them."""

from __future__ import annotations

import gzip
import sqlite3
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import orjson
import pytest
import requests
from bs4 import BeautifulSoup

from app.sandbox import SandboxServer, demo_world, load_world
from tests.unit.sandbox.visitor import TIMEOUT_S, Visitor, serve


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with serve(demo_world()) as running:
        yield running


@pytest.fixture
def visitor(server: SandboxServer) -> Iterator[Visitor]:
    yield Visitor(server)
    server.app.state.faults.clear()


def index_of(visitor: Visitor) -> dict:
    return visitor.get("/Destiny2/Manifest/").json()["Response"]


def fetch(visitor: Visitor, path: str, **headers: str) -> requests.Response:
    return requests.get(visitor.url + path, headers=headers, timeout=TIMEOUT_S)


def width_of(answer: requests.Response) -> int:
    """The width in pixels of a well-formed SVG picture."""
    return int(BeautifulSoup(answer.content, "xml").find("svg", recursive=False)["width"])


def rows_of(archive: bytes, tmp_path: Path, table: str) -> dict[int, dict]:
    with zipfile.ZipFile(BytesIO(archive)) as packed:
        (member,) = packed.namelist()
        target = Path(packed.extract(member, tmp_path))
    database = sqlite3.connect(target)
    found = database.execute(f"SELECT id, json FROM {table}")  # noqa: S608 - the name is this test's own
    rows = {row_id & 0xFFFFFFFF: orjson.loads(row) for row_id, row in found}
    database.close()
    return rows


def test_the_archive_and_the_json_hold_the_same_rows(visitor: Visitor, tmp_path: Path) -> None:
    index = index_of(visitor)
    table = "DestinyInventoryItemDefinition"
    archived = rows_of(fetch(visitor, index["mobileWorldContentPaths"]["en"]).content, tmp_path, table)
    component = fetch(visitor, index["jsonWorldComponentContentPaths"]["en"][table]).json()
    assert {int(key): row for key, row in component.items()} == archived
    assert fetch(visitor, index["jsonWorldContentPaths"]["en"]).json()[table] == component
    assert all(row["hash"] == key for key, row in archived.items())


def test_german_has_json_files_only_and_its_own_words(visitor: Visitor) -> None:
    index = index_of(visitor)
    assert set(index["mobileWorldContentPaths"]) == {"en"}
    buckets = fetch(visitor, index["jsonWorldComponentContentPaths"]["de"]["DestinyInventoryBucketDefinition"]).json()
    assert buckets["1498876634"]["displayProperties"]["name"] == "Kinetikwaffen"


def test_single_definitions_are_found_by_hash(visitor: Visitor) -> None:
    answer = visitor.get("/Destiny2/Manifest/DestinyInventoryItemDefinition/347366834/").json()["Response"]
    assert answer["displayProperties"]["name"] == "Ace of Spades"
    for path in ("DestinyInventoryItemDefinition/5", "DestinyFrogDefinition/5", "sqlite_master/1"):
        refused = visitor.get(f"/Destiny2/Manifest/{path}/")
        assert (refused.status_code, refused.json()["ErrorCode"]) == (404, 21)


@pytest.mark.parametrize("mode", ["truncated", "corrupt"])
def test_a_damaged_archive_does_not_unpack(visitor: Visitor, mode: str) -> None:
    visitor.server.app.state.faults.set(archive=mode)
    body = fetch(visitor, index_of(visitor)["mobileWorldContentPaths"]["en"]).content
    with pytest.raises(zipfile.BadZipFile), zipfile.ZipFile(BytesIO(body)) as packed:
        packed.read(packed.namelist()[0])


def test_files_can_go_missing_and_locales_lose_their_archive(visitor: Visitor) -> None:
    index = index_of(visitor)
    path = index["jsonWorldComponentContentPaths"]["en"]["DestinyClassDefinition"]
    visitor.server.app.state.faults.set(manifest_missing="*ClassDefinition*", locales_without_archive=["en"])
    assert fetch(visitor, path).status_code == 404
    assert fetch(visitor, index["jsonWorldComponentContentPaths"]["en"]["DestinyRaceDefinition"]).status_code == 200
    assert index_of(visitor)["mobileWorldContentPaths"] == {}


def test_a_stored_gz_is_served_under_its_plain_name(tmp_path: Path) -> None:
    write_world(tmp_path)
    with serve(load_world(tmp_path)) as server:
        visitor = Visitor(server)
        packed = fetch(visitor, "/common/table.json", **{"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert packed.headers["Content-Type"].startswith("application/json")
        plain = fetch(visitor, "/common/table.json", **{"Accept-Encoding": "identity"})
        assert "Content-Encoding" not in plain.headers
        assert packed.json() == plain.json() == {"1": {"hash": 1}}
        assert visitor.get("/Destiny2/Manifest/DestinyLoreDefinition/1/").json()["Response"] == {"hash": 1}


@pytest.mark.parametrize(
    "path", ["/common/../../secret.json", "/common/%2e%2e/%2e%2e/secret.json", "/common/..%2f..%2fsecret.json"]
)
def test_nothing_outside_of_the_manifest_is_served(tmp_path: Path, path: str) -> None:
    world = tmp_path / "world"
    write_world(world)
    (world / "secret.json").write_text('"secret"')
    with serve(load_world(world)) as server:
        request = requests.Request("GET", server.url).prepare()
        request.url = server.url + path
        with requests.Session() as session:
            assert b"secret" not in session.send(request, timeout=TIMEOUT_S).content


def write_world(root: Path) -> None:
    (root / "manifest" / "common").mkdir(parents=True)
    (root / "manifest" / "common" / "table.json.gz").write_bytes(gzip.compress(b'{"1":{"hash":1}}'))
    index = {"jsonWorldComponentContentPaths": {"en": {"DestinyLoreDefinition": "/common/table.json"}}}
    (root / "manifest" / "index.json").write_bytes(orjson.dumps(index))
    account = root / "accounts" / "77"
    account.mkdir(parents=True)
    card = {"membershipId": "77", "membershipType": 3, "displayName": "Seven"}
    (account / "linked.json").write_bytes(orjson.dumps({"Response": {"profiles": [card]}, "ErrorCode": 1}))
    (account / "profile.json.gz").write_bytes(
        gzip.compress(orjson.dumps({"profileInventory": {"data": {"items": []}}}))
    )


def test_every_picture_that_the_definitions_name_is_a_drawn_svg(visitor: Visitor) -> None:
    index = index_of(visitor)
    items = fetch(visitor, index["jsonWorldComponentContentPaths"]["en"]["DestinyInventoryItemDefinition"]).json()
    pictures = visitor.server.app.state.world.pictures
    icons = {row["displayProperties"]["icon"] for row in items.values()}
    assert {icon for icon in icons if icon not in pictures} == {"javascript:alert(1)", "//evil.invalid/icon.png"}
    for path in sorted(icons & set(pictures))[::40]:
        answer = fetch(visitor, path)
        assert answer.headers["Content-Type"].startswith("image/svg+xml")
        assert width_of(answer) == 96


def test_a_picture_that_nobody_drew_is_always_the_same_and_kept_for_long(visitor: Visitor) -> None:
    path = "/common/destiny2_content/icons/0123456789abcdef0123456789abcdef.jpg"
    first, second = fetch(visitor, path), fetch(visitor, path)
    assert first.content == second.content
    assert first.content != fetch(visitor, path.replace("0", "f")).content
    assert "max-age=31536000" in first.headers["Cache-Control"]
    assert fetch(visitor, "/common/destiny2_content/nothing.bin").status_code == 404


def test_pictures_and_manifest_files_are_counted_apart(visitor: Visitor) -> None:
    path = index_of(visitor)["jsonWorldComponentContentPaths"]["en"]["DestinyClassDefinition"]
    visitor.server.app.state.requests.clear()
    fetch(visitor, path)
    fetch(visitor, "/img/misc/anything.png")
    assert visitor.server.app.state.requests.counts == {"manifest_file": 1, "image": 1}


def test_an_emblem_has_a_wide_banner(visitor: Visitor) -> None:
    visitor.sign_in()
    character = next(iter(visitor.profile("200")["characters"]["data"].values()))
    assert width_of(fetch(visitor, character["emblemBackgroundPath"])) == 474
    assert width_of(fetch(visitor, character["emblemPath"])) == 96
