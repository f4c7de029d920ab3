"""Where an item is, which others there are, what it belongs to, and what is told about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.inventory import buckets
from app.inventory.champions import breaker_of
from app.inventory.definitions import Definitions, ItemDefinition
from app.inventory.duplicates import is_reissue
from app.inventory.items import Item, ItemState, Place, power_of
from app.inventory.profile import Character
from app.inventory.references import ItemSetDefinition, LoreDefinition, PerkDefinition
from app.inventory.seasons import season_of, season_of_mark
from app.inventory.telling import armor
from app.inventory.telling.anatomy import Anatomy
from app.inventory.telling.objectives import expiry_of
from app.inventory.telling.roles import Role
from app.main import words
from app.main.addresses import address_of
from app.main.item.progress import PURSUITS
from app.main.item.viewmodels import CopyLine, Fact, LoreView, SetPerkLine, SetView
from app.main.present import class_name
from app.services.item import ItemSnapshot, worn

_SEASON = "DestinySeasonDefinition"
_BREAKER = "DestinyBreakerTypeDefinition"
_CHAMPIONS: dict[int, LazyString] = {
    1: _l("Barrier champions"), 2: _l("Overload champions"), 3: _l("Unstoppable champions"),
}  # fmt: skip


def place_of(item: Item, character: Character | None, definitions: Definitions) -> Fact:
    """Where it is, with the address of the page that shows it there."""
    label = gettext("Where")
    if character is None:
        where = gettext("Vault") if item.place is Place.VAULT else gettext("Account-wide inventory")
        return Fact(label, where, "/vault")
    name = class_name(character, definitions)
    if item.place is Place.EQUIPPED:
        where = gettext("%(character)s, equipped", character=name)
    elif item.bucket_hash in buckets.POSTMASTER:
        where = gettext("%(character)s, in the postmaster", character=name)
    else:
        where = gettext("%(character)s, carried", character=name)
    return Fact(label, where, f"/characters/{character.id}")


def chips(item: Item, known: ItemDefinition | None) -> tuple[str, ...]:
    """Short words under the name: what is special about this copy, and then about its kind."""
    marks = (
        (ItemState.LOCKED, gettext("Locked")),
        (ItemState.MASTERWORK, gettext("Masterworked")),
        (ItemState.CRAFTED, _crafted(known)),
        (ItemState.DEEPSIGHT, gettext("Deepsight")),
        (ItemState.TRACKED, gettext("Tracked")),
    )
    return (*(word for flag, word in marks if item.has(flag)), *(kind_chips(known) if known else ()))


def kind_chips(known: ItemDefinition) -> Iterator[str]:
    """What is special about every copy."""
    marks = (
        (known.is_adept, gettext("Adept")),
        (known.is_holofoil, gettext("Holofoil")),
        (known.is_featured, gettext("Featured")),
    )
    yield from (word for holds, word in marks if holds)


def _crafted(known: ItemDefinition | None) -> str:
    """The game marks both alike; only what has a pattern can have been shaped."""
    if known is None or known.redacted:
        return gettext("Crafted or enhanced")
    return gettext("Crafted") if known.recipe_hash else gettext("Enhanced")


def facts(snapshot: ItemSnapshot, known: ItemDefinition, anatomy: Anatomy, now: datetime) -> Iterator[Fact]:
    """Short facts, those of the copy before those of its kind."""
    item, instance, definitions = snapshot.item, snapshot.item.instance, snapshot.definitions
    bucket = definitions.bucket(_home_bucket(item, known))
    if bucket and bucket.name:
        yield Fact(gettext("Slot"), bucket.name)
    if item.instance_id and item.quantity != 1:
        yield Fact(gettext("Quantity"), words.number(item.quantity))
    if instance and instance.gear_tier:
        yield Fact(gettext("Gear tier"), str(instance.gear_tier))
    if instance and instance.energy_capacity:
        used, capacity = instance.energy_used, instance.energy_capacity
        yield Fact(gettext("Energy"), gettext("%(used)s of %(capacity)s used", used=used, capacity=capacity))
    yield from _armor_facts(anatomy, definitions)
    if ends := expiry_of(item, known, snapshot.details.objectives):
        yield Fact(*words.expiry(datetime.fromisoformat(ends), now))
    if champions := _champions(snapshot, known, anatomy):
        yield Fact(gettext("Stops"), champions)
    yield from kind_facts(known, definitions, season_of(item, known))
    yield from (Fact(gettext("Note"), text) for text in _notes(item, known))


def _champions(snapshot: ItemSnapshot, known: ItemDefinition, anatomy: Anatomy) -> str:
    """Those that a copy stops by itself, as players call them, with the game's name for how."""
    definitions = snapshot.definitions
    plugs = (definitions.item(row.plug_hash) for row in anatomy.sockets if row.is_enabled)
    number = breaker_of(known, snapshot.item.instance, plugs)
    how = next((row.name for row in definitions.every_named(_BREAKER) if row.number == number), "")
    return " · ".join(filter(None, (str(_CHAMPIONS.get(number, "")), how)))


def _notes(item: Item, known: ItemDefinition) -> Iterator[str]:
    """Those that Bungie names for this copy; what it names beyond the definition's list is left out."""
    return (known.notes[place].text for place in item.notes if 0 <= place < len(known.notes))


def _home_bucket(item: Item, known: ItemDefinition) -> int:
    """Where an item belongs. Of an unknown one only those places tell that hold one kind of thing."""
    tells_nothing = item.bucket_hash == buckets.VAULT or item.bucket_hash in buckets.POSTMASTER
    return known.bucket_hash or (0 if tells_nothing else item.bucket_hash)


