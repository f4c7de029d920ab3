"""What is being counted: steps, bounties, crafting, catalysts, patterns, trackers. And what it is worth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from flask_babel import format_date, format_decimal, gettext

from app.inventory.definitions import Definitions, ItemDefinition, RecordDefinition
from app.inventory.items import ItemState, Objective
from app.inventory.profile import Absence
from app.inventory.references import ObjectiveDefinition
from app.inventory.telling import objectives as telling
from app.inventory.telling.anatomy import Anatomy
from app.inventory.telling.objectives import Style
from app.inventory.telling.roles import Role
from app.main import words
from app.main.item.viewmodels import ObjectiveLine, ProgressGroup, RewardLine
from app.main.tiles import Picture
from app.services.item import ItemSnapshot

# From the year of the first game on, and before the year 10000; anything else is no date.
_LEAST_SECONDS, _MOST_SECONDS = 1_388_534_400, 253_402_300_800
# Where the number itself is followed by what it counts.
_UNITS = {Style.RATE: "%s %%", Style.MULTIPLIER: "%s\u00d7"}
# Quest steps, quests and bounties: what they count is all that they are.
PURSUITS = frozenset({12, 13, 15, 26})


def progress_groups(snapshot: ItemSnapshot, known: ItemDefinition, anatomy: Anatomy) -> Iterator[ProgressGroup]:
    """Everything countable, the item's own task first."""
    own = _own(snapshot, known)
    if own:
        yield own
    yield from _counted(snapshot, anatomy, Role.CRAFTING, gettext("Crafted"))
    yield from _counted(snapshot, anatomy, Role.DEEPSIGHT, gettext("Deepsight"))
    yield from _records(snapshot, known, anatomy)
    yield from _counted(snapshot, anatomy, Role.CATALYST, gettext("Catalyst"))
    yield from _counted(snapshot, anatomy, Role.TRACKER, gettext("Kill tracker"))
    if shown := _lines(snapshot.details.shows, snapshot.definitions):
        yield ProgressGroup(gettext("Shown to others"), "", shown, "")


def rewards(known: ItemDefinition, definitions: Definitions, picture: Picture) -> tuple[RewardLine, ...]:
    found = ((amount, definitions.item(amount.item_hash)) for amount in known.rewards)
    return tuple(
        RewardLine(item.name, _several(amount.quantity), picture(item.icon))
        for amount, item in found
        if item and item.name
    )


def _several(quantity: int) -> str:
    return words.number(quantity) if quantity > 1 else ""


def line_of(objective: Objective, definitions: Definitions) -> ObjectiveLine | None:
    """One objective in words, or None for what the game hides."""
    known = definitions.find(ObjectiveDefinition, objective.hash) or ObjectiveDefinition(objective.hash)
    style = telling.style_of(known.done_style if objective.is_complete else known.style, objective)
    if style is None or (style is Style.DATE and not _LEAST_SECONDS <= objective.progress < _MOST_SECONDS):
        return None
    text = known.progress_text or known.name or gettext("Progress")
    is_bar = style in {Style.FRACTION, Style.PERCENTAGE}
    fill = telling.percent(objective) if is_bar else -1
    is_task = is_bar or style is Style.CHECKBOX
    return ObjectiveLine(text, _value(style, objective), fill, objective.is_complete and is_task)


def _value(style: Style, objective: Objective) -> str:
    done = words.number(objective.progress)
    match style:
        case Style.CHECKBOX:
            return gettext("done") if objective.is_complete else gettext("open")
        case Style.PERCENTAGE:
            return f"{telling.percent(objective)} %"
        case Style.FRACTION:
            return gettext("%(used)s of %(capacity)s", used=done, capacity=words.number(objective.goal))
    write = _WRITTEN.get(style)
    return write(objective.progress) if write else _UNITS.get(style, "%s") % done


def _day(seconds: int) -> str:
    return str(format_date(datetime.fromtimestamp(seconds, UTC), "long"))


