"""What single keywords mean, exactly: on things made by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.inventory.annotations.marks import Annotation, Annotations
from app.inventory.definitions import ItemDefinition, ItemPerk, SocketDefinition, StatPoints
from app.inventory.items import Instance, ItemDetails, ItemState, Place
from app.inventory.profile import Character, Loadout, LoadoutItem, NoDetails
from app.inventory.references import ObjectiveDefinition, PlugSetDefinition, StatGroupDefinition, StatScale
from app.inventory.search.errors import Fault, SearchError
from app.inventory.search.facts import ARMOR, WEAPON, in_loadouts
from app.inventory.search.own import Own
from app.inventory.sorting import breaker_of
from tests.builders import HELMET, KINETIC, VAULT, item, weapon, with_power
from tests.unit.inventory.search.cases import choices, collection, counted, found, owned, sockets

HEALTH, WEAPONS_STAT, MELEE, GRENADE = 392767087, 2996146975, 4244567218, 1735777505
MEMENTO, MOD, EMPTY_MOD, FRAME, TRAIT, BETTER_TRAIT = 101, 102, 103, 104, 105, 106
PLUGS = (
    ItemDefinition(MEMENTO, name="Gambit Memento", plug_category="mementos"),
    ItemDefinition(MOD, name="Backup Mag", plug_category="v400.weapon.mod_magazine", perks=(ItemPerk(1),)),
    ItemDefinition(EMPTY_MOD, name="Empty Mod Socket", plug_category="v400.weapon.mod_empty"),
    ItemDefinition(FRAME, name="Aggressive Frame", plug_category="intrinsics"),
    ItemDefinition(TRAIT, name="Kill Clip", description="Reloading after a kill", plug_category="frames", tier=2),
    ItemDefinition(BETTER_TRAIT, name="Kill Clip", plug_category="frames", tier=3),
)


def gun(name: str = "Ace", **facts: object) -> ItemDefinition:
    plain = {"item_type": WEAPON, "is_equippable": True, "tier": 5}
    return weapon(sum(map(ord, name)), name, **(plain | facts))  # type: ignore[arg-type]


def helmet(item_hash: int = 2, **facts: object) -> ItemDefinition:
    plain = {
        "name": "Mask",
        "item_type": ARMOR,
        "is_equippable": True,
        "bucket_hash": HELMET,
        "class_type": 1,
        "tier": 5,
    }
    return ItemDefinition(item_hash, **(plain | facts))  # type: ignore[arg-type]


def copy(instance_id: str, **facts: object):  # type: ignore[no-untyped-def]  # noqa: ANN201
    return item(1, instance_id, is_lockable=True, **facts)


def guns(*details: ItemDetails):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """Copies "0", "1", ... of one weapon with these details."""
    by_id = {str(number): each for number, each in enumerate(details)}
    return collection(*(owned(gun(), copy(key)) for key in by_id), details=by_id, plugs=PLUGS)


@pytest.mark.parametrize(
    ("text", "bucket"), [("is:accessories", 687325600), ("is:messages", 3161908920), ("is:specialorders", 1367666825)]
)
def test_slots_that_hardly_anybody_has_go_by_bucket(text: str, bucket: int) -> None:
    facts = collection(owned(None, item(1, "there", bucket_hash=bucket)), owned(None, item(1, "elsewhere")))
    assert found(text, facts) == ["there"]


@pytest.mark.parametrize(
    ("text", "state"),
    [("is:locked", ItemState.LOCKED), ("is:tracked", ItemState.TRACKED), ("is:masterwork", ItemState.MASTERWORK)],
)
def test_marks_are_bits_of_the_copy_s_state(text: str, state: ItemState) -> None:
    facts = collection(owned(gun(), copy("marked", state=state | 64)), owned(gun(), copy("plain", state=32)))
    assert found(text, facts) == ["marked"]


@pytest.mark.parametrize("text", ["ACE", "ace", "\u00e0ce", "name:\u00c1ce", "exactname:ace"])
def test_neither_case_nor_accents_matter(text: str) -> None:
    facts = collection(owned(gun("\u00c2ce"), copy("1")), owned(gun("Deuce"), copy("2")))
    assert found(text, facts) == ["1"]


def test_letters_of_other_scripts_keep_their_marks() -> None:
    facts = collection(owned(gun("\u304c"), copy("ga")), owned(gun("\u304b"), copy("ka")))
    assert found("name:\u304c", facts) == ["ga"]
    assert found("name:\u304b", facts) == ["ka"]


def test_text_that_looks_like_a_pattern_is_only_text() -> None:
    facts = collection(owned(gun("a.c"), copy("dot")), owned(gun("abc"), copy("letter")))
    assert found("name:a.c", facts) == ["dot"]
    assert found('name:".*"', facts) == []


@pytest.mark.parametrize(
    ("text", "keys"),
    [("power:550", ["b"]), ("power:>500", ["b"]), ("power:<=500", ["a"]), ("light:=500", ["a"]),
     ("power:>=powerfulcap", ["a", "b"]), ("power:>pinnaclecap", [])],
)  # fmt: skip
def test_ranges_compare_and_things_without_power_are_never_found(text: str, keys: list[str]) -> None:
    facts = collection(
        owned(gun(), copy("a", instance=with_power(500))), owned(gun(), copy("b", instance=with_power(550))),
        owned(gun(), copy("none")),
    )  # fmt: skip
    assert found(text, facts) == keys


def test_characters_stand_from_left_to_right_by_when_they_were_played() -> None:
    characters = (Character("c1", class_type=0), Character("c2", class_type=1), Character("c3", class_type=2))
    carried = {"place": Place.CARRIED, "bucket_hash": HELMET}
    facts = collection(
        *(owned(helmet(), item(2, each.id, owner=each.id, **carried)) for each in characters),
        owned(helmet(), item(2, "vault", bucket_hash=VAULT)), characters=characters,
    )  # fmt: skip
    assert found("is:inleftchar", facts) == ["c1"] == found("is:incurrentchar", facts)
    assert found("is:inmiddlechar", facts) == ["c2"]
    assert found("is:inrightchar", facts) == ["c3"]
    assert found("is:onwrongclass", facts) == ["c1", "c3"]
    assert found("is:currentclass", facts) == []


def test_what_a_loadout_of_the_game_names_is_in_a_loadout() -> None:
    facts = collection(owned(gun(), copy("1")), owned(gun(), copy("2")), in_loadouts=frozenset({"1"}))
    assert found("is:iningameloadout", facts) == ["1"]


def test_every_slot_of_every_character_counts_as_a_loadout() -> None:
    class Slots(NoDetails):
        def loadouts(self, character_id: str, /) -> tuple[Loadout, ...] | None:
            return (Loadout(0, 0, 0, 0, ()), Loadout(1, 0, 0, 0, (LoadoutItem(f"of {character_id}", ()),)))

    characters = (Character("c1"), Character("c2"))
    assert in_loadouts(characters, Slots()) == {"of c1", "of c2"}
    assert in_loadouts(characters, NoDetails()) == frozenset()


def test_a_perk_is_found_by_what_it_says_also_where_it_could_only_be_chosen() -> None:
    facts = guns(ItemDetails(sockets=sockets(FRAME, TRAIT)), ItemDetails(choices=choices(_1=(TRAIT,))), ItemDetails())
    assert found("perk:reloading", facts) == ["0", "1"]
    assert found("perkname:kill", facts) == ["0", "1"]
    assert found('exactperk:"kill clip"', facts) == ["0", "1"]
    assert found("exactperk:kill", facts) == []
    assert found('"after a kill"', facts) == ["0", "1"]


def test_an_empty_socket_is_no_mod() -> None:
    facts = guns(ItemDetails(sockets=sockets(MOD)), ItemDetails(sockets=sockets(EMPTY_MOD)))
    assert found("is:modded", facts) == ["0"]


def test_a_mod_that_does_not_work_is_told() -> None:
    facts = guns(
        ItemDetails(sockets=sockets(MOD, enabled=False)), ItemDetails(sockets=sockets(MOD)),
        ItemDetails(sockets=sockets(EMPTY_MOD, enabled=False)),
    )  # fmt: skip
    assert found("is:hasdisabledmod", facts) == ["0"]


def test_mementos_go_by_name_or_by_any() -> None:
    facts = guns(ItemDetails(sockets=sockets(MEMENTO)), ItemDetails(sockets=sockets(MOD)))
    assert found("memento:any", facts) == found("memento:gambit", facts) == ["0"]
    assert found("memento:trials", facts) == []


def test_levels_from_the_bench_are_counted() -> None:
    facts = guns(
        ItemDetails(sockets=sockets(2728416798)), ItemDetails(sockets=sockets(2728416796)), ItemDetails(sockets=())
    )
    assert found("is:enhanced", facts) == ["0", "1"]
    assert found("enhanced:>=2", facts) == ["1"]


def test_a_weapon_that_was_never_at_the_bench_has_no_level_and_a_first_one_is_above_none() -> None:
    dropped, first, fresh = (owned(gun(), copy(key, state=state)) for key, state in zip("abc", (0, 8, 8), strict=True))
    held = {"a": sockets(TRAIT), "b": sockets(2728416798), "c": sockets(TRAIT)}
    facts = collection(dropped, first, fresh, details={key: ItemDetails(sockets=each) for key, each in held.items()})
    assert found("is:enhanced", facts) == ["b", "c"]
    assert found("enhanced:<1", facts) == ["c"]
    assert found("enhanced:<2", facts) == ["b", "c"]


@pytest.mark.parametrize("text", ["is:crafted", "is:shaped"])
def test_what_dropped_and_was_enhanced_is_not_shaped(text: str) -> None:
    with_pattern, without = gun("A", record_hash=70), gun("B")
    facts = collection(
        owned(with_pattern, copy("shaped", state=ItemState.CRAFTED)), owned(with_pattern, copy("dropped")),
        owned(without, copy("enhanced", state=ItemState.CRAFTED)),
    )  # fmt: skip
    assert found(text, facts) == ["shaped"]
    assert found("is:enhanced", facts) == ["enhanced"]


def test_enhanced_perks_are_one_rarity_above_plain_ones() -> None:
    facts = guns(
        ItemDetails(sockets=sockets(TRAIT, BETTER_TRAIT)), ItemDetails(sockets=sockets(BETTER_TRAIT, BETTER_TRAIT)),
        ItemDetails(sockets=sockets(TRAIT)),
    )  # fmt: skip
    assert found("is:enhancedperk", facts) == ["0", "1"]
    assert found("enhancedperk:2", facts) == ["1"]


def test_a_tracker_counts_kills_of_its_own_kind() -> None:
    pve, pvp = counted(90275515, 150), counted(2109364169, 5000)
    facts = guns(ItemDetails(plug_objectives={9: (pve,)}), ItemDetails(plug_objectives={9: (pvp,)}), ItemDetails())
    assert found("kills:>100", facts) == ["0", "1"]
    assert found("kills:pve:>100", facts) == ["0"]
    assert found("kills:pvp:>100", facts) == ["1"]
    assert found("kills:pve:>150", facts) == []


def test_the_best_copy_of_a_double_is_not_the_lower_one() -> None:
    facts = collection(
        owned(gun(), copy("weak", instance=with_power(10))), owned(gun(), copy("strong", instance=with_power(20))),
        owned(gun("Ace (Adept)"), copy("adept", instance=with_power(15))), owned(gun("Lone"), copy("lone")),
    )  # fmt: skip
    assert found("is:dupe", facts) == ["weak", "strong", "adept"]
    assert found("is:dupelower", facts) == ["weak", "adept"]
    assert found("count:3", facts) == ["weak", "strong", "adept"]
    assert found("is:infusionfodder", facts) == ["strong", "adept"]


@pytest.mark.parametrize(("tag", "lower"), [("favorite", "stronger"), ("keep", "stronger"), ("junk", "tagged")])
def test_what_somebody_holds_dear_is_the_best_copy_among_equally_powerful_ones(tag: str, lower: str) -> None:
    own = Own(annotations=Annotations({"tagged": Annotation(tag)}))
    state = ItemState.MASTERWORK | ItemState.LOCKED
    things = (copy("tagged"), copy("stronger", state=state))
    assert found("is:dupelower", collection(*(owned(gun(), each) for each in things), own=own)) == [lower]


def test_of_ships_and_ghosts_no_copy_is_the_lower_one() -> None:
    ghost = gun("Shell", item_type=24)
    facts = collection(owned(ghost, copy("1")), owned(ghost, copy("2")))
    assert found("is:dupe", facts) == ["1", "2"]
    assert found("is:dupelower", facts) == []


def armor(**stats: dict[int, int]):  # type: ignore[no-untyped-def]  # noqa: ANN201
    details = {key: ItemDetails(stats=each) for key, each in stats.items()}
    return collection(*(owned(helmet(), item(2, key, is_lockable=True)) for key in stats), details=details)


def test_armor_with_the_same_stats_is_a_double_and_only_what_is_beaten_is_lower() -> None:
    facts = armor(
        a={HEALTH: 30, WEAPONS_STAT: 10}, b={HEALTH: 30, WEAPONS_STAT: 10}, c={HEALTH: 20, WEAPONS_STAT: 10},
        d={HEALTH: 10, WEAPONS_STAT: 20},
    )  # fmt: skip
    assert found("is:statdupe", facts) == ["a", "b"]
    assert found("is:statlower", facts) == ["c"]
    assert found("maxstatvalue:health", facts) == ["a", "b"]
    assert found("maxstatvalue:weapons", facts) == ["d"]


@pytest.mark.parametrize(
    ("text", "keys"),
    [("stat:health:>=20", ["a"]), ("stat:health>=20", ["a"]), ("stat:weapons+health:40", ["a", "b"]),
     ("stat:weapons&health:20", ["a", "b"]), ("stat:weapons+health&weapons:>40", ["b"]), ("stat:total:<41", ["a", "b"]),
     ("stat:secondhighest:>5", ["a", "b"]), ("stat:resilience:30", ["a"])],
)  # fmt: skip
def test_stats_add_up_and_take_means(text: str, keys: list[str]) -> None:
    assert found(text, armor(a={HEALTH: 30, WEAPONS_STAT: 10}, b={HEALTH: 6, WEAPONS_STAT: 34})) == keys


def test_an_outfit_wears_no_exotic_that_is_weaker_than_what_it_replaces() -> None:
    weak = helmet(3, tier=6, unique_label="exotic_armor")
    rows = ((helmet(), item(2, "helmet", instance=with_power(20))), (weak, item(3, "exotic", instance=with_power(10))))
    assert found("is:maxpowerloadout", collection(*(owned(*row) for row in rows))) == ["helmet"]


def test_the_best_outfit_wears_one_exotic_where_it_gains_the_most() -> None:
    exotic = {"tier": 6, "unique_label": "exotic_armor"}
    chest = {"bucket_hash": 14239492}
    rows = {
        "helmet": (helmet(), 20), "exotic helmet": (helmet(3, **exotic), 22),
        "chest": (helmet(4, **chest), 20), "exotic chest": (helmet(5, **chest, **exotic), 30),
    }  # fmt: skip
    facts = collection(
        *(owned(known, item(known.hash, key, instance=with_power(power))) for key, (known, power) in rows.items())
    )
    assert found("is:maxpowerloadout", facts) == ["helmet", "exotic chest"]
    assert found("is:maxpower", facts) == ["exotic helmet", "exotic chest"]


@pytest.mark.parametrize(
    ("text", "fault", "place", "suggestion"),
    [
        ("is:exotic is:weapn", Fault.KEYWORD_UNKNOWN, (10, 18), "is:weapon"),
        ("nmae:ace", Fault.KEYWORD_UNKNOWN, (0, 8), "name:"),
        ("weapon:x", Fault.KEYWORD_UNKNOWN, (0, 8), "weaponlevel:"),
        ("is:zzzzzzz", Fault.KEYWORD_UNKNOWN, (0, 10), ""),
        ("foundry:hake", Fault.VALUE_UNKNOWN, (0, 12), "hakke"),
        ("stat:rnge:>5", Fault.VALUE_UNKNOWN, (0, 12), "range"),
        ("source:gotdd", Fault.VALUE_UNKNOWN, (0, 12), "gotd"),
        ("a season:currant", Fault.NUMBER_WANTED, (2, 16), "current"),
        ("power:high", Fault.NUMBER_WANTED, (0, 10), ""),
        ("stat:range", Fault.NUMBER_WANTED, (0, 10), ""),
        ('name:""', Fault.VALUE_MISSING, (0, 7), ""),
        ("dupe:itm+perks", Fault.VALUE_UNKNOWN, (0, 14), "item"),
        ("is:focusable", Fault.KEYWORD_UNANSWERED, (0, 12), ""),
    ],
)
def test_what_means_nothing_is_told_with_its_place_and_what_was_probably_meant(
    text: str, fault: Fault, place: tuple[int, int], suggestion: str
) -> None:
    with pytest.raises(SearchError) as caught:
        found(text, collection())
    error = caught.value
    assert (error.fault, (error.start, error.end), error.suggestion) == (fault, place, suggestion)


def test_energy_and_gear_tier_tell_the_generations_of_armor_apart() -> None:
    facts = collection(
        owned(helmet(), copy("old", instance=Instance())),
        owned(helmet(), copy("two", instance=Instance(energy_capacity=10))),
        owned(helmet(), copy("three", instance=Instance(energy_capacity=10, gear_tier=3))),
    )  # fmt: skip
    assert found("is:armor2.0", facts) == ["two"]
    assert found("is:armor3.0", facts) == ["three"]
    assert found("tier:>=3", facts) == ["three"]
    assert found(f"hash:{KINETIC}", facts) == []


def test_a_pattern_is_unlocked_when_its_triumph_is_complete() -> None:
    craftable = {"recipe_hash": 5, "record_hash": 70}
    facts = collection(
        owned(gun("A", **craftable), copy("known")), owned(gun("B", recipe_hash=6, record_hash=71), copy("unknown")),
        owned(gun("C", record_hash=70), copy("no pattern")), done=frozenset({70}),
    )  # fmt: skip
    assert found("is:craftable", facts) == ["known", "unknown"]
    assert found("is:patternunlocked", facts) == ["known"]


def test_a_shaped_weapon_s_level_is_the_counter_that_says_so() -> None:
    level, date = counted(1, 17), counted(2, 1700000000)
    facts = collection(
        owned(gun(), copy("shaped")), owned(gun(), copy("plain")),
        details={"shaped": ItemDetails(plug_objectives={9: (date, level)})},
        others={1: ObjectiveDefinition(1, display=2), 2: ObjectiveDefinition(2, display=4)},
    )  # fmt: skip
    assert found("weaponlevel:17", facts) == ["shaped"]
    assert found("weaponlevel:>17", facts) == []


def test_deepsight_is_a_pattern_to_take_or_a_place_for_a_harmonizer() -> None:
    extractor = ItemDefinition(107, plug_category="crafting.plugs.weapons.mods.extractors")
    places = ItemDetails(sockets=sockets(107))
    facts = collection(
        owned(gun(), copy("red", state=ItemState.DEEPSIGHT)), owned(gun(), copy("open")),
        owned(gun(), copy("shaped", state=ItemState.CRAFTED)), details=dict.fromkeys(("red", "open", "shaped"), places),
        plugs=[extractor],
    )  # fmt: skip
    assert found("is:deepsight", facts) == found("deepsight:extractable", facts) == ["red"]
    assert found("deepsight:harmonizable", facts) == ["open"]


def test_deepsight_is_told_of_the_copy_also_where_the_pattern_is_unlocked() -> None:
    known = gun(recipe_hash=5, record_hash=70)
    facts = collection(owned(known, copy("red", state=ItemState.DEEPSIGHT)), done=frozenset({70}))
    assert found("is:deepsight", facts) == found("deepsight:extractable", facts) == ["red"]
    assert found("is:deepsight -is:patternunlocked", facts) == []


def test_doubles_by_perks_have_equal_rolls_and_a_part_of_a_roll_is_none() -> None:
    rolls = {"a": sockets(TRAIT, BETTER_TRAIT), "b": sockets(BETTER_TRAIT, TRAIT), "part": sockets(TRAIT)}
    facts = guns(*(ItemDetails(sockets=each) for each in rolls.values()))
    assert found("dupe:perks", facts) == found("is:dupeperks", facts) == ["0", "1"]


def test_engrams_do_not_wait_at_the_postmaster() -> None:
    lost, engrams = 215593132, 375726501
    facts = collection(*(owned(gun(), copy(str(each), bucket_hash=each)) for each in (lost, engrams)))
    assert found("is:postmaster", facts) == [str(lost)]
    assert found("is:engrams", facts) == [str(engrams)]


def test_rolls_are_judged_by_what_the_definition_says_of_their_sockets() -> None:
    rolled = gun(sockets=(SocketDefinition(random_set_hash=60, initial_hash=TRAIT),))
    facts = collection(
        owned(rolled, copy("maker's")), owned(rolled, copy("other")), owned(gun("Fixed"), copy("fixed")),
        details={"maker's": ItemDetails(sockets=sockets(TRAIT)), "other": ItemDetails(sockets=sockets(BETTER_TRAIT))},
        plugs=PLUGS, others={60: PlugSetDefinition(60, (TRAIT, BETTER_TRAIT), (BETTER_TRAIT,))},
    )  # fmt: skip
    assert found("is:randomroll", facts) == ["maker's", "other"]
    assert found("is:curated", facts) == ["maker's"]
    assert found("is:retiredperk", facts) == ["other"]


def tiered(**stats: dict[int, int]):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """Tiered helmets with these stats, the tuning of which raises health."""
    tuning = "core.gear_systems.armor_tiering.plugs.tuning.mods"
    plug = ItemDefinition(108, plug_category=tuning, investments=(StatPoints(HEALTH, 5), StatPoints(WEAPONS_STAT, -5)))
    details = {
        key: ItemDetails(stats=each, sockets=sockets(108, enabled=False), choices=choices(_0=(108,)))
        for key, each in stats.items()
    }
    known = helmet(set_hash=9, socket_categories=(590099826,))
    pieces = (owned(known, item(2, key, is_lockable=True, instance=Instance(gear_tier=5))) for key in stats)
    return collection(*pieces, details=details, plugs=[plug])


def test_armor_leans_on_its_three_highest_stats_and_is_tuned_for_one() -> None:
    facts = tiered(a={HEALTH: 30, WEAPONS_STAT: 25, MELEE: 20}, b={WEAPONS_STAT: 30, MELEE: 25, GRENADE: 20})
    assert found("primarystat:health", facts) == ["a"]
    assert found("secondarystat:melee", facts) == ["b"]
    assert found("tertiarystat:melee", facts) == ["a"]
    assert found("tunedstat:health", facts) == ["a", "b"]
    assert found("tunedstat:primary", facts) == ["a"]
    assert found("tunedstat:unfocused", facts) == ["b"]


@pytest.mark.parametrize(
    ("text", "keys"),
    [("dupe:setbonus", ["a", "b", "c"]), ("dupe:tunedstat", ["a", "b", "c"]), ("dupe:tertiarystat", ["a", "b"]),
     ("dupe:untunedstats", ["a", "b"]), ("dupe:nonzerostats", ["a", "b"]), ("dupe:stats+setbonus", ["a", "b"]),
     ("dupe:statlower", []), ("dupe:setbonus+statlower", []), ("dupe:traits", [])],
)  # fmt: skip
def test_doubles_are_alike_in_whatever_is_asked_for(text: str, keys: list[str]) -> None:
    same = {HEALTH: 30, WEAPONS_STAT: 25, MELEE: 20}
    assert found(text, tiered(a=same, b=dict(same), c={HEALTH: 30, GRENADE: 25, WEAPONS_STAT: 21})) == keys


@pytest.mark.parametrize("kind", ["setbonus", "archetype", "stats", "untunedstats", "nonzerostats", "tertiarystat"])
def test_armor_is_alike_only_within_its_slot_and_class_and_apart_from_exotics(kind: str) -> None:
    frame = ItemDefinition(110, plug_category="armor_archetypes")
    facts = {HEALTH: 30, WEAPONS_STAT: 25, MELEE: 20}
    kinds = {
        "a": helmet(set_hash=9), "b": helmet(3, set_hash=9), "glove": helmet(4, set_hash=9, bucket_hash=3551918588),
        "titan": helmet(5, set_hash=9, class_type=0), "exotic": helmet(6, set_hash=9, unique_label="exotic_armor"),
    }  # fmt: skip
    details = dict.fromkeys(kinds, ItemDetails(stats=facts, sockets=sockets(110)))
    pieces = (
        owned(known, item(known.hash, key, is_lockable=True, instance=Instance(gear_tier=4)))
        for key, known in kinds.items()
    )
    assert found(f"dupe:{kind}", collection(*pieces, details=details, plugs=[frame])) == ["a", "b"]


@pytest.mark.parametrize("text", ["is:statlower", "dupe:statlower"])
def test_a_mod_makes_no_piece_a_better_one(text: str) -> None:
    mod = ItemDefinition(109, plug_category="enhancements.v2_general", investments=(StatPoints(HEALTH, 10),))
    details = {"modded": ItemDetails(stats={HEALTH: 30}, sockets=sockets(109)), "bare": ItemDetails(stats={HEALTH: 25})}
    pieces = (owned(helmet(), item(2, key, is_lockable=True)) for key in details)
    assert found(text, collection(*pieces, details=details, plugs=[mod])) == ["modded"]


def test_points_that_its_owner_may_place_save_a_piece_from_one_without() -> None:
    artifice = ItemDefinition(111, plug_category="enhancements.artifice")
    details = {
        "better": ItemDetails(stats={HEALTH: 20}), "free": ItemDetails(stats={HEALTH: 19}, sockets=sockets(111)),
        "freer": ItemDetails(stats={HEALTH: 20}, sockets=sockets(111)), "plain": ItemDetails(stats={HEALTH: 19}),
    }  # fmt: skip
    pieces = [owned(helmet(), item(2, key, is_lockable=True)) for key in details]
    assert found("is:statlower", collection(*pieces, details=details, plugs=[artifice])) == ["free", "plain"]
    assert found("is:statlower", collection(*pieces[:2], details=details, plugs=[artifice])) == []
    assert found("dupe:stats", collection(*pieces, details=details, plugs=[artifice])) == []
    assert found("dupe:untunedstats", collection(*pieces, details=details, plugs=[artifice])) == [*details]


def test_class_items_that_are_exotic_are_all_alike_in_their_stats_and_so_no_doubles() -> None:
    known = helmet(bucket_hash=1585787867, unique_label="exotic_armor")
    details = dict.fromkeys("12", ItemDetails(stats={HEALTH: 20}))
    pieces = (owned(known, item(2, key, is_lockable=True)) for key in details)
    assert found("is:statdupe", collection(*pieces, details=details)) == []


def test_armor_with_energy_is_rolled_and_what_was_shaped_is_not() -> None:
    rolled = gun(sockets=(SocketDefinition(random_set_hash=7),))
    facts = collection(
        owned(rolled, copy("dropped")), owned(rolled, copy("shaped", state=ItemState.CRAFTED)), owned(gun(), copy("x")),
        owned(helmet(), item(2, "mask", instance=Instance(energy_capacity=1))), owned(helmet(), item(2, "old")),
    )  # fmt: skip
    assert found("is:randomroll", facts) == ["dropped", "mask"]


def test_a_mod_adds_to_the_stat_but_not_to_the_base() -> None:
    mod = ItemDefinition(109, plug_category="enhancements.v2_general", investments=(StatPoints(HEALTH, 10),))
    facts = collection(
        owned(helmet(), item(2, "1")), details={"1": ItemDetails(stats={HEALTH: 30}, sockets=sockets(109))}, plugs=[mod]
    )
    assert found("stat:health:30", facts) == found("basestat:health:20", facts) == ["1"]
    assert found("basestat:health:30", facts) == []
    assert found("maxbasestatvalue:health", facts) == ["1"]


def test_new_is_what_the_player_s_visits_say_and_stacks_never_are() -> None:
    things = (owned(gun(), copy("12")), owned(gun(), copy("7")), owned(None, item(5)))
    facts = collection(*things, own=Own(is_new=lambda instance_id: int(instance_id) > 10))
    assert found("is:new", facts) == ["12"]
    assert found("is:new", collection(*things)) == []


def test_what_had_not_been_seen_by_a_day_is_what_is_numbered_higher_than_all_that_was() -> None:
    asked: list[object] = []

    def known_by(since: object) -> int:
        asked.append(since)
        return 5

    own = Own(known_by=known_by)  # type: ignore[arg-type]
    facts = collection(owned(gun(), copy("5")), owned(gun(), copy("10")), owned(None, item(3)), own=own)
    assert [found(f"notseen:{text}", facts) for text in ("7D", "2w", "1m", "2026-02-28")] == [["10"]] * 4
    assert asked == [timedelta(7), timedelta(14), timedelta(30), date(2026, 2, 28)]
    assert found("notseen:1y", collection(owned(gun(), copy("10")))) == []


@pytest.mark.parametrize("text", ["7", "d", "2026-02-30", "20260228", "1000y", ">7d", "-7d", "\u0667d", "yesterday"])
def test_what_is_no_day_and_no_span_of_time_is_told(text: str) -> None:
    with pytest.raises(SearchError) as caught:
        found(f'notseen:"{text}"', collection())
    assert caught.value.fault is Fault.DAY_WANTED


def test_numbers_of_weapons_that_bungie_leaves_out_are_found_like_any_other() -> None:
    range_, zoom = 1240592695, 3555269338
    scales = {stat: StatScale(100, False, ((0, 0), (100, 100))) for stat in (range_, zoom)}
    known = gun(stat_group_hash=5, investments=(StatPoints(range_, 40), StatPoints(zoom, 14)))
    details = {"1": ItemDetails({range_: 40}, sockets=()), "2": ItemDetails({range_: 41}, sockets=())}
    things = [owned(known, copy(each)) for each in details]
    facts = collection(*things, details=details, others={5: StatGroupDefinition(5, scales)})
    assert found("stat:zoom:>=14", facts) == ["1"], "where our sum does not agree with what was sent, nobody knows"
    assert found("stat:range:>=41", facts) == ["2"]


def test_champions_are_stopped_by_a_copy_its_kind_its_enabled_plugs_or_its_category() -> None:
    plug = ItemDefinition(201, plug_category="intrinsics", breaker_type=3)
    things = [
        owned(gun("a", breaker_type=3), copy("copy", instance=Instance(breaker_type=1))),
        owned(gun("b", breaker_type=2), copy("kind")),
        owned(gun("c"), copy("plug")),
        owned(gun("c"), copy("off")),
        owned(gun("d", category_hashes=(1, 964228942)), copy("category")),
        owned(None, copy("unknown")),
    ]
    details = {
        "plug": ItemDetails(sockets=sockets(201)),
        "off": ItemDetails(sockets=sockets(201, enabled=False)),
        "kind": ItemDetails(sockets=sockets(201)),
    }
    facts = collection(*things, details=details, plugs=[plug])
    assert found("breaker:barrier", facts) == ["copy"]
    assert found("breaker:overload", facts) == ["kind", "category"]
    assert found("breaker:unstoppable", facts) == ["plug"]
    assert found("breaker:any", facts) == ["copy", "kind", "plug", "category"]
    assert found("breaker:intrinsic", facts) == ["copy", "kind"]
    assert [breaker_of(each) for each in things] == [1, 2, 0, 0, 2, 0], "an order looks into no socket"