def _armor_facts(anatomy: Anatomy, definitions: Definitions) -> Iterator[Fact]:
    if not any(row.role is Role.ARCHETYPE for row in anatomy.sockets):
        return
    if third := definitions.stat(armor.tertiary_stat(anatomy.stats)):
        yield Fact(gettext("Third stat"), third.name)
    if tuned := definitions.stat(_tuned(anatomy, definitions)):
        yield Fact(gettext("Tuned stat"), tuned.name)


def _tuned(anatomy: Anatomy, definitions: Definitions) -> int:
    plugs = (
        definitions.item(plug)
        for row in anatomy.sockets
        if row.role is Role.TUNING
        for plug in (row.plug_hash, *row.offered)
    )
    return armor.tuned_stat(plug.investments for plug in plugs if plug)


def kind_facts(known: ItemDefinition, definitions: Definitions, season: int | None = None) -> Iterator[Fact]:
    """What is true of every copy; `season` is the number of the one that this copy is of, where that is known."""
    if known.class_type in words.CLASSES and not known.redacted:
        yield Fact(gettext("Class"), str(words.CLASSES[known.class_type]))
    if told := season_words(known, definitions, season or season_of_mark(known.watermark)):
        yield Fact(gettext("Season"), told)
    if known.source and known.item_type not in PURSUITS:
        yield Fact(gettext("Source"), known.source.removeprefix("Source: "))


def season_words(known: ItemDefinition, definitions: Definitions, number: int | None) -> str:
    """The season of the mark on the item; hardly any definition names one, and then that of its first release."""
    if number is None:
        named = definitions.named(_SEASON, known.season_hash)
    else:
        named = next((row for row in definitions.every_named(_SEASON) if row.number == number), None)
    number = number or (named.number if named else 0)
    return " · ".join(filter(None, (str(number or ""), named.name if named else "")))


def set_view(snapshot: ItemSnapshot, known: ItemDefinition) -> SetView | None:
    """The set, and how much of it is worn by whoever has the piece; a vaulted one counts for whoever wears most."""
    definitions = snapshot.definitions
    item_set = definitions.find(ItemSetDefinition, known.set_hash)
    if item_set is None or not item_set.name:
        return None
    wearers = [snapshot.character] if snapshot.character else list(snapshot.profile.characters)
    counts = [(_worn(snapshot, wearer, known.set_hash), wearer) for wearer in wearers if wearer]
    count, wearer = max(counts, key=lambda each: each[0], default=(0, None))
    perks = set_perks(item_set, definitions, count)
    return SetView(item_set.name, _worn_text(count, wearer, definitions), perks)


def set_perks(item_set: ItemSetDefinition, definitions: Definitions, worn_pieces: int = 0) -> tuple[SetPerkLine, ...]:
    """The bonuses of a set, of which so many pieces are worn."""
    found = ((required, definitions.find(PerkDefinition, each)) for required, each in item_set.perks)
    return tuple(
        SetPerkLine(
            perk.name, perk.description, ngettext("%(num)d piece", "%(num)d pieces", required), worn_pieces >= required
        )
        for required, perk in found
        if perk
    )


def _worn(snapshot: ItemSnapshot, character: Character, set_hash: int) -> int:
    found = (snapshot.definitions.item(each.hash) for each in worn(snapshot.profile, character.id))
    return sum(definition is not None and definition.set_hash == set_hash for definition in found)


def _worn_text(count: int, wearer: Character | None, definitions: Definitions) -> str:
    if not count or wearer is None:
        return gettext("Nothing of this set is worn.")
    return gettext(
        "%(character)s wears %(pieces)s.",
        character=class_name(wearer, definitions),
        pieces=ngettext("%(num)d piece", "%(num)d pieces", count),
    )


def copies(snapshot: ItemSnapshot, name: str) -> tuple[CopyLine, ...]:
    """Every other copy or stack, the strongest first. Gear that was issued anew under its name is another version."""
    mine, known = snapshot.item, snapshot.definitions.item
    others = [
        each
        for each in snapshot.profile.items
        if each is not mine and (each.hash == mine.hash or is_reissue(known(each.hash), known(mine.hash)))
    ]
    others.sort(key=lambda each: (each.hash != mine.hash, -(power_of(each) or 0), each.place, each.instance_id))
    return tuple(_copy(each, name, snapshot) for each in others)


def _copy(item: Item, name: str, snapshot: ItemSnapshot) -> CopyLine:
    character, power = snapshot.profile.character(item.owner), power_of(item)
    version = () if item.hash == snapshot.item.hash else (gettext("another version"),)
    return CopyLine(
        name=name,
        href=address_of(item),
        place=place_of(item, character, snapshot.definitions).value,
        power=words.power(power or 0),
        quantity="" if item.instance_id else words.number(item.quantity),
        marks=" · ".join((*version, *chips(item, snapshot.definitions.item(item.hash)))),
    )


def lore_view(known: ItemDefinition, definitions: Definitions) -> LoreView | None:
    lore = definitions.find(LoreDefinition, known.lore_hash)
    if lore is None or not lore.text:
        return None
    paragraphs = tuple(part.strip() for part in lore.text.split("\n\n") if part.strip())
    subtitle = "" if lore.subtitle.strip() == known.flavor.strip() else lore.subtitle  # it stands above already
    return LoreView(lore.name or known.name, subtitle, paragraphs)
