"""Loadouts as values: which copies they mean, what is wrong with them, in which order they are put on."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from app.inventory.buckets import SUBCLASS
from app.inventory.definitions import Amount, ItemDefinition, SocketDefinition
from app.inventory.items import Instance, Item, ItemDetails, Place, PlugChoice, Socket
from app.inventory.loadouts.analysis import Finding, Problem, analyse
from app.inventory.loadouts.capture import outfit, worn_pieces
from app.inventory.loadouts.matching import Belongings
from app.inventory.loadouts.model import MOST_PIECES, MOST_PLUGS, Build, Piece, Plug, tidy
from app.inventory.loadouts.plan import application
from app.inventory.profile import Character, NoDetails, Profile
from app.inventory.references import MaterialsDefinition, SocketTypeDefinition
from tests.builders import HELMET, KINETIC, LOST_ITEMS, VAULT, FakeDefinitions, bucket, item, weapon, with_power

ENERGY = 2465295065
TITAN, HUNTER = "100", "200"
CHARACTERS = (Character(TITAN, class_type=0, last_played="2"), Character(HUNTER, class_type=1, last_played="1"))
HEAD_MOD, ARMS_MOD, COSTLY, OLD = 501, 502, 503, 504
HELM_KIND, FREE, PRICED = 900, 910, 911


@dataclass
class Sockets(NoDetails):
    """What sits in the sockets of copies, by instance id."""

    plugs: dict[str, list[int]] = field(default_factory=dict)

    def item(self, item: Item, /) -> ItemDetails:
        found = self.plugs.get(item.instance_id)
        return ItemDetails(sockets=tuple(Socket(plug, True, True) for plug in found) if found is not None else None)


def plug(
    item_hash: int, category: int, energy: int = 0, cost: int = 0, kind: str = "enhancements.v2"
) -> ItemDefinition:
    return ItemDefinition(
        item_hash, name=f"Mod {item_hash}", plug_category=kind, plug_category_hash=category, energy_cost=energy,
        insertion_cost_hash=cost,
    )  # fmt: skip


HELM = ItemDefinition(
    20, name="Helm", bucket_hash=HELMET, class_type=0, is_equippable=True, tier=5,
    sockets=(SocketDefinition(HELM_KIND), SocketDefinition(HELM_KIND)),
)  # fmt: skip
DEFINITIONS = FakeDefinitions(
    items={
        10: weapon(10, "Ace", unique_label="exotic_weapon", is_equippable=True),
        11: weapon(11, "Fatebringer", tier=5, is_equippable=True),
        12: ItemDefinition(12, name="Telesto", tier=6, bucket_hash=ENERGY, unique_label="exotic_weapon"),
        20: HELM,
        30: ItemDefinition(30, name="Striker", bucket_hash=SUBCLASS, class_type=0, is_equippable=True),
        HEAD_MOD: plug(HEAD_MOD, 1, energy=3),
        ARMS_MOD: plug(ARMS_MOD, 2),
        COSTLY: plug(COSTLY, 1, cost=PRICED),
        OLD: plug(OLD, 1, kind="deprecated"),
        601: plug(601, 5, kind="frames"),
        505: plug(505, 1, energy=8),
        506: plug(506, 1, energy=1, cost=FREE),
    },
    bucket_rows={VAULT: bucket(VAULT, "Vault", capacity=2), KINETIC: bucket(KINETIC, "Kinetic", is_vaultable=True)},
    others={
        HELM_KIND: SocketTypeDefinition(HELM_KIND, plug_category_hashes=(1,)),
        FREE: MaterialsDefinition(FREE, (Amount(7, 0),)),
        PRICED: MaterialsDefinition(PRICED, (Amount(7, 2),)),
    },
)


def here(
    item_hash: int, instance_id: str, bucket_hash: int = KINETIC, place: Place = Place.CARRIED, **facts: object
) -> Item:
    return item(item_hash, instance_id, bucket_hash=bucket_hash, place=place, **{"owner": TITAN} | facts)


def player(*items: Item, plugs: dict[str, list[int]] | None = None) -> Profile:
    return Profile(CHARACTERS, items, details=Sockets(plugs or {}))


def wrong(build: Build, profile: Profile) -> list[Finding]:
    return list(analyse(build, Belongings(profile.items).match_all(build.pieces), profile, DEFINITIONS))


def problems(build: Build, profile: Profile) -> list[Problem]:
    return [each.problem for each in wrong(build, profile)]


# --- which copy ------------------------------------------------------------------------------------------------------


def test_a_named_copy_is_that_copy_wherever_it_is() -> None:
    found = Belongings([item(10, "1"), here(10, "2")]).match(Piece(10, "1"), TITAN)
    assert (found.item and found.item.instance_id, found.others) == ("1", 1)


def test_a_number_that_belongs_to_another_item_is_no_match() -> None:
    assert Belongings([item(10, "1")]).match(Piece(11, "1"), TITAN).item is None


def test_a_lost_copy_is_missing_though_there_are_others() -> None:
    found = Belongings([here(10, "2")]).match(Piece(10, "1"), TITAN)
    assert (found.item, found.others) == (None, 1)


@pytest.mark.parametrize(
    ("items", "best"),
    [
        ((item(11, "1"), here(11, "2")), "2"),
        ((here(11, "1"), here(11, "2", place=Place.EQUIPPED)), "2"),
        ((item(11, "1", instance=with_power(10)), item(11, "2", instance=with_power(90))), "2"),
        ((item(11, "1"), item(11, "2", bucket_hash=LOST_ITEMS, owner=HUNTER, instance=with_power(90))), "1"),
    ],
    ids=("the character's own", "the worn one", "the strongest", "not the postmaster's"),
)
def test_any_copy_means_the_handiest(items: tuple[Item, ...], best: str) -> None:
    found = Belongings(items).match(Piece(11), TITAN)
    assert found.item
    assert found.item.instance_id == best


def test_each_character_has_subclasses_of_its_own() -> None:
    held = Belongings([here(30, "1", SUBCLASS), here(30, "2", SUBCLASS, owner=HUNTER)])
    assert held.match(Piece(30, "1"), HUNTER).item == here(30, "2", SUBCLASS, owner=HUNTER)


# --- what is wrong ---------------------------------------------------------------------------------------------------


def test_nothing_is_wrong_with_what_is_there() -> None:
    profile = player(here(11, "1"), here(20, "2", HELMET), plugs={"2": [0, 0]})
    assert wrong(Build("x", 0, pieces=(Piece(11, "1"), Piece(20, "2", plugs=(Plug(0, HEAD_MOD),)))), profile) == []


def test_a_missing_piece_is_told_with_its_other_copies() -> None:
    (found,) = wrong(Build("x", pieces=(Piece(11, "1"),)), player(here(11, "2"), here(11, "3")))
    assert (found.problem, found.amount) == (Problem.MISSING, 2)


def test_what_the_game_does_not_know_is_told() -> None:
    assert problems(Build("x", pieces=(Piece(99, "1"),)), player(here(99, "1"))) == [Problem.UNKNOWN]


@pytest.mark.parametrize(("class_type", "is_wrong"), [(0, False), (1, True), (3, False)])
def test_another_classs_armor_does_not_go(class_type: int, is_wrong: bool) -> None:
    found = problems(Build("x", class_type, pieces=(Piece(20, "1"),)), player(here(20, "1", HELMET)))
    assert found == [Problem.WRONG_CLASS] * is_wrong


def test_carried_pieces_are_of_any_class() -> None:
    assert problems(Build("x", 1, pieces=(Piece(20, "1", is_worn=False),)), player(here(20, "1", HELMET))) == []


def test_two_in_one_place_and_two_exotics_clash() -> None:
    profile = player(here(10, "1"), here(11, "2"), here(12, "3", ENERGY))
    assert problems(Build("x", pieces=(Piece(10, "1"), Piece(11, "2"))), profile) == [Problem.SAME_SLOT]
    assert problems(Build("x", pieces=(Piece(10, "1"), Piece(12, "3"))), profile) == [Problem.TWO_EXOTICS]
    assert problems(Build("x", pieces=(Piece(10, "1"), Piece(12, "3", is_worn=False))), profile) == []


@pytest.mark.parametrize(
    ("chosen", "problem"),
    [
        (Plug(0, HEAD_MOD), None),
        (Plug(0, 506), None),  # a price of nothing
        (Plug(0, ARMS_MOD), Problem.DOES_NOT_FIT),
        (Plug(0, COSTLY), Problem.COSTS),
        (Plug(0, OLD), Problem.PLUG_GONE),
        (Plug(0, 9999), Problem.PLUG_GONE),
        (Plug(2, HEAD_MOD), Problem.NO_SOCKET),
        (Plug(0, 11), Problem.DOES_NOT_FIT),  # no plug at all
    ],
)
def test_a_plug_that_does_not_go_in_is_told(chosen: Plug, problem: Problem | None) -> None:
    profile = player(here(20, "1", HELMET), plugs={"1": [0, 0]})
    found = problems(Build("x", 0, pieces=(Piece(20, "1", plugs=(chosen,)),)), profile)
    assert found == ([problem] if problem else [])


def test_what_is_in_already_is_no_problem_whatever_the_game_says_of_it_today() -> None:
    plugs = (Plug(0, OLD), Plug(1, COSTLY))
    profile = player(here(20, "1", HELMET, instance=Instance(energy_capacity=1)), plugs={"1": [OLD, COSTLY]})
    assert wrong(Build("x", 0, pieces=(Piece(20, "1", plugs=plugs),)), profile) == []


@pytest.mark.parametrize(("capacity", "excess"), [(10, 1), (11, 0)])
def test_mods_need_energy_beside_those_that_stay(capacity: int, excess: int) -> None:
    helm = here(20, "1", HELMET, instance=Instance(energy_capacity=capacity))
    found = wrong(
        Build("x", 0, pieces=(Piece(20, "1", plugs=(Plug(0, 505),)),)), player(helm, plugs={"1": [0, HEAD_MOD]})
    )
    assert [each.amount for each in found if each.problem is Problem.NO_ENERGY] == [excess] * bool(excess)


def test_a_full_vault_is_told_when_pieces_have_to_go_through_it() -> None:
    full = (item(11, "8"), item(11, "9"))
    build = Build("x", pieces=(Piece(10, "1"), Piece(12, "2")))
    apart = player(here(10, "1"), here(12, "2", ENERGY, owner=HUNTER), *full)
    assert Finding(Problem.VAULT_FULL) in wrong(build, apart)
    together = player(here(10, "1"), here(12, "2", ENERGY), *full)
    assert Finding(Problem.VAULT_FULL) not in wrong(build, together)


# --- putting it on ---------------------------------------------------------------------------------------------------


def test_exotics_go_on_last_and_carried_pieces_come_after_worn_ones() -> None:
    profile = player(item(10, "1"), item(11, "2"), item(12, "3"))
    pieces = (Piece(12, "3"), Piece(10, "1", is_worn=False), Piece(11, "2"))
    plan = application(Build("x", pieces=pieces), profile, DEFINITIONS, TITAN)
    assert [(wish.instance_id, wish.equip) for wish in plan.moves] == [("2", True), ("3", True), ("1", False)]


def test_what_is_so_already_is_left_alone() -> None:
    profile = player(here(10, "1", place=Place.EQUIPPED), here(12, "2", ENERGY), plugs={})
    pieces = (Piece(10, "1"), Piece(12, "2", is_worn=False))
    plan = application(Build("x", pieces=pieces), profile, DEFINITIONS, TITAN)
    assert (plan.is_nothing, plan.settled) == (True, 2)


def test_what_waits_in_the_postmaster_is_fetched_even_to_be_carried() -> None:
    lost = here(11, "1", LOST_ITEMS)
    plan = application(Build("x", pieces=(Piece(11, "1", is_worn=False),)), player(lost), DEFINITIONS, TITAN)
    assert [wish.instance_id for wish in plan.moves] == ["1"]


def test_cheaper_mods_go_in_first_so_that_the_energy_lasts() -> None:
    helm = here(20, "1", HELMET, Place.EQUIPPED, instance=Instance(energy_capacity=9))
    pieces = (Piece(20, "1", plugs=(Plug(0, 505), Plug(1, 506))),)
    profile = player(helm, plugs={"1": [HEAD_MOD, HEAD_MOD]})
    plan = application(Build("x", 0, pieces=pieces), profile, DEFINITIONS, TITAN)
    assert [each.plug for each in plan.changes] == [Plug(1, 506), Plug(0, 505)]


def test_a_plan_says_what_it_leaves_out() -> None:
    profile = player(here(20, "1", HELMET, Place.EQUIPPED), plugs={"1": [0, 0]})
    pieces = (Piece(11, "9"), Piece(20, "1", plugs=(Plug(0, ARMS_MOD), Plug(1, HEAD_MOD))))
    plan = application(Build("x", 0, pieces=pieces), profile, DEFINITIONS, TITAN)
    assert [(each.piece.item_hash, each.problem) for each in plan.missed] == [
        (11, Problem.MISSING),
        (20, Problem.DOES_NOT_FIT),
    ]
    assert [each.plug for each in plan.changes] == [Plug(1, HEAD_MOD)]


def test_a_subclass_of_another_class_is_not_called_lost() -> None:
    profile = player(here(30, "3", SUBCLASS, Place.EQUIPPED))
    plan = application(Build("x", pieces=(Piece(30, "3"),)), profile, DEFINITIONS, HUNTER)
    assert [each.problem for each in plan.missed] == [Problem.WRONG_CLASS]


# --- making ----------------------------------------------------------------------------------------------------------


def test_what_is_worn_is_captured_with_the_mods_that_were_chosen() -> None:
    profile = player(
        here(20, "1", HELMET, Place.EQUIPPED), here(11, "2"), here(30, "3", SUBCLASS, Place.EQUIPPED),
        here(11, "4", place=Place.EQUIPPED, owner=HUNTER), plugs={"1": [HEAD_MOD, 0]},
    )  # fmt: skip
    assert worn_pieces(profile, DEFINITIONS, TITAN) == (
        Piece(30, "3"),
        Piece(20, "1", plugs=(Plug(0, HEAD_MOD),)),
    )


@pytest.mark.parametrize(("offered", "plugs"), [((1, 2), (Plug(0, 601),)), ((1,), ()), ((), ())])
def test_a_perk_is_captured_where_there_is_a_choice(offered: tuple[int, ...], plugs: tuple[Plug, ...]) -> None:
    class Rolls(NoDetails):
        def item(self, item: Item, /) -> ItemDetails:
            choices = {0: tuple(PlugChoice(each, True, True) for each in offered)}
            return ItemDetails(sockets=(Socket(601, True, True),), choices=choices)

    profile = Profile(CHARACTERS, (here(11, "1", place=Place.EQUIPPED),), details=Rolls())
    assert worn_pieces(profile, DEFINITIONS, TITAN) == (Piece(11, "1", plugs=plugs),)


def test_what_was_picked_is_worn_as_far_as_it_goes_together() -> None:
    build = outfit("x", (Piece(10, "1"), Piece(11, "2"), Piece(12, "3"), Piece(20, "4"), Piece(99, "5")), DEFINITIONS)
    assert [piece.is_worn for piece in build.pieces] == [True, False, False, True, False]
    assert build.class_type == 0


def test_a_loadout_is_bounded_and_holds_everything_once() -> None:
    many = [Piece(number, "") for number in range(1, 200)]
    assert len(tidy([*many, *many])) == MOST_PIECES
    (only,) = tidy([Piece(1, "7", plugs=tuple(Plug(number, 1) for number in range(100)))])
    assert len(only.plugs) == MOST_PLUGS


def test_hashtags_are_found_in_name_and_notes() -> None:
    build = Build("Crota #Raid", notes="with #boss-damage, #raid and # nothing")
    assert build.tags == ("raid", "boss-damage")
    assert build.holds("#RAID")
    assert build.holds("crota")
    assert not build.holds("#boss")
