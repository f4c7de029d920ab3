"""The language over the definitions of June 2026: what keywords find is what Bungie's own rows say."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from typing import Any

import orjson
import pytest

from app.inventory.definition_search import meaning_of
from app.inventory.finder import Finder, Question, key_of
from app.inventory.seasons import season_of_mark
from app.manifest.build import Builder
from app.manifest.finding import IndexBuilder, unpacked
from app.manifest.plans import COLLECTIBLE, ITEM
from tests.shared import requires_shared, shared_dir

pytestmark = requires_shared

Raw = Mapping[str, Any]
_ENOUGH = 100_000


def rows(table: str) -> dict[int, Raw]:
    shared = shared_dir()
    assert shared
    path = next((shared / "worlds" / "june-2026" / "manifest").rglob(f"en/{table}-*.json.gz"))
    return {int(key): row for key, row in orjson.loads(gzip.decompress(path.read_bytes())).items()}


@pytest.fixture(scope="module")
def raw() -> dict[int, Raw]:
    return rows(ITEM)


@pytest.fixture(scope="module")
def finder(raw: dict[int, Raw]) -> Finder:
    builder, index = Builder(), IndexBuilder()
    for table, known in ((COLLECTIBLE, rows(COLLECTIBLE)), (ITEM, raw)):
        for definition_hash, row in known.items():
            record = builder.record(table, definition_hash, row)
            assert record is not None
            index.see(table, definition_hash, record)
    made = unpacked(index.packed())
    assert made
    return made


def tier(row: Raw) -> int:
    return int(row.get("inventory", {}).get("tierType", 0))


def bucket(row: Raw) -> int:
    return int(row.get("inventory", {}).get("bucketTypeHash", 0))


def ammo(row: Raw) -> int:
    return int(row.get("equippingBlock", {}).get("ammoType", 0))


def name(row: Raw) -> str:
    return key_of(row["displayProperties"].get("name", ""))


def season(row: Raw) -> int:
    quality = row.get("quality", {})
    marks, version = quality.get("displayVersionWatermarkIcons", []), quality.get("currentVersion", 0)
    mark = marks[version] if version < len(marks) else ""
    return season_of_mark(mark or row.get("iconWatermark") or row.get("iconWatermarkShelved") or "") or 0


def is_weapon(row: Raw, sub_type: int = -1) -> bool:
    return row["itemType"] == 3 and sub_type in {-1, row["itemSubType"]}


_CASES: dict[str, Callable[[Raw], bool]] = {
    "is:weapon": is_weapon,
    "not is:weapon": lambda row: not is_weapon(row),
    "is:exotic is:handcannon": lambda row: is_weapon(row, 9) and tier(row) == 6,
    "(is:bow or is:sword) -is:legendary": lambda row: (is_weapon(row, 31) or is_weapon(row, 18)) and tier(row) != 5,
    "is:warlock is:helmet": lambda row: row["classType"] == 2 and bucket(row) == 3448274439 and not row.get("redacted"),
    "is:strand is:heavy": lambda row: row["defaultDamageType"] == 7 and ammo(row) == 3,
    "is:power is:weapon": lambda row: bucket(row) == 953998645 and is_weapon(row),
    "foundry:hakke": lambda row: "foundry.hakke" in row.get("traitIds", []),
    "is:craftable is:glaive": lambda row: bool(row["inventory"].get("recipeItemHash")) and is_weapon(row, 33),
    "season:>=27 is:weapon": lambda row: season(row) >= 27 and is_weapon(row),
    "year:1 is:sidearm": lambda row: 1 <= season(row) <= 3 and is_weapon(row, 17),
    "is:weaponmod": lambda row: 610365472 in row.get("itemCategoryHashes", []),
    "name:spades": lambda row: "spades" in name(row),
    "exactname:bygones is:weapon": lambda row: name(row) == "bygones" and is_weapon(row),
}


@pytest.mark.parametrize("text", _CASES)
def test_a_search_finds_what_the_definitions_say(text: str, finder: Finder, raw: dict[int, Raw]) -> None:
    words, among = meaning_of(text, finder)
    found = finder.find(Question(words), 0, _ENOUGH, among).hashes
    assert found
    assert set(found) == {each for each, row in raw.items() if _CASES[text](row)}


def test_plain_words_mean_what_they_always_meant(finder: Finder) -> None:
    for text in ("ace of spades", "exotic hand cannon", '"hand cannon"', "not forgotten", "the last word"):
        assert meaning_of(text, finder) == (text, -1)


def test_shapes_are_few_beside_the_items(finder: Finder) -> None:
    asked: list[object] = []
    finder.shaped(lambda known: bool(asked.append(known)))
    assert 0 < len(asked) < len(finder) / 8
