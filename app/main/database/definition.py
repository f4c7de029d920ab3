"""One item as the game defines it -> its page: every roll, every number, the story, and the viewer's own copies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import gettext

from app.inventory.definitions import Definitions, ItemDefinition
from app.inventory.items import Item, ItemDetails, Socket, power_of
from app.inventory.references import ItemSetDefinition, ObjectiveDefinition, PlugSetDefinition
from app.inventory.seasons import season_of_mark
from app.inventory.telling import objectives as telling
from app.inventory.telling.anatomy import ARMOR, WEAPON, anatomy_of
from app.inventory.telling.sockets import rolls_of
from app.main import words
from app.main.addresses import address_of, definition_address
from app.main.database.notices import notices_of
from app.main.database.tiles import DefinitionTiles
from app.main.database.viewmodels import DefinitionPage
from app.main.item import story
from app.main.item.numbers import stats_view
from app.main.item.plugs import PlugPresenter
from app.main.item.progress import PURSUITS, rewards, task_of
from app.main.item.viewmodels import CopyLine, Fact, ObjectiveLine, ProgressGroup, SetView, StatsView
from app.main.present import Context
from app.services.database import DefinitionSnapshot
from app.web.notices import notice_for


def definition_page(snapshot: DefinitionSnapshot, known: ItemDefinition, context: Context) -> DefinitionPage:
    definitions, picture = snapshot.definitions, context.picture
    details = _as_made(known, definitions)
    anatomy = anatomy_of(known, details, definitions)
    tiles = DefinitionTiles(definitions, picture)
    tile = tiles.make(known.hash)
    plugs = PlugPresenter(anatomy.sockets, definitions, picture).view()
    copies, tasks = _copies(snapshot, tile.name), tuple(_tasks(known, definitions))
    return DefinitionPage(
        notices=notices_of(definitions, context),
        tile=tile,
        subtitle=f"{known.tier_name} {known.type_name}".strip(),
        element_name=words.element_name(tile.element, known.subclass_element),
        ammo_name=str(words.AMMO.get(known.ammo_type, "")),
        tier_pips=0,
        screenshot_url=picture(known.screenshot),
        banner_url=picture(known.secondary_icon),
        chips=tuple(_chips(known)),
        description="" if tasks else _description(known),
        flavor=known.flavor or (known.source if known.item_type in PURSUITS else ""),
        facts=tuple(_facts(known, definitions)),
        stats=_stats(known, stats_view(anatomy, details, definitions, known.item_type)),
        frames=plugs.frames,
        columns=plugs.columns,
        groups=tuple(group._replace(empty="") for group in plugs.groups if group.plugs),
        looks=plugs.looks,
        rolls=plugs.rolls,
        progress=tasks,
        rewards=rewards(known, definitions, picture),
        set=_set_view(known, definitions),
        pieces=tuple(tiles.make(each) for each in _pieces(known, definitions)),
        versions=_versions(snapshot),
        copies=copies,
        copies_note=_copies_note(snapshot, copies, context),
        lore=story.lore_view(known, definitions),
        ids=(Fact(gettext("Item hash"), str(known.hash)),),
    )


def _as_made(known: ItemDefinition, definitions: Definitions) -> ItemDetails:
    """A copy with what every copy has; a socket that rolls is left open, for there the rolls tell more."""
    rolls = rolls_of(known, lambda plug_set: definitions.find(PlugSetDefinition, plug_set))
    sockets = []
    for position, socket in enumerate(known.sockets):
        plug_set = rolls.get(position)
        is_open = plug_set is not None and len(plug_set.plug_hashes) > 1
        plug = 0 if is_open else socket.initial_hash
        sockets.append(Socket(plug, is_enabled=bool(plug), is_visible=not socket.is_hidden))
    return ItemDetails(None, tuple(sockets) or None, None, None, None)


def _stats(known: ItemDefinition, view: StatsView) -> StatsView:
    """What the numbers of a copy lack is no concern here."""
    is_silent = known.item_type in {ARMOR, WEAPON} and not view.lines
    return view._replace(note=gettext("The game's data has no numbers for this item.") if is_silent else "")


def _chips(known: ItemDefinition) -> Iterator[str]:
    marks = (
        (known.redacted, gettext("Classified")),
        (bool(known.recipe_hash), gettext("Can be crafted")),
    )
    yield from (word for holds, word in marks if holds)
    yield from story.kind_chips(known)


def _description(known: ItemDefinition) -> str:
    if known.redacted:
        return gettext("Bungie keeps this item classified, so its name and picture are not known yet.")
    return known.description


def _facts(known: ItemDefinition, definitions: Definitions) -> Iterator[Fact]:
    bucket = definitions.bucket(known.bucket_hash)
    if bucket and bucket.name:
        yield Fact(gettext("Slot"), bucket.name)
    yield from story.kind_facts(known, definitions)


def _tasks(known: ItemDefinition, definitions: Definitions) -> Iterator[ProgressGroup]:
    """What a quest's step or a bounty asks for, with the place of the step."""
    found = (definitions.find(ObjectiveDefinition, each) for each in known.objective_hashes)
    lines = [_task(each) for each in found if each]
    if not (lines and known.item_type in PURSUITS):
        return
    quest = definitions.item(known.quest_hash)
    place = telling.step_of(known.hash, known.quest_steps or (quest.quest_steps if quest else ()))
    step = gettext("Step %(number)s of %(count)s", number=place[0], count=place[1]) if place else ""
    yield ProgressGroup(known.quest_line or gettext("What it asks for"), step, tuple(lines), "", task_of(known))


