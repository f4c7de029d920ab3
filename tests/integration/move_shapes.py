"""Every shape that a plan can have, each found in the demo's world, and what must be true when such a move is over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from app.inventory.moves.plan import ACCOUNT_STORE, VAULT_STORE, Because, Step, StepKind, Wish
from app.sandbox import SandboxServer
from app.sandbox.envelope import Json
from app.sandbox.faults import PathRule
from app.sandbox.player import POSTMASTER, VAULT, Player
from app.services.moves.reports import BatchReport
from app.services.moves.service import MoveRequest
from app.services.sessions import Viewer
from app.wiring import Services
from tests.visitor import Visitor, listed_items

TITAN, HUNTER = "2305843009000000100", "2305843009000000101"
ACE_OF_SPADES = 347366834
KINETIC, CONSUMABLES = 1498876634, 1469714392
# Bungie's clock runs so much ahead of ours, as far as is tolerated: so a look at a profile counts at once.
CLOCK_AHEAD_S = 1.9

ONLY_LOOKS_FREE = "into a vault that only looks free"
# A shape by its name, and how many requests to Bungie it takes.
SHAPES = {
    "between characters": 2, "worn, to the vault": 2, "worn, to another character": 3, "worn instead": 1,
    "one exotic for another": 3, "into a full place": 3, "postmaster to another character": 3, "pieces of a stack": 1,
    "locking": 1, "away from a twin": 2, "to the vault": 1, ONLY_LOOKS_FREE: 3, "unlocking": 1, "tracking": 1,
    "into a socket": 1, "an in-game loadout": 1,
}  # fmt: skip
_CHANGES_A_LOCK = {"locking": True, "unlocking": False}
_LOCKED, _TRACKED = 1, 2


@dataclass(slots=True)
class AtStep(PathRule):
    """Hits the n-th action alone, counted from 0."""

    step: int = 0
    path: str = "*/Actions/*"
    seen: int = field(default=0)

    def hits(self, path: str) -> bool:
        if not PathRule(self.path).hits(path):
            return False
        self.seen += 1
        return self.seen == self.step + 1


def the_viewer(player: Player) -> Viewer:
    """The only player of a fresh site."""
    return Viewer(1, 1, "player", "", 1, player.membership_id, player.membership_type)


def request_of(shape: str, player: Player, services: Services) -> MoveRequest:
    """A move of that shape, made possible first where the world has none. Its plan is as long as the table says."""
    if shape in _MADE_POSSIBLE_BY:
        _MADE_POSSIBLE_BY[shape](player)
        services.profiles.renew(1, player.membership_type, player.membership_id)
    viewer = the_viewer(player)
    for request in _candidates(shape, player):
        if request.action != "move":
            return request
        if _is(shape, services.moves.preview(viewer, request.wish).steps):
            return request
    raise AssertionError(f"the demo has nothing for: {shape}")


def fill_vault(sandbox: SandboxServer, player: Player) -> None:
    """The last place of the vault is taken by what Bungie does not list."""
    stored = sum(each["bucketHash"] == VAULT for each in player.account_items())
    vault = sandbox.app.state.definitions.bucket(VAULT)
    assert vault
    sandbox.app.state.faults.set(hidden_vault_items=vault.capacity - stored)


def assert_locks_are_kept(shape: str, before: dict[str, bool], after: dict[str, bool]) -> None:
    """But for the one lock that was to be changed."""
    changed = [is_on for key, is_on in after.items() if is_on is not before[key]]
    assert changed == ([_CHANGES_A_LOCK[shape]] if shape in _CHANGES_A_LOCK else [])


def _is(shape: str, steps: tuple[Step, ...]) -> bool:
    if len(steps) != (1 if shape == ONLY_LOOKS_FREE else SHAPES[shape]):  # the game says so only when it is asked
        return False
    becauses = {step.because for step in steps}
    if shape == "one exotic for another":
        return Because.ONE_EXOTIC in becauses
    if shape == "into a full place":
        return Because.ROOM in becauses
    if shape == "away from a twin":
        return Because.KEEP_LOCK in becauses
    if shape.startswith("worn, "):
        return steps[0].kind is StepKind.EQUIP and steps[0].because is Because.TAKE_OFF
    return becauses == {Because.WISH}


def _candidates(shape: str, player: Player) -> Iterator[MoveRequest]:
    carried = [item for item in player.carried(TITAN) if "itemInstanceId" in item]
    if shape in _DEEDS:
        yield from _DEEDS[shape](player, carried)
    elif shape == "pieces of a stack":
        for stack in player.account_items():
            if stack["bucketHash"] == CONSUMABLES and stack["quantity"] > 8:
                yield MoveRequest(Wish(stack["itemHash"], "", ACCOUNT_STORE, VAULT_STORE, 3))
    elif shape.startswith("worn, "):
        target = VAULT_STORE if shape.endswith("vault") else HUNTER
        yield from (MoveRequest(_wish(item, TITAN, target)) for item in player.worn(TITAN))
    elif shape == "worn instead":
        yield from (MoveRequest(_wish(item, TITAN, TITAN, equip=True)) for item in carried)
    elif shape in {"one exotic for another", "away from a twin"}:
        stored = (item for item in player.account_items() if item["bucketHash"] == VAULT)
        copies = (item for item in stored if "itemInstanceId" in item)
        yield from (MoveRequest(_wish(item, VAULT_STORE, TITAN, equip=shape.startswith("one"))) for item in copies)
    else:
        bucket = POSTMASTER if shape.startswith("postmaster") else KINETIC
        target = VAULT_STORE if "vault" in shape else HUNTER
        yield from (MoveRequest(_wish(item, TITAN, target)) for item in carried if item["bucketHash"] == bucket)


def _lock_changes(_player: Player, carried: list[Json], *, is_on: bool) -> Iterator[MoveRequest]:
    for item in carried:
        if item.get("lockable") and bool(item["state"] & _LOCKED) is not is_on:
            yield MoveRequest(_wish(item, TITAN, TITAN), "lock" if is_on else "unlock")


def _tracked(player: Player, carried: list[Json]) -> Iterator[MoveRequest]:
    """A quest beside one that is tracked already."""
    buckets = {item["bucketHash"] for item in carried if item["state"] & _TRACKED}
    for item in carried:
        if item["bucketHash"] in buckets and not item["state"] & _TRACKED:
            yield MoveRequest(_wish(item, TITAN, TITAN), "track")


def _plugs(player: Player, carried: list[Json]) -> Iterator[MoveRequest]:
    """Another perk of a copy's own roll."""
    for item in carried:
        offered = (player.instance_data("reusablePlugs", item["itemInstanceId"]) or {}).get("plugs", {})
        for slot, choices in offered.items():
            for choice in choices:
                if choice["canInsert"] and choice["plugItemHash"] != plug_in(player, item["itemInstanceId"], int(slot)):
                    yield MoveRequest(_wish(item, TITAN, TITAN), "plug", int(slot), choice["plugItemHash"])


