"""One owned item -> one tile. Runs a thousand times for a page, so it decides each thing once and calls little."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from babel import Locale
from flask import get_template_attribute
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _l

from app.inventory.arrange import OwnedItem
from app.inventory.definitions import Definitions, ItemDefinition
from app.inventory.items import EQUIPPED, Item, ItemState
from app.main.addresses import address_of
from app.main.drawn_tiles import DrawnTiles, Sight, draw
from app.main.tile_marks import Marks, mark_key
from app.main.viewmodels import TileView
from app.main.words import ELEMENT_NAMES, ELEMENTS, RARITIES, number

_LOCKED, _TRACKED = int(ItemState.LOCKED), int(ItemState.TRACKED)
_MASTERWORK, _CRAFTED, _DEEPSIGHT = int(ItemState.MASTERWORK), int(ItemState.CRAFTED), int(ItemState.DEEPSIGHT)
_ALL_MARKS = _LOCKED | _TRACKED | _MASTERWORK | _CRAFTED | _DEEPSIGHT

Picture = Callable[[str], str]

# A NamedTuple's own constructor is a Python function, and a page makes a thousand.
_new = tuple.__new__
_NOTHING = ItemDefinition(hash=0, tier=0)
# More than the game has items; worn ornaments make more faces of some.
_MOST_FACES = 50_000


class _Speech:
    """What labels are made of in the language of the request: a page has a thousand of them."""

    def __init__(self) -> None:
        self.equipped = ", " + gettext("equipped")
        self.new = ", " + gettext("new")
        words = [(flag, str(word)) for flag, word in _STATE_WORDS]
        self.marks = ["".join(f", {word}" for flag, word in words if state & flag) for state in range(_ALL_MARKS + 1)]
        self.quantity = gettext("quantity %(number)s", number="{}")
        self.unknown = gettext("Unknown item %(hash)s", hash="{}")
        self.unnamed = gettext("Unnamed item %(hash)s", hash="{}")
        self.classified = gettext("Classified")
        self.powers = {"": gettext("%(power)s power", power="\0").split("\0")}
        for key, name in ELEMENT_NAMES.items():
            self.powers[key] = gettext("%(element)s %(power)s power", element=str(name), power="\0").split("\0")


@cache
def _speech_in(_locale: Locale | None) -> _Speech:
    """Put together once for every language of ours; `_locale` is that of the request."""
    return _Speech()


class Face(NamedTuple):
    """What all copies of an item in the same ornament have in common, ready for a tile."""

    definition: ItemDefinition | None
    style: ItemDefinition | None
    name: str
    spoken: str  # the name and what kind of thing it is
    rarity: str
    element: str  # unless the copy says otherwise
    type_name: str
    icon_url: str
    watermark_url: str
    is_unknown: bool
    is_classified: bool
    drawn: str = ""


def draw_face(of: Face | TileView) -> str:
    """The part of a tile that all copies share, as escaped HTML."""
    face: str = get_template_attribute("components/tiles.html", "tile_face")(of)
    return face


class _Faces:
    """The faces seen by this process, in one language and with one source of pictures: players own the same items."""

    def __init__(self, picture: Picture, speech: _Speech) -> None:
        self._picture = picture
        self._speech = speech
        self._seen: dict[tuple[int, int, int], Face] = {}

    def of(self, item: Item, definition: ItemDefinition | None, style: ItemDefinition | None) -> Face:
        """A face is good for as long as the definitions are the very ones that it was made from."""
        key = (item.hash, item.style_hash, item.version_number)
        face = self._seen.get(key)
        if face is None or face.definition is not definition or face.style is not style:
            if len(self._seen) >= _MOST_FACES:
                self._seen.clear()
            face = self._seen[key] = self._make(item, definition, style)
        return face

    def _make(self, item: Item, definition: ItemDefinition | None, style: ItemDefinition | None) -> Face:
        known = definition or _NOTHING
        name = _name(self._speech, item.hash, definition)
        kind = f"{known.tier_name} {known.type_name}".strip()
        face = Face(
            definition=definition,
            style=style,
            name=name,
            spoken=f"{name}, {kind}" if kind else name,
            rarity=RARITIES.get(known.tier, "unknown"),
            element=ELEMENTS.get(known.damage_type, ""),
            type_name=known.type_name,
            icon_url=self._picture(_icon(known, style)),
            watermark_url=self._picture(_watermark(item, known)),
            is_unknown=definition is None,
            is_classified=known.redacted,
        )
        return face._replace(drawn=draw_face(face))


@lru_cache(maxsize=16)
def _faces_in(picture: Picture, locale: Locale | None) -> _Faces:
    return _Faces(picture, _speech_in(locale))


@lru_cache(maxsize=16)
def _drawn_in(_picture: Picture, _locale: Locale | None) -> DrawnTiles:
    return DrawnTiles()


class TileMaker:
    """Makes tiles for one page. `picture` turns a path of Bungie's into an address, "" for none.

    `new` are the instance ids of copies that the player has not seen before, `marks` what else is said of items.
    """

    def __init__(
        self,
        definitions: Definitions,
        picture: Picture,
        new: frozenset[str] = frozenset(),
        marks: Marks | None = None,
    ) -> None:
        locale = get_locale()
        self._item = definitions.item
        self._speech = _speech_in(locale)
        self._face = _faces_in(picture, locale).of
        self._drawn = _drawn_in(picture, locale)
        self._new = new
        self._marks = marks or {}
        self._looks: dict[tuple[str, str, int, int, bool], str] = {}

    def make_all(self, several: Iterable[OwnedItem]) -> list[TileView]:
        """Tiles with their HTML; those that were drawn before are only looked up."""
        tiles: list[TileView] = []
        lacking: list[tuple[int, OwnedItem, Sight]] = []
        find, new, marks = self._drawn.find, self._new, self._marks
        for owned in several:
            item, definition = owned.item, owned.definition
            mark = marks.get(mark_key(item)) if marks else None
            sight = _new(Sight, (item, owned.power, item.instance_id in new, mark))
            tile = find(sight, definition, self._item(item.style_hash) if item.style_hash else None)
            if tile is None:
                lacking.append((len(tiles), owned, sight))
                tile = self.make(owned)
            tiles.append(tile)
        if lacking:
            self._draw(tiles, lacking)
        return tiles

    def _draw(self, tiles: list[TileView], lacking: list[tuple[int, OwnedItem, Sight]]) -> None:
        drawn = draw([tiles[place] for place, _, _ in lacking])
        for tile, (place, owned, sight) in zip(drawn, lacking, strict=True):
            tiles[place] = tile
            style_hash = owned.item.style_hash
            self._drawn.keep(sight, owned.definition, self._item(style_hash) if style_hash else None, tile)

    def make(self, owned: OwnedItem) -> TileView:
        item, definition, power = owned.item, owned.definition, owned.power
        instance, instance_id = item.instance, item.instance_id
        face = self._face(item, definition, self._item(item.style_hash) if item.style_hash else None)
        element = face.element
        if instance and instance.damage_type:
            element = ELEMENTS.get(instance.damage_type, "")
        power_text = str(power) if power else ""
        quantity = number(item.quantity) if item.quantity > 1 else ""
        look = self._look(item, face.rarity, element)
        label = face.spoken + _marks(self._speech, item, power_text, element, quantity)
        if instance_id in self._new:
            look, label = look + " is-new", label + self._speech.new
        mark = self._marks.get(mark_key(item)) if self._marks else None
        if mark:
            label += f", {mark.spoken}"
        return TileView(
            item.hash,
            instance_id,
            item.quantity,
            quantity,
            face.name,
            label,
            address_of(item),
            face.icon_url,
            face.watermark_url,
            power_text,
            face.rarity,
            element,
            face.type_name,
            look,
            face.is_unknown,
            face.is_classified,
            face.drawn,
            mark.looks if mark else (),
        )

    def _look(self, item: Item, rarity: str, element: str) -> str:
        """Put together once for all tiles that look alike: a page of a thousand has a few dozen."""
        tier = item.instance.gear_tier if item.instance else 0
        is_equipped = item.place is EQUIPPED
        key = (rarity, element, item.state, tier, is_equipped)
        found = self._looks.get(key)
        if found is None:
            found = self._looks[key] = look_of(rarity, element, item.state, tier, is_equipped=is_equipped)
        return found


def look_of(rarity: str, element: str, state: int, gear_tier: int, *, is_equipped: bool = False) -> str:
    """The words that a tile's style hangs on."""
    words = [rarity, element]
    words += [f"is-{word}" for flag, word in _STATE_LOOKS if state & flag]
    if is_equipped:
        words.append("is-equipped")
    if 0 < gear_tier <= 5:
        words.append(f"tier-{gear_tier}")
    return " ".join(word for word in words if word)