def _task(objective: ObjectiveDefinition) -> ObjectiveLine:
    text = objective.progress_text or objective.name or gettext("Progress")
    goal = words.number(objective.goal) if objective.goal > 1 else ""
    return ObjectiveLine(text, goal, -1, is_complete=False)


def _set_view(known: ItemDefinition, definitions: Definitions) -> SetView | None:
    item_set = definitions.find(ItemSetDefinition, known.set_hash)
    if item_set is None or not item_set.name:
        return None
    return SetView(item_set.name, "", story.set_perks(item_set, definitions))


def _pieces(known: ItemDefinition, definitions: Definitions) -> list[int]:
    """The other pieces of its set, those of the same class first known."""
    item_set = definitions.find(ItemSetDefinition, known.set_hash)
    pieces = ((each, definitions.item(each)) for each in (item_set.item_hashes if item_set else ()))
    return [each for each, piece in pieces if piece and each != known.hash and piece.class_type == known.class_type]


def _versions(snapshot: DefinitionSnapshot) -> tuple[CopyLine, ...]:
    """The newest first; those whose season nobody knows come last."""
    told = [(season_of_mark(each.watermark), each) for each in snapshot.versions]
    told.sort(key=lambda pair: (-(pair[0] or 0), pair[1].hash))
    return tuple(_version(each, season, snapshot.definitions) for season, each in told)


def _version(known: ItemDefinition, season: int | None, definitions: Definitions) -> CopyLine:
    told = story.season_words(known, definitions, season)
    issued = gettext("Season %(number)s", number=told) if told else gettext("Season unknown")
    return CopyLine(known.name, definition_address(known.hash), issued, "", "", " · ".join(_chips(known)))


# --- the viewer's own ------------------------------------------------------------------------------------------------


def _copies(snapshot: DefinitionSnapshot, name: str) -> tuple[CopyLine, ...]:
    """The strongest first."""
    own: Sequence[Item] = snapshot.profile.items if snapshot.profile else ()
    mine = [each for each in own if each.hash == snapshot.hash]
    mine.sort(key=lambda each: (-(power_of(each) or 0), each.place, each.instance_id))
    return tuple(_copy(each, name, snapshot) for each in mine)


def _copy(item: Item, name: str, snapshot: DefinitionSnapshot) -> CopyLine:
    character = snapshot.profile.character(item.owner) if snapshot.profile else None
    power = power_of(item)
    return CopyLine(
        name=name,
        href=address_of(item),
        place=story.place_of(item, character, snapshot.definitions).value,
        power=words.power(power or 0),
        quantity="" if item.instance_id else words.number(item.quantity),
        marks=" · ".join(story.chips(item, snapshot.definitions.item(item.hash))),
    )


def _copies_note(snapshot: DefinitionSnapshot, copies: Sequence[CopyLine], context: Context) -> str:
    if snapshot.trouble is not None:
        return notice_for(snapshot.trouble, context.sign_in_url).title
    if snapshot.profile is None or copies:
        return ""
    return gettext("You do not own this.")