def _in_game_loadout(_player: Player, _carried: list[Json]) -> Iterator[MoveRequest]:
    yield MoveRequest(Wish(0, "", TITAN, TITAN), "wearset", _SLOT)


# The first loadout of the demo: it is what the Titan wears.
_SLOT = 0
_DEEDS: dict[str, Callable[[Player, list[Json]], Iterator[MoveRequest]]] = {
    "locking": partial(_lock_changes, is_on=True), "unlocking": partial(_lock_changes, is_on=False),
    "tracking": _tracked, "into a socket": _plugs, "an in-game loadout": _in_game_loadout,
}  # fmt: skip


def plug_in(player: Player, instance_id: str, slot: int) -> int:
    sockets = (player.instance_data("sockets", instance_id) or {})["sockets"]
    return int(sockets[slot].get("plugHash", 0))


def _saved(player: Player) -> list[Json]:
    """The pieces of that in-game loadout."""
    loadouts = (player.data("characterLoadouts") or {})[TITAN]["loadouts"]
    pieces: list[Json] = loadouts[_SLOT]["items"]
    return pieces


def _wish(item: Json, source: str, target: str, *, equip: bool = False) -> Wish:
    return Wish(item["itemHash"], item.get("itemInstanceId", ""), source, target, 1, equip)


