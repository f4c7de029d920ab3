"""One owned item -> its page."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext

from app.inventory.annotations.marks import key_of
from app.inventory.arrange import OwnedItem
from app.inventory.definitions import Definitions, ItemDefinition
from app.inventory.items import power_of
from app.inventory.telling.anatomy import ARMOR, WEAPON, Anatomy, anatomy_of
from app.inventory.telling.roles import Role
from app.inventory.telling.sockets import SocketRow
from app.main import words
from app.main.annotations.presenters import tag_panel
from app.main.item import story
from app.main.item.moving import move_panel
from app.main.item.numbers import stats_view
from app.main.item.plugs import PlugPresenter
from app.main.item.progress import PURSUITS, progress_groups, rewards
from app.main.item.viewmodels import Fact, ItemPage
from app.main.present import Context, freshness, notices
from app.main.tiles import TileMaker
from app.services.item import ItemSnapshot

_COUNTED_BY_PLUGS = frozenset({Role.TRACKER, Role.CRAFTING, Role.DEEPSIGHT, Role.CATALYST})
_POWERED = frozenset({ARMOR, WEAPON})


def item_page(snapshot: ItemSnapshot, context: Context) -> ItemPage:
    item, definitions = snapshot.item, snapshot.definitions
    definition = definitions.item(item.hash)
    known = definition or ItemDefinition(item.hash)
    anatomy = anatomy_of(known, snapshot.details, definitions)
    owned = OwnedItem(item, definition, power_of(item, is_redacted=known.redacted))
    tile = TileMaker(definitions, context.picture).make(owned)
    plugs = PlugPresenter(anatomy.sockets, definitions, context.picture).view()
    progress = tuple(progress_groups(snapshot, known, anatomy))
    return ItemPage(
        notices=notices(snapshot, context),
        freshness=freshness(snapshot.fetched_at, context.now),
        tile=tile,
        subtitle=f"{known.tier_name} {known.type_name}".strip(),
        element_name=words.element_name(tile.element, known.subclass_element),
        ammo_name=str(words.AMMO.get(known.ammo_type, "")),
        tier_pips=min(5, max(0, item.instance.gear_tier if item.instance else 0)),
        screenshot_url=context.picture(known.screenshot),
        banner_url=context.picture(known.secondary_icon),
        chips=story.chips(item, definition),
        moving=move_panel(snapshot, context.now),
        place=story.place_of(item, snapshot.character, definitions),
        description="" if any(each.task for each in progress) else _description(known, is_known=definition is not None),
        flavor=known.flavor or (known.source if known.item_type in PURSUITS else ""),
        facts=tuple(story.facts(snapshot, known, anatomy, context.now)),
        stats=stats_view(anatomy, snapshot.details, definitions, known.item_type),
        frames=plugs.frames,
        columns=plugs.columns,
        groups=plugs.groups,
        looks=plugs.looks,
        rolls=plugs.rolls,
        sockets_note=_sockets_note(snapshot, known, is_known=definition is not None),
        progress=progress,
        rewards=rewards(known, definitions, context.picture),
        set=story.set_view(snapshot, known),
        copies=story.copies(snapshot, tile.name),
        lore=story.lore_view(known, definitions),
        ids=_ids(snapshot),
        gaps=tuple(_gaps(snapshot, definition, anatomy)),
        tagging=tag_panel(snapshot.annotations, key_of(item), tile.href),
    )


def _description(known: ItemDefinition, *, is_known: bool) -> str:
    if not is_known:
        return gettext(
            "This item is newer than our item data. Its name follows with the next update of the game's data."
        )
    if known.redacted:
        return gettext("Bungie keeps this item classified, so its name and picture are not known yet.")
    return known.description


def _sockets_note(snapshot: ItemSnapshot, known: ItemDefinition, *, is_known: bool) -> str:
    if not is_known and snapshot.details.sockets:
        return gettext("What each socket is for, and what else it can hold, is not known until the item itself is.")
    has_sockets = bool(known.sockets) or known.item_type in {ARMOR, WEAPON}
    if snapshot.item.instance_id and has_sockets and snapshot.details.sockets is None:
        return gettext("Bungie did not send this item's perks and mods.")
    return ""


def _gaps(snapshot: ItemSnapshot, definition: ItemDefinition | None, anatomy: Anatomy) -> Iterator[str]:
    """What is missing although the item could have it; perks and numbers say so in their own places."""
    may_have_power = definition is None or definition.redacted or definition.item_type in _POWERED
    if snapshot.item.instance_id and snapshot.item.instance is None and may_have_power:
        yield gettext("Bungie did not send this copy's power and element.")
    has_perks = any(row.role is Role.PERK and row.plug_hash for row in anatomy.sockets)
    if has_perks and "itemComponents.reusablePlugs" in snapshot.profile.missing:
        yield gettext("Bungie did not send which other perks this copy offers.")
    if snapshot.details.plug_objectives is None and any(_counts(row, snapshot.definitions) for row in anatomy.sockets):
        yield gettext("Bungie did not send what this copy counts.")


def _counts(row: SocketRow, definitions: Definitions) -> bool:
    """Whether something is counted in a socket: a tracker that is switched off and an empty socket count nothing."""
    if row.role not in _COUNTED_BY_PLUGS or not row.plug_hash:
        return False
    plug = definitions.item(row.plug_hash)
    return plug is None or bool(plug.objective_hashes)


def _ids(snapshot: ItemSnapshot) -> tuple[Fact, ...]:
    item = snapshot.item
    found = [Fact(gettext("Item hash"), str(item.hash))]
    if item.instance_id:
        found.append(Fact(gettext("Instance"), item.instance_id))
    return tuple(found)
