"""The game's own loadouts of a character: wear, save, name and clear them, and bring their pieces together."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import NamedTuple

from app.bungie.actions import BungieActions, Who
from app.bungie.actions import Looks as Looks  # noqa: PLC0414 - part of what pages say here
from app.bungie.errors import BungieError, Throttled, TokenRefused, Unavailable
from app.bungie.http import Deadline
from app.inventory.items import Place
from app.inventory.loadouts.analysis import Finding, Problem, analyse
from app.inventory.loadouts.capture import saved_build
from app.inventory.loadouts.matching import Belongings, Match
from app.inventory.loadouts.model import Build
from app.inventory.loadouts.plan import gathering
from app.inventory.moves.plan import StepKind, Wish
from app.inventory.profile import Character, Loadout, Profile
from app.manifest.plans import LOADOUT_NAME
from app.services.loadouts.table import Table, Tables
from app.services.moves.queue import MoveQueues
from app.services.moves.reports import BatchReport
from app.services.moves.service import MoveRequest, MoveService
from app.services.profiles import ProfileService
from app.services.sessions import Viewer
from app.services.tokens import TokenService

# A form's answer waits this long for Bungie.
_PATIENCE_S = 8.0
# Lost pieces are counted by themselves; the game puts its own plugs in, and fetches from the vault without room.
_NOT_OF_THE_GAME = frozenset({Problem.MISSING, Problem.COSTS, Problem.VAULT_FULL})
# The game takes one change of this kind a second from a player.
_PACE_S = 1.05


class MovesAreUnderWay(Exception):
    """What a character wears is just changing; it could be saved half done."""


class Slot(NamedTuple):
    """One slot of the game's own loadouts; an unused one has no pieces. `findings` are those beside lost pieces."""

    saved: Loadout
    build: Build
    matches: tuple[Match, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class InGame:
    """A character with its loadouts; `slots` None = Bungie did not send them."""

    character: Character
    slots: tuple[Slot, ...] | None
    table: Table

    def slot(self, number: int) -> Slot | None:
        return next((each for each in self.slots or () if each.saved.slot == number), None)


class InGameLoadouts:
    """Methods that change something raise BungieError and MovesAreUnderWay; False = no such loadout of theirs."""

    def __init__(
        self,
        tables: Tables,
        moves: MoveService,
        queues: MoveQueues,
        actions: BungieActions,
        tokens: TokenService,
        profiles: ProfileService,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._tables = tables
        self._moves = moves
        self._queues = queues
        self._actions = actions
        self._tokens = tokens
        self._profiles = profiles
        self._sleep = sleep

    def look(self, viewer: Viewer, character_id: str, locale: str) -> InGame | None:
        """None for what is no character of theirs."""
        table = self._tables.of_saved(viewer, locale, character_id)
        character = table.profile.character(character_id)
        if character is None:
            return None
        saved = table.profile.details.loadouts(character_id)
        return InGame(
            character, tuple(_slot(each, character, table) for each in saved) if saved is not None else None, table
        )

    def as_own(self, viewer: Viewer, character_id: str, slot: int, name: str, locale: str) -> Build | None:
        """A saved loadout to be kept here; `name` is for one that has none. None when there is none in this slot."""
        found = self._used(viewer, character_id, slot, locale)
        return replace(found[1].build, name=found[1].build.name or name) if found else None

    # --- through the queue of moves ----------------------------------------------------------------------------------

    def equip(self, viewer: Viewer, key: str, character_id: str, slot: int, locale: str) -> BatchReport | None:
        """Wears a saved loadout. None when there is none in this slot."""
        if not self._used(viewer, character_id, slot, locale):
            return None
        request = MoveRequest(Wish(0, "", character_id, character_id), StepKind.WEAR_SET.value, slot)
        return self._moves.order(viewer, key, [request])

    def prepare(
        self, viewer: Viewer, key: str, character_id: str, slot: int, locale: str
    ) -> tuple[BatchReport | None, bool]:
        """Brings the pieces of a saved loadout to the character; (None, True) when all are there already."""
        found = self._used(viewer, character_id, slot, locale)
        if found is None:
            return None, False
        wishes = gathering([match.item for match in found[1].matches if match.item], character_id)
        if not wishes:
            return None, True
        return self._moves.order(viewer, key, [MoveRequest(wish) for wish in wishes]), True

    # --- at once -----------------------------------------------------------------------------------------------------

    def save(self, viewer: Viewer, character_id: str, slot: int, looks: Looks, locale: str) -> bool:
        """Saves what the character wears now; looks of 0 stay as they are."""

        def is_saved(profile: Profile) -> bool:
            saved = _saved(profile, character_id, slot)
            worn = {each.instance_id for each in profile.items if _is_worn_by(each.place, each.owner, character_id)}
            return saved is not None and bool(saved.items) and {each.instance_id for each in saved.items} <= worn

        return self._change(
            viewer,
            (character_id, slot, locale),
            lambda who, deadline: self._actions.snapshot_loadout(who, character_id, slot, looks, deadline),
            is_saved,
        )

    def rename(self, viewer: Viewer, character_id: str, slot: int, looks: Looks, locale: str) -> bool:
        def is_renamed(profile: Profile) -> bool:
            saved = _saved(profile, character_id, slot)
            return saved is not None and (saved.name_hash, saved.icon_hash, saved.color_hash) == tuple(looks)

        return self._change(
            viewer,
            (character_id, slot, locale),
            lambda who, deadline: self._actions.name_loadout(who, character_id, slot, looks, deadline),
            is_renamed,
        )

    def clear(self, viewer: Viewer, character_id: str, slot: int, locale: str) -> bool:
        def is_empty(profile: Profile) -> bool:
            saved = _saved(profile, character_id, slot)
            return saved is not None and not saved.items

        return self._change(
            viewer,
            (character_id, slot, locale),
            lambda who, deadline: self._actions.clear_loadout(who, character_id, slot, deadline),
            is_empty,
        )

    def _change(
        self,
        viewer: Viewer,
        which: tuple[str, int, str],
        act: Callable[[Who, Deadline], None],
        is_done: Callable[[Profile], bool],
    ) -> bool:
        """Asks the game once. After an answer that leaves it open, a look at the profile tells."""
        character_id, slot, locale = which
        looking = self.look(viewer, character_id, locale)
        if looking is None or looking.slot(slot) is None:
            return False
        deadline = Deadline(_PATIENCE_S)
        with self._queues.turn(viewer.account_id or 0) as turn:
            if turn is None:
                raise MovesAreUnderWay
            try:
                self._ask(viewer, act, deadline)
            except Unavailable:
                if not is_done(self._renewed(viewer)):
                    raise
            else:
                with suppress(BungieError):  # it is done; only the page may show it later
                    self._renewed(viewer)
        return True

    def _ask(self, viewer: Viewer, act: Callable[[Who, Deadline], None], deadline: Deadline) -> None:
        """A refused token is renewed once, and what came too soon after another change waits once."""
        account_id = viewer.account_id or 0
        token = self._tokens.access_token(account_id, deadline)
        try:
            act(Who(viewer.membership_type, token), deadline)
        except TokenRefused:
            token = self._tokens.access_token(account_id, deadline, refused=token)
            act(Who(viewer.membership_type, token), deadline)
        except Throttled as error:
            wait_s = max(_PACE_S, error.told_s)
            if not error.is_personal or wait_s > deadline.remaining_s():
                raise
            self._sleep(wait_s)
            act(Who(viewer.membership_type, token), deadline)

    def _renewed(self, viewer: Viewer) -> Profile:
        return self._profiles.renew(viewer.account_id or 0, viewer.membership_type, viewer.membership_id)

    def _used(self, viewer: Viewer, character_id: str, slot: int, locale: str) -> tuple[InGame, Slot] | None:
        looking = self.look(viewer, character_id, locale)
        found = looking.slot(slot) if looking else None
        return (looking, found) if looking and found and found.saved.items else None


def _slot(saved: Loadout, character: Character, table: Table) -> Slot:
    named = table.definitions.named(LOADOUT_NAME, saved.name_hash)
    build = saved_build(named.name if named else "", character.class_type, saved, table.profile, table.definitions)
    matches = Belongings(table.profile.items).match_all(build.pieces)
    found = analyse(build, matches, table.profile, table.definitions)
    return Slot(saved, build, matches, tuple(each for each in found if each.problem not in _NOT_OF_THE_GAME))


def _saved(profile: Profile, character_id: str, slot: int) -> Loadout | None:
    loadouts = profile.details.loadouts(character_id) or ()
    return next((each for each in loadouts if each.slot == slot), None)


def _is_worn_by(place: Place, owner: str, character_id: str) -> bool:
    return place is Place.EQUIPPED and owner == character_id