def _clock(milliseconds: int) -> str:
    """As the game writes how long a run took: 1:02:03.450."""
    seconds, rest = divmod(max(0, milliseconds), 1000)
    hours, seconds = divmod(seconds, 3600)
    told = f"{hours}:{seconds // 60:02}:{seconds % 60:02}" if hours else f"{seconds // 60}:{seconds % 60:02}"
    return f"{told}.{rest:03}" if rest else told


def _decimal(hundredths: int) -> str:
    return str(format_decimal(hundredths / 100))


_WRITTEN = {Style.DATE: _day, Style.DURATION: _clock, Style.DECIMAL: _decimal}


def _lines(found: Iterable[Objective], definitions: Definitions) -> tuple[ObjectiveLine, ...]:
    return tuple(line for objective in found if (line := line_of(objective, definitions)))


def _own(snapshot: ItemSnapshot, known: ItemDefinition) -> ProgressGroup | None:
    """The task that the item itself is: a quest's step, a bounty."""
    recorded = snapshot.details.objectives
    if not (recorded or (known.objective_hashes and known.item_type in PURSUITS)):
        return None
    step = _step(snapshot, known)
    note = "" if recorded is not None else gettext("Bungie did not send how far this is.")
    title = known.quest_line or gettext("Progress")
    return ProgressGroup(title, step, _lines(recorded or (), snapshot.definitions), note, task_of(known))


def task_of(known: ItemDefinition) -> str:
    """A quest's or a bounty's description says what to do: it stands with what is counted and not among the story."""
    return known.description if known.item_type in PURSUITS and not known.redacted else ""


def _step(snapshot: ItemSnapshot, known: ItemDefinition) -> str:
    quest = snapshot.definitions.item(known.quest_hash)
    steps = known.quest_steps or (quest.quest_steps if quest else ())
    place = telling.step_of(known.hash, steps)
    return gettext("Step %(number)s of %(count)s", number=place[0], count=place[1]) if place else ""


def _counted(snapshot: ItemSnapshot, anatomy: Anatomy, role: Role, title: str) -> Iterator[ProgressGroup]:
    """What plugs of a role count, under the plug's own words."""
    counted = snapshot.details.plug_objectives or {}
    for row in anatomy.sockets:
        lines = _lines(counted.get(row.plug_hash, ()), snapshot.definitions) if row.role is role else ()
        if lines:
            plug = snapshot.definitions.item(row.plug_hash)
            yield ProgressGroup(plug.name if plug and plug.name else title, "", lines, "")


def _records(snapshot: ItemSnapshot, known: ItemDefinition, anatomy: Anatomy) -> Iterator[ProgressGroup]:
    """How far the weapon's pattern is, and an exotic's catalyst: both are counted by records."""
    catalysts = (
        snapshot.definitions.item(plug)
        for row in anatomy.sockets
        if row.role is Role.CATALYST
        for plug in (row.plug_hash, *row.offered)
    )
    hashes = [known.record_hash, *(plug.record_hash for plug in catalysts if plug)]
    for each in dict.fromkeys(hashes):
        definition = snapshot.definitions.find(RecordDefinition, each)
        if definition:
            yield _record(snapshot, definition)


def _record(snapshot: ItemSnapshot, definition: RecordDefinition) -> ProgressGroup:
    title = gettext("Pattern") if definition.is_pattern else definition.name
    has_pattern = definition.is_pattern and snapshot.item.has(ItemState.DEEPSIGHT)
    note = gettext("This copy holds a pattern that can be extracted.") if has_pattern else ""
    record = snapshot.profile.details.record(definition.hash, snapshot.item.owner)
    if record is None:
        return ProgressGroup(title, "", (), _unsent(snapshot.profile.missing.get("profileRecords")))
    if record.is_complete:
        done = gettext("You can craft this.") if definition.is_pattern else gettext("Complete.")
        return ProgressGroup(title, done, (), "")
    text = definition.description if not definition.is_pattern else ""
    return ProgressGroup(title, text, _lines(record.objectives, snapshot.definitions), note)


def _unsent(why: Absence | None) -> str:
    if why is Absence.PRIVATE:
        return gettext("Bungie keeps this progress private.")
    return gettext("Bungie did not send how far this is.")
