"""What copies of an item share is drawn once, and drawn anew as soon as anything that it was made from is another."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, get_template_attribute

from app.inventory.arrange import OwnedItem
from app.main.drawn_tiles import DrawnTiles, Sight
from app.main.tile_marks import Marks, TileMark, mark_key, merged
from app.main.tiles import TileMaker
from app.main.viewmodels import TileView
from tests.builders import FakeDefinitions, item, weapon

ICON, ORNAMENT = "/common/destiny2_content/icons/ace.jpg", "/common/destiny2_content/icons/gold.jpg"
ACE = weapon(1, icon=ICON, damage_type=1)


@pytest.fixture
def anywhere(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


def picture(path: str) -> str:
    return "https://pictures.example" + path if path else ""


def tile_of(definition: object, *, style_hash: int = 0, version: int = -1, style: object = None) -> TileView:
    definitions = FakeDefinitions(items={1: definition, 2: style})  # type: ignore[dict-item]
    copy = item(1, "11", style_hash=style_hash, version_number=version)
    return TileMaker(definitions, picture).make(OwnedItem(copy, definition, None))  # type: ignore[arg-type]


@pytest.mark.usefixtures("anywhere")
def test_two_copies_share_one_face() -> None:
    assert tile_of(ACE).face is tile_of(ACE).face


@pytest.mark.usefixtures("anywhere")
def test_another_definition_of_the_same_item_has_its_own_face() -> None:
    assert "Ace of Spades" in tile_of(ACE).face
    renamed = tile_of(weapon(1, "Ace of Hearts", icon=ICON))
    assert "Ace of Hearts" in renamed.face
    assert renamed.label.startswith("Ace of Hearts")


@pytest.mark.usefixtures("anywhere")
def test_an_item_that_becomes_known_loses_its_number() -> None:
    assert "Unknown item 1" in tile_of(None).face
    assert "Ace of Spades" in tile_of(ACE).face


@pytest.mark.usefixtures("anywhere")
def test_an_ornament_and_a_version_change_the_pictures() -> None:
    marked = weapon(1, icon=ICON, watermark="/common/old.png", version_watermarks=("", "/common/new.png"))
    assert "/common/old.png" in tile_of(marked).face
    assert "/common/new.png" in tile_of(marked, version=1).face
    assert ICON in tile_of(marked).face
    assert ORNAMENT in tile_of(marked, style_hash=2, style=weapon(2, icon=ORNAMENT)).face


@pytest.mark.usefixtures("anywhere")
def test_a_hostile_name_is_text_in_its_face() -> None:
    assert "<script>" not in tile_of(weapon(1, "<script>alert(1)</script>")).face


KEEP, LIKED = TileMark(("tag-keep",), "tagged keep"), TileMark(("wish-up",), "on a wish list")


def marked(marks: Marks, *copies: str) -> list[TileView]:
    make = TileMaker(FakeDefinitions(items={1: ACE}), picture, marks=marks).make
    return [make(OwnedItem(item(1, each), ACE, 1810)) for each in copies]


def drawn(*tiles: TileView) -> str:
    return str(get_template_attribute("components/tiles.html", "tile_list")(tiles))


@pytest.mark.usefixtures("anywhere")
def test_what_is_said_of_a_copy_is_seen_and_heard_on_its_tile_alone() -> None:
    liked, plain = marked(merged([{"11": KEEP}, {"11": LIKED}, {}]), "11", "12")
    assert '<i class="tag-keep"></i><i class="wish-up"></i>' in drawn(liked)
    assert liked.label == plain.label + ", tagged keep, on a wish list"
    assert "<i " not in drawn(plain)


@pytest.mark.usefixtures("anywhere")
def test_a_mark_of_a_stack_goes_by_the_item() -> None:
    assert (mark_key(item(1)), mark_key(item(1, "11"))) == ("1", "11")
    stack, copy = marked({"1": KEEP}, "", "11")
    assert 'class="tag-keep"' in drawn(stack)
    assert copy.marks == ()


@pytest.mark.usefixtures("anywhere")
def test_a_hostile_label_is_text_on_its_tile() -> None:
    assert "<script>" not in drawn(*marked({"11": TileMark(("label-1",), '"><script>alert(1)</script>')}, "11"))


def seen(definition: object = ACE, *, power: int = 1810, new: bool = False, marks: Marks | None = None) -> TileView:
    make_all = TileMaker(
        FakeDefinitions(items={1: definition}), picture, frozenset({"11"} if new else ()), marks
    ).make_all  # type: ignore[dict-item]
    (tile,) = make_all([OwnedItem(item(1, "11"), definition, power)])  # type: ignore[arg-type]
    return tile


@pytest.mark.usefixtures("anywhere")
def test_a_copy_that_is_seen_again_is_not_drawn_again() -> None:
    assert seen() is seen()


@pytest.mark.usefixtures("anywhere")
def test_a_tile_that_was_kept_is_the_one_that_would_be_drawn_now() -> None:
    (copy, again) = (seen(marks={"11": KEEP}) for _ in range(2))
    assert again is copy
    assert drawn(copy) == drawn(copy._replace(drawn=""))
    assert drawn(copy, copy).count("</li>") == 2


@pytest.mark.usefixtures("anywhere")
def test_whatever_changes_about_a_copy_is_seen_at_once() -> None:
    assert ">1810<" in seen().drawn
    assert ">1820<" in seen(power=1820).drawn
    assert "is-new" in seen(new=True).drawn
    assert "tag-keep" in seen(marks={"11": KEEP}).drawn
    assert "Ace of Hearts" in seen(weapon(1, "Ace of Hearts", icon=ICON)).drawn
    assert "is-new" not in seen().drawn
    assert "tag-keep" not in seen().drawn


def test_tiles_that_nobody_looks_at_any_more_are_forgotten() -> None:
    memory = DrawnTiles()
    sights = [Sight(item(number, "11"), None, is_new=False, mark=None) for number in range(40_000)]
    for sight in sights:
        memory.keep(sight, None, None, TILE)
        memory.find(sights[0], None, None)
    assert memory.find(sights[0], None, None) is TILE
    assert memory.find(sights[1], None, None) is None
    assert sum(memory.find(sight, None, None) is not None for sight in sights[1:]) <= 32_000


TILE = TileView(1, "11", 1, "", "", "", "", "", "", "", "", "", "", "", is_unknown=False, is_classified=False)