def _crowd(player: Player) -> None:
    """Fills the Hunter's first weapon slot with what the others have there."""
    there = [each for each in (*player.carried(HUNTER), *player.worn(HUNTER)) if each["bucketHash"] == KINETIC]
    others = [owner for owner in player.character_ids if owner not in {TITAN, HUNTER}]
    givers = [(owner, each) for owner in (*others, TITAN) for each in player.carried(owner)]
    movable = [(owner, each) for owner, each in givers if each["bucketHash"] == KINETIC][: 10 - len(there)]
    for owner, item in movable:
        player.carried(owner).remove(item)
        player.carried(HUNTER).append(item)


def _dress_otherwise(player: Player) -> None:
    """The saved loadout has another weapon than the one that is worn; it lies in the vault."""
    worn = next(each for each in player.worn(TITAN) if each["bucketHash"] == KINETIC)
    other = next(each for each in player.carried(TITAN) if each["bucketHash"] == KINETIC)
    piece = next(each for each in _saved(player) if each["itemInstanceId"] == worn["itemInstanceId"])
    piece["itemInstanceId"] = other["itemInstanceId"]
    player.carried(TITAN).remove(other)
    player.account_items().append(other | {"bucketHash": VAULT})


_MADE_POSSIBLE_BY = {"into a full place": _crowd, "an in-game loadout": _dress_otherwise}


def belongings(player: Player) -> Counter[tuple[int, str]]:
    owned: Counter[tuple[int, str]] = Counter()
    for place in player.places():
        for item in place.items:
            owned[item["itemHash"], item.get("itemInstanceId", "")] += item["quantity"]
    return owned


def locks(player: Player) -> dict[str, bool]:
    """Whether each copy is locked."""
    copies = (item for place in player.places() for item in place.items if "itemInstanceId" in item)
    return {item["itemInstanceId"]: bool(item["state"] & _LOCKED) for item in copies}


def vaulted(player: Player, item_hash: int) -> int:
    stored = (each for each in player.account_items() if each["bucketHash"] == VAULT)
    return sum(each["quantity"] for each in stored if each["itemHash"] == item_hash)


def assert_done(report: BatchReport | None, request: MoveRequest, player: Player) -> None:
    """What was told is so in the game."""
    assert report is not None
    assert report.state == "done", report
    if request.action == "move":
        _assert_arrived(request.wish, player)
    elif request.action == "wearset":
        worn = {item.get("itemInstanceId") for item in player.worn(TITAN)}
        assert {piece["itemInstanceId"] for piece in _saved(player)} <= worn
    elif request.action == "plug":
        assert plug_in(player, request.wish.instance_id, request.slot) == request.plug_hash
    else:
        found = player.find(request.wish.instance_id)
        assert found
        flag = _TRACKED if request.action == "track" else _LOCKED
        assert bool(found[1]["state"] & flag) is (request.action != "unlock")


def _assert_arrived(wish: Wish, player: Player) -> None:
    """A copy; pieces of a stack have no name of their own."""
    if wish.instance_id:
        found = player.find(wish.instance_id)
        assert found
        place, _ = found
        assert (place.character_id or VAULT_STORE) == wish.target
        assert place.is_worn is wish.equip


def go_on(services: Services) -> None:
    """What the workers do, slice by slice, until nothing is left for now."""
    for _ in range(8):
        if services.moves.go_on(1) is None:
            return


def carried_out(services: Services, viewer: Viewer, report: BatchReport | None) -> BatchReport:
    """A batch once the workers have gone on with it."""
    assert report
    go_on(services)
    found = services.moves.find(viewer, report.public_id)
    assert found
    return found


def assert_pages_agree(visitor: Visitor, player: Player) -> None:
    """The tiles of all pages are the sandbox's own list, and stand where it has them."""
    assert visitor.everything() == listed_items(player.components)
    for owner in player.character_ids:
        held = [*player.carried(owner), *player.worn(owner)]
        assert {tile for _, tile, _ in visitor.tiles(f"/characters/{owner}") if tile} == {
            each["itemInstanceId"] for each in held if "itemInstanceId" in each
        }
