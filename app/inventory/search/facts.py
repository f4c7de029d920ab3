"""What a search can ask about: one player's items with everything known of them, worked out when first asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, wraps
from typing import Any, NamedTuple, TypeVar

from app.inventory.arrange import OwnedItem
from app.inventory.definitions import Definitions, ItemDefinition, T
from app.inventory.items import Instance, Item, ItemDetails, Socket
from app.inventory.profile import Character, Details
from app.inventory.search.haystack import PerkWords, WordIndex
from app.inventory.search.own import Own
from app.inventory.search.text import fold
from app.inventory.telling.anatomy import anatomy_of
from app.inventory.telling.roles import Role, role_of
from app.inventory.telling.sockets import is_nothing
from app.inventory.telling.stats import StatRow

Result = TypeVar("Result")

WEAPON, ARMOR = 3, 2  # DestinyItemType
_ROLLED = frozenset({Role.PERK, Role.FRAME})
_UNKNOWN = ItemDefinition(hash=0)
_NO_INSTANCE = Instance()
_NO_DETAILS = ItemDetails()
_UNTOLD: Any = object()


class Subject(NamedTuple):
    """One item under search. What is not known is empty: a definition without facts, an instance without numbers."""

    item: Item
    known: ItemDefinition
    instance: Instance
    power: int  # 0 = none
    key: str  # tells copies apart


class Plugged(NamedTuple):
    """One socket that holds something. `plug` is empty where the definitions do not know it."""

    position: int
    hash: int
    plug: ItemDefinition
    role: Role
    is_enabled: bool
    is_visible: bool
    is_empty: bool  # holds only the game's own sign of emptiness


def once_per_copy(work: Callable[[Reading, Subject], Result]) -> Callable[[Reading, Subject], Result]:
    """What follows from a copy's definition and sockets alone is worked out once for all searches of one reading.

    Only copies that the reading has details of are remembered: one without any may be everybody's, and lives for ever.
    """

    @wraps(work)
    def told(reading: Reading, subject: Subject) -> Result:
        known, key = reading.told[work], subject.item.instance_id
        found: Result = known.get(key, _UNTOLD)
        if found is _UNTOLD:
            found = work(reading, subject)
            if reading.has(key):
                known[key] = found
        return found

    return told


class Reading:
    """What sits in the sockets of a player's copies, and what the game says about it. It outlives single searches.

    `definitions` must know the plugs, and whatever else the keywords of a search need besides the items themselves.
    `told` is what is remembered of copies: by what was worked out, and by instance id.
    """

    def __init__(
        self, details: Mapping[str, ItemDetails] | None = None, definitions: Definitions | None = None
    ) -> None:
        self._details = details or {}
        self._definitions = definitions
        self.told: dict[Callable[..., Any], dict[str, Any]] = defaultdict(dict)
        self._words: dict[int, PerkWords] = {}
        self._index: tuple[tuple[str, ...], WordIndex] | None = None

    def has(self, instance_id: str) -> bool:
        return instance_id in self._details

    def detail(self, subject: Subject) -> ItemDetails:
        return self._details.get(subject.item.instance_id, _NO_DETAILS)

    def find(self, makes: type[T], definition_hash: int) -> T | None:
        return self._definitions.find(makes, definition_hash) if self._definitions else None

    @once_per_copy
    def plugged(self, subject: Subject) -> tuple[Plugged, ...]:
        """The sockets of an item that hold something; none where Bungie did not send them."""
        return tuple(self._sockets(subject))

    @once_per_copy
    def plug_categories(self, subject: Subject) -> frozenset[str]:
        """The kinds of everything that sits in the sockets of a copy, in the game's words."""
        return frozenset([each.plug.plug_category for each in self.plugged(subject)])

    @once_per_copy
    def perks(self, subject: Subject) -> frozenset[int]:
        """The hashes of everything that an item holds or offers in its sockets."""
        return frozenset(self._offered(subject))

    def perk(self, plug_hash: int) -> PerkWords:
        """What a plug is called and says, folded; every plug is looked at once."""
        found = self._words.get(plug_hash)
        if found is None:
            plug = self.plug(plug_hash) or _UNKNOWN
            found = self._words[plug_hash] = PerkWords(
                plug.name, fold(plug.name), fold(f"{plug.name}\n{plug.description}")
            )
        return found

    @once_per_copy
    def roll(self, subject: Subject) -> frozenset[int]:
        """The hashes of the perks and the frame that a copy holds."""
        return frozenset([each.hash for each in self.plugged(subject) if each.role in _ROLLED])

    def index(self, subjects: Sequence[Subject]) -> WordIndex:
        """Which of these items say what; worked out anew only for other items, or others in their places."""
        keys, known = tuple([each.key for each in subjects]), self._index
        if known is None or known[0] != keys:
            known = self._index = (keys, self._indexed(subjects))
        return known[1]

    def _indexed(self, subjects: Sequence[Subject]) -> WordIndex:
        plugs: dict[int, list[int]] = defaultdict(list)
        known: dict[int, ItemDefinition] = {}
        said: dict[int, list[int]] = defaultdict(list)
        for place, each in enumerate(subjects):
            said[each.known.hash].append(place)
            known[each.known.hash] = each.known
            for plug in self.perks(each):
                plugs[plug].append(place)
        words = {plug: self.perk(plug) for plug in plugs}
        return WordIndex(len(subjects), plugs, words, [(_said(known[each]), places) for each, places in said.items()])

    @once_per_copy
    def stat_rows(self, subject: Subject) -> tuple[StatRow, ...]:
        """The numbers of a copy, each with what it is made of; none where nothing was recorded of it."""
        details = self.detail(subject)
        if not self._definitions or not (details.stats or details.sockets):
            return ()
        return anatomy_of(subject.known, details, self._definitions).stats

    @once_per_copy
    def bases(self, subject: Subject) -> Mapping[int, int]:
        """Stats without what can be changed; where nobody knows how a number comes about, the number itself."""
        rows = self.stat_rows(subject)
        return {each.stat_hash: each.value if each.base is None else each.base for each in rows}

    def plug(self, plug_hash: int) -> ItemDefinition | None:
        return self._definitions.item(plug_hash) if self._definitions else None

    def _sockets(self, subject: Subject) -> Iterator[Plugged]:
        categories = subject.known.socket_categories
        for position, socket in enumerate(self.detail(subject).sockets or ()):
            if socket.plug_hash:
                category = categories[position] if position < len(categories) else 0
                yield _plugged(position, socket, category, self.plug(socket.plug_hash))

    def _offered(self, subject: Subject) -> Iterator[int]:
        yield from (each.hash for each in self.plugged(subject) if not each.is_empty)
        for choices in (self.detail(subject).choices or {}).values():
            for choice in choices:
                plug = self.plug(choice.plug_hash)
                if plug and not is_nothing(choice.plug_hash, plug):
                    yield choice.plug_hash


