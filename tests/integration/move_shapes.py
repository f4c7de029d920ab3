"""Every shape that a plan can have, each found in the demo's world, and what must be true when such a move is over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.inventory.moves.plan import ACCOUNT_STORE, VAULT_STORE, Because, Step, StepKind, Wish
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

# A shape by its name, and how many requests to Bungie it takes.
SHAPES = {
    "between characters": 2, "worn, to the vault": 2, "worn, to another character": 3, "worn instead": 1,
    "one exotic for another": 3, "into a full place": 3, "postmaster to another character": 3, "pieces of a stack": 1,
    "locking": 1, "away from a twin": 2,
}  # fmt: skip


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
    if shape == "into a full place":
        _crowd(player)
        services.profiles.renew(1, player.membership_type, player.membership_id)
    viewer = the_viewer(player)
    for request in _candidates(shape, player):
        if request.action != "move":
            return request
        if _is(shape, services.moves.preview(viewer, request.wish).steps):
            return request
    raise AssertionError(f"the demo has nothing for: {shape}")


def _is(shape: str, steps: tuple[Step, ...]) -> bool:
    if len(steps) != SHAPES[shape]:
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
    if shape == "locking":
        item = next(each for each in carried if each.get("lockable") and not each["state"] & 1)
        yield MoveRequest(_wish(item, TITAN, TITAN), "lock")
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
        yield from (MoveRequest(_wish(item, TITAN, HUNTER)) for item in carried if item["bucketHash"] == bucket)


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


def belongings(player: Player) -> Counter[tuple[int, str]]:
    owned: Counter[tuple[int, str]] = Counter()
    for place in player.places():
        for item in place.items:
            owned[item["itemHash"], item.get("itemInstanceId", "")] += item["quantity"]
    return owned


def locks(player: Player) -> dict[str, bool]:
    """Whether each copy is locked."""
    copies = (item for place in player.places() for item in place.items if "itemInstanceId" in item)
    return {item["itemInstanceId"]: bool(item["state"] & 1) for item in copies}


def vaulted(player: Player, item_hash: int) -> int:
    stored = (each for each in player.account_items() if each["bucketHash"] == VAULT)
    return sum(each["quantity"] for each in stored if each["itemHash"] == item_hash)


def assert_done(report: BatchReport | None, request: MoveRequest, player: Player) -> None:
    """What was told is so in the game."""
    assert report is not None
    assert report.state == "done", report
    wish = request.wish
    if not wish.instance_id:
        return
    found = player.find(wish.instance_id)
    assert found is not None
    place, item = found
    assert (place.character_id or VAULT_STORE) == wish.target
    assert place.is_worn is wish.equip or request.action != "move"
    assert request.action != "lock" or item["state"] & 1


def assert_pages_agree(visitor: Visitor, player: Player) -> None:
    """The tiles of all pages are the sandbox's own list, and stand where it has them."""
    assert visitor.everything() == listed_items(player.components)
    for owner in player.character_ids:
        held = [*player.carried(owner), *player.worn(owner)]
        assert {tile for _, tile, _ in visitor.tiles(f"/characters/{owner}") if tile} == {
            each["itemInstanceId"] for each in held if "itemInstanceId" in each
        }
