"""`/styleguide`: every component in every state, for designers and for tests. Not in production."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import abort, current_app, render_template

from app.bungie import errors
from app.inventory.items import ItemState
from app.main.annotations.example import tags_example
from app.main.annotations.viewmodels import TagsPage
from app.main.blueprint import bp
from app.main.character.example import CharacterExample
from app.main.compare.example import TableExample, table_example
from app.main.database.viewmodels import FacetView, OptionView
from app.main.drawn_tiles import draw
from app.main.examples import examples
from app.main.item.example import item_example
from app.main.item.viewmodels import ItemPage
from app.main.loadouts.example import LoadoutExample
from app.main.tiles import draw_face, look_of
from app.main.vendors.example import VendorExample
from app.main.viewmodels import CharacterStat, CharacterView, GroupView, SectionView, TileView
from app.web.access import PUBLIC, access
from app.web.notices import NoticeView, manifest_missing, notice_for

_EXAMPLES = (
    ("exotic", "kinetic"), ("legendary", "arc"), ("rare", "solar"), ("uncommon", "void"), ("common", "stasis"),
    ("legendary", "strand"), ("currency", ""),
)  # fmt: skip
# What we and the player say of items, as app/main/tile_marks.py names it.
_MARKS = (
    ("tag-favorite",), ("tag-keep", "wish-up"), ("tag-infuse",), ("tag-junk", "wish-down"), ("tag-archive",),
    *((f"label-{number}",) for number in range(1, 9)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Styleguide:
    tiles: tuple[TileView, ...]
    groups: tuple[GroupView, ...]
    characters: tuple[CharacterView, ...]
    notices: tuple[NoticeView, ...]
    item: ItemPage
    facet: FacetView
    character: CharacterExample
    tags: TagsPage
    loadouts: LoadoutExample
    tables: TableExample
    vendors: VendorExample


@bp.get("/styleguide")
@access(PUBLIC)
def styleguide() -> str:
    if current_app.config["ENVIRONMENT"] == "production":
        abort(404)
    return render_template("main/styleguide.html", demo=_demo(), more=examples())


def _demo() -> Styleguide:
    tiles = _drawn(_tile(number, rarity, element) for number, (rarity, element) in enumerate(_EXAMPLES))
    marked = _drawn(_marked(flag) for flag in ItemState)
    return Styleguide(
        tiles=tiles + marked + _drawn(map(_said, _MARKS)) + _drawn(_oddities()),
        groups=(GroupView("weapons", "Weapons", (_section("3 of 10", 30, tiles[:3]), _section("10 of 10", 100, ()))),),
        characters=(_character("Titan", "1810", "3 of 21"), _character("Guardian", "", "21 of 21")),
        notices=_notices(),
        item=item_example(tiles[0]),
        facet=_facet(),
        character=CharacterExample(tiles[0]),
        tags=tags_example(),
        loadouts=LoadoutExample(),
        tables=table_example(tiles),
        vendors=VendorExample(draw([tiles[1]])[0]),
    )


def _facet() -> FacetView:
    names = ("Arc", "Solar", "Void")
    return FacetView("element", "Element", tuple(OptionView(name, name, name == "Solar") for name in names))


def _drawn(tiles: Iterable[TileView]) -> tuple[TileView, ...]:
    return tuple(tile._replace(face=draw_face(tile)) for tile in tiles)


def _tile(number: int, rarity: str, element: str) -> TileView:
    name = f"{rarity.capitalize()} example"
    look = look_of(rarity, element, 0, number % 6, is_equipped=number == 0)
    return TileView(
        number, str(number), 1, "", name,
        f"{name}, {element} power", "#", "", "", str(1500 + number * 50), rarity, element,
        "Hand Cannon", look, False, False,
    )  # fmt: skip


def _marked(flag: ItemState) -> TileView:
    name = f"{flag.name} example".capitalize()
    plain = _tile(100 + flag, "legendary", "void")
    return plain._replace(name=name, label=name, look=look_of("legendary", "void", flag, 0))


def _said(marks: tuple[str, ...]) -> TileView:
    name = " and ".join(marks).replace("-", " ").capitalize()
    look = look_of("legendary", "arc", ItemState.LOCKED | ItemState.CRAFTED, 5)
    return _tile(150, "legendary", "arc")._replace(name=name, label=name, look=look, marks=marks)


def _oddities() -> tuple[TileView, ...]:
    plain = _tile(200, "unknown", "")._replace(power="", type_name="", look="unknown")
    return (
        plain._replace(name="Unknown item 4294967295", label="Unknown item 4294967295", is_unknown=True),
        plain._replace(name="Classified", label="Classified", is_classified=True),
        plain._replace(
            name="A stack",
            label="A stack, quantity 9,999",
            instance_id="",
            href="",
            quantity=9999,
            quantity_text="9,999",
        ),
        plain._replace(name="A name that goes on " * 40, label="A name that goes on and on"),
        plain._replace(name="مرحبا <b>not bold</b>", label="مرحبا <b>not bold</b>"),
    )


def _section(count_text: str, fill: int, tiles: tuple[TileView, ...]) -> SectionView:
    full = fill >= 90
    return SectionView(1498876634, "Kinetic Weapons", count_text, fill, full, "A note." * full, tiles[:1], tiles[1:])


def _character(name: str, light: str, postmaster: str) -> CharacterView:
    return CharacterView(
        id=f"example-{name}", class_name=name, class_key=name.lower(), race_gender="Awoken Female",
        title="Wayfarer" if light else "",
        light=light, emblem_url="", emblem_banner_url="", emblem_color="#750806", last_played="2 hours ago",
        last_played_iso="2026-06-09T19:41:00+00:00", href="#",
        stats=(CharacterStat("Health", "58", "", 29), CharacterStat("Melee", "154", "", 77)),
        item_count=57, postmaster_text=postmaster, postmaster_is_nearly_full=postmaster.startswith("21"),
        is_current=bool(light),
    )  # fmt: skip


def _notices() -> tuple[NoticeView, ...]:
    troubles = (errors.Maintenance(), errors.Unavailable(), errors.Throttled(), errors.GrantRevoked())
    return (*(notice_for(trouble, "#") for trouble in troubles), manifest_missing())