class Collection:
    """One player's items; characters stand last played first. What several terms ask about is worked out once.

    `record_done` tells of the hash of a triumph whether it is complete; `own` is what the player's own choices say.
    """

    def __init__(
        self,
        owned: Iterable[OwnedItem],
        characters: Sequence[Character] = (),
        reading: Reading | None = None,
        loadout_ids: Callable[[], frozenset[str]] = frozenset,
        record_done: Callable[[int], bool] = lambda _: False,
        own: Own | None = None,
    ) -> None:
        self.own = own or Own()
        self._owned = owned
        self._loadout_ids = loadout_ids
        self.characters = characters
        self.record_done = record_done
        self.reading = reading or Reading()
        self._worked_out: dict[Hashable, Any] = {}

    @cached_property
    def subjects(self) -> tuple[Subject, ...]:
        return subjects_of(self._owned)

    @cached_property
    def words(self) -> WordIndex:
        """Which of the items say what."""
        return self.reading.index(self.subjects)

    @cached_property
    def definitions(self) -> Mapping[int, ItemDefinition]:
        """What there is of, by hash; copies of one item share their definition."""
        return {each.known.hash: each.known for each in self.subjects}

    @cached_property
    def class_of(self) -> Mapping[str, int]:
        """ClassType by character id."""
        return {each.id: each.class_type for each in self.characters}

    @cached_property
    def loadout_ids(self) -> frozenset[str]:
        """Instance ids that any in-game loadout names."""
        return self._loadout_ids()

    def once(self, name: Hashable, work: Callable[[], Result]) -> Result:
        """The result of work over all items, done when it is first asked for under this name."""
        if name not in self._worked_out:
            self._worked_out[name] = work()
        found: Result = self._worked_out[name]
        return found


def in_loadouts(characters: Iterable[Character], details: Details) -> frozenset[str]:
    """Instance ids that the in-game loadouts of these characters name."""
    loadouts = (loadout for each in characters for loadout in details.loadouts(each.id) or ())
    return frozenset(piece.instance_id for loadout in loadouts for piece in loadout.items)


def _said(known: ItemDefinition) -> str:
    """Everything that a definition says, folded."""
    texts = (known.name, known.quest_line, known.description, known.flavor, known.type_name, known.source)
    return fold("\n".join(texts))


def _plugged(position: int, socket: Socket, category: int, plug: ItemDefinition | None) -> Plugged:
    role = role_of(plug.plug_category if plug else "", category)
    is_empty = is_nothing(socket.plug_hash, plug) or (role is Role.MOD and not _does_something(plug))
    return Plugged(position, socket.plug_hash, plug or _UNKNOWN, role, socket.is_enabled, socket.is_visible, is_empty)


def _does_something(plug: ItemDefinition | None) -> bool:
    """A mod gives a perk or points; the many signs of "no mod here" do neither."""
    return plug is not None and bool(plug.perks or plug.investments)


def subject_of(owned: OwnedItem) -> Subject:
    return subjects_of((owned,))[0]


def subjects_of(owned: Iterable[OwnedItem]) -> tuple[Subject, ...]:
    """Items as they are searched. Every search makes them all anew, so each is put together without a call."""
    make = tuple.__new__
    return tuple(
        [
            make(
                Subject,
                (
                    item,
                    definition or _UNKNOWN,
                    item.instance or _NO_INSTANCE,
                    power or 0,
                    item.instance_id or f"{item.hash}/{item.owner}/{item.bucket_hash}",
                ),
            )
            for item, definition, power, _tag in owned
        ]
    )