def _name(speech: _Speech, item_hash: int, definition: ItemDefinition | None) -> str:
    if definition is None:
        return speech.unknown.format(item_hash)
    return definition.name or (speech.classified if definition.redacted else speech.unnamed.format(item_hash))


def _watermark(item: Item, known: ItemDefinition) -> str:
    versions = known.version_watermarks
    if 0 <= item.version_number < len(versions) and versions[item.version_number]:
        return versions[item.version_number]
    return known.watermark


def _icon(known: ItemDefinition, style: ItemDefinition | None) -> str:
    """The ornament's icon when one is worn; dummy plugs stand for "no ornament"."""
    return style.icon if style and style.icon and not style.is_dummy_plug else known.icon


def _marks(speech: _Speech, item: Item, power: str, element: str, quantity: str) -> str:
    """What a screen reader says after name and kind: power and marks, each behind a comma."""
    said = ""
    if power:
        before, after = speech.powers[element]
        said += f", {before}{power}{after}"
    if item.quantity != 1:
        said += ", " + speech.quantity.format(quantity or item.quantity)
    if item.place is EQUIPPED:
        said += speech.equipped
    return said + speech.marks[item.state & _ALL_MARKS]


_STATE_LOOKS = (
    (_LOCKED, "locked"),
    (_MASTERWORK, "masterwork"),
    (_CRAFTED, "crafted"),
    (_DEEPSIGHT, "deepsight"),
    (_TRACKED, "tracked"),
)
_STATE_WORDS = (
    (_LOCKED, _l("locked")),
    (_TRACKED, _l("tracked")),
    (_MASTERWORK, _l("masterworked")),
    (_CRAFTED, _l("crafted")),
    (_DEEPSIGHT, _l("deepsight")),
)
