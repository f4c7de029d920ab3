"""The whole language of the field's searches is known here: every keyword, every other name, every value of each.

The tables are what players type elsewhere. Whatever stands in them is answered, but for the few that are named below.
"""

from __future__ import annotations

import pytest

from app.inventory.definitions import Amount, ItemDefinition, SocketDefinition
from app.inventory.items import ItemDetails, ItemState, PlugChoice
from app.inventory.search.compile import compile_query, need_of
from app.inventory.search.errors import Fault, SearchError
from app.inventory.search.facts import Collection
from app.inventory.search.keyword import Keyword
from app.inventory.search.keywords.stats import SIX
from app.inventory.search.parser import parse
from app.inventory.search.registry import CHAPTERS, FILTERS, FLAGS
from tests.builders import HELMET, item, weapon
from tests.unit.inventory.search.cases import collection, found, owned, sockets


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FLAG_WORDS = words("""
    tagged hasnotes kinetic arc solar void stasis strand light dark titan hunter warlock kineticslot energy
    power helmet gauntlets chest leg classitem subclass ghost emblems ships vehicle emotes finishers
    seasonalartifacts accessories consumables modifications engrams lostitems messages specialorders autorifle
    shotgun machinegun lmg handcannon rocketlauncher fusionrifle sniperrifle pulserifle scoutrifle sidearm sword
    submachine smg bow glaive tracerifle linearfusionrifle lfr grenadelauncher heavygrenadelauncher
    specialgrenadelauncher transmat weaponmod armormod reptoken primary special heavy common uncommon rare
    legendary exotic white green blue purple yellow cosmetic haslight haspower powerfulreward pinnaclereward
    craftable patternunlocked crafted shaped deepsight enhanced enhanceable enhancementready enhancedperk
    inloadout iningameloadout indimloadout masterwork masterworked weapon armor equipment equippable armor2.0
    armor3.0 vendor ininventory postmaster inpostmaster equipped transferable movable stackable stackfull
    infusable infuse locked unlocked inleftchar inmiddlechar inrightchar invault incurrentchar currentclass
    onwrongclass artifice modded hasdisabledmod armorintrinsic randomroll curated extraperk origintrait adept
    retiredperk tieredweapon holofoil shiny shaded hasshader ornamented hasornament maxpowerloadout maxpower
    accountmaxpower wishlist trashlist wishlistunknown wishlistable wishlistdupe dupe infusionfodder dupelower
    statlower crafteddupe shapeddupe dupeperks statdupe tracked
""")
# Known, and said why they are not answered: what is gone, what the first game had, and what nobody's data tells.
UNANSWERED_FLAGS = words("""
    focusable sunset customstatlower sublime upgraded complete incomplete xpcomplete xpincomplete needsxp
    ascended unascended untracked reforgeable reforge rerollable reroll engram intellect discipline strength
    glimmeritem glimmerboost glimmersupply ornamentable ornamentmissing ornamentunlocked
""")
UNANSWERED_FILTERS = words("powerlimit quality percentage level")

NUMBERS = ("1", "=1", "<1", "<=1", ">1", ">=1")
TODAY = "weapons health class grenade super melee"
OLD = "mobility resilience recovery discipline intellect strength"
RANKS = "highest secondhighest thirdhighest fourthhighest fifthhighest sixthhighest"
WEAPON_STATS = """
    rpm rof charge impact handling equipspeed range stability reload magazine aimassist zoom recoildirection airborne
    drawtime accuracy velocity blastradius shieldduration ammogen ammocapacity persistence ventspeed heatgen cooling
    chargerate swingspeed guardefficiency guardresistance guardendurance
"""
SOURCES = """
    30th adventure avalon battlegrounds blackarmory ada brave calus campaign cayde6 charity compass conquest
    contact cosmodrome crotasend crota crownofsorrow cos crucible shaxx deepstonecrypt dsc deluxe limited
    desertperpetual do dreaming duality dungeon echoes edgeoffate edz eow ep enclave equilibrium europa events
    eververse evidenceboard exoticquest fwc gambit drifter gambitprime gardenofsalvation gos garden
    ghostsofthedeep gotd grasp gunsmith banshee harbinger haunted heliostat heresy ikora intothelight itl io
    ironbanner kepler kingsfall kf lastwish lw legendaryengram leviathan lost lostsectors mars menagerie mercury
    monumentoftriumph mot moon neomuna nessus nightfall nightmare nm oblation paleheart pantheon pinnacleops pit
    plunder presage prestige prophecy psiops rahool raid rasputin reclaim renegades revenant riteofthenine rotn
    rivenslair coil rootofnightmares root ron saint14 salvationsedge scourgeofthepast scourge sotp seasonpass
    servitor shatteredthrone shipwright sonar sparrowracingleague srl spireofstars sos spireofthewatcher sotw
    watcher strikes zavala sundereddoctrine sundered sundial tangled throneworld titan trials umbral
    vaultofglass vog vespershost vesper vexoffensive vowofthedisciple vow votd warlordsruin wartable wellspring
    wrathborn dawning crimsondays solstice fotl revelry games dcv
"""
DUPES = "item stats untunedstats archetype tertiarystat nonzerostats tunedstat setbonus perks traits statlower"
# Every keyword with a value, and what can stand behind it.
VALUES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("id", "hash"), ("6917529034000000001",)),
    **dict.fromkeys(
        words("name exactname description notes perk perkname exactperk keyword wishlistnotes"), ('"any words"',)
    ),
    "tag": ("favorite", "keep", "infuse", "junk", "archive", "none"),
    "breaker": words("""
    any antibarrier barrier shieldpiercing disruption overload stagger unstoppable intrinsic
"""),
    "foundry": words("daito hakke omolon suros tex-mechanica veist any"),
    "weaponlevel": NUMBERS,
    "deepsight": ("harmonizable", "extractable"),
    "memento": ("any", "none", "gambit"),
    **dict.fromkeys(words("enhanced enhancedperk stack year tier energycapacity count"), NUMBERS),
    "source": tuple(SOURCES.split()),
    "inloadout": ("raid", "#raid", ">1", "0"),
    "season": (*NUMBERS, "current", "outlaw", ">=witch"),
    **dict.fromkeys(("power", "light"), (*NUMBERS, ">=powerfloor", "<softcap", "powerfulcap", ">pinnaclecap")),
    "kills": (*NUMBERS, "pve:>100", "pvp:>100", "gambit:<5"),
    "masterwork": (">=5", "10", "range"),
    "modslot": words("""
    lastwish gardenofsalvation deepstonecrypt vaultofglass vowofthedisciple kingsfall rootofnightmares crotasend
    salvationsedge nightmare none activity setbonus
"""),
    "armorintrinsic": ("none", "exotic"),
    "catalyst": ("complete", "incomplete", "missing"),
    **{
        name: (
            *(f"{stat}:>=20" for stat in f"{TODAY} {OLD} {RANKS} {WEAPON_STATS} total any".split()),
            "health>=20", "health+melee:>40", "super&grenade:<30", "health+super&grenade:>=30",
            "highest&secondhighest:>9",
        )
        for name in ("stat", "basestat")
    },
    **dict.fromkeys(
        ("maxstatloadout", "maxstatvalue", "maxbasestatvalue"), tuple(f"{TODAY} {OLD} total any".split())
    ),
    **dict.fromkeys(("primarystat", "secondarystat", "tertiarystat"), tuple(TODAY.split())),
    "tunedstat": tuple(f"{TODAY} primary secondary tertiary unfocused".split()),
    "dupe": (*DUPES.split(), *(f"item+{each}" for each in DUPES.split()), "+".join(DUPES.split())),
}  # fmt: skip


def fault(text: str) -> Fault | None:
    """What is wrong with a search, if anything."""
    try:
        need_of(parse(text))
        compile_query(parse(text), Collection(()))
    except SearchError as error:
        return error.fault
    return None


@pytest.mark.parametrize("word", FLAG_WORDS)
def test_every_word_behind_is_and_not_is_answered(word: str) -> None:
    assert isinstance(FLAGS.get(word), Keyword)
    assert fault(f"is:{word}") is fault(f"not:{word.upper()}") is None


@pytest.mark.parametrize("name", VALUES)
def test_every_keyword_takes_every_value_that_players_know(name: str) -> None:
    assert isinstance(FILTERS.get(name), Keyword)
    assert [value for value in VALUES[name] if fault(f"{name}:{value}")] == []


@pytest.mark.parametrize("name", [name for name in VALUES if VALUES[name] != ('"any words"',)])
def test_a_keyword_refuses_what_it_does_not_know(name: str) -> None:
    assume_any_text = {"id", "hash", "memento", "inloadout", "armorintrinsic"}
    assert name in assume_any_text or fault(f"{name}:nosuchvalue") in {Fault.VALUE_UNKNOWN, Fault.NUMBER_WANTED}


@pytest.mark.parametrize(
    "text",
    [
        *(f"is:{word}" for word in UNANSWERED_FLAGS),
        *(f"{name}:>1" for name in UNANSWERED_FILTERS),
        "dupe:customstatlower",
        "dupe:item+customstatlower",
    ],
)
def test_what_cannot_be_answered_says_so_and_why(text: str) -> None:
    with pytest.raises(SearchError) as caught:
        compile_query(parse(text), Collection(()))
    assert caught.value.fault is Fault.KEYWORD_UNANSWERED
    assert len(caught.value.text.split()) > 5


def test_nothing_else_is_left_unanswered_and_every_row_explains_itself() -> None:
    unanswered = {name for table in (FLAGS, FILTERS) for name, row in table.items() if not isinstance(row, Keyword)}
    assert unanswered == {*UNANSWERED_FLAGS, *UNANSWERED_FILTERS}
    for chapter in CHAPTERS:
        assert chapter.title
        for row in chapter.keywords:
            assert len((row.says if isinstance(row, Keyword) else row.reason).split()) > 1, row.name


def test_what_the_game_would_raise_at_the_bench_now_is_ready() -> None:
    crafted, socket = ItemState.CRAFTED, SocketDefinition(type_hash=4251072212)
    gun = weapon(1, "Gun", item_type=3, sockets=(socket,))
    now, later, held = PlugChoice(8, True, True), PlugChoice(8, False, True), PlugChoice(7, True, True)
    offers = {"1": (held, now), "2": (held, later), "3": (held,), "4": (now,)}
    facts = collection(
        *(owned(gun, item(1, each, state=0 if each == "4" else crafted)) for each in offers),
        details={each: ItemDetails(sockets=sockets(7), choices={0: row}) for each, row in offers.items()},
    )
    assert found("is:enhancementready", facts) == ["1"]


@pytest.mark.parametrize(("text", "reward"), [("is:powerfulreward", 4039143015), ("is:pinnaclereward", 73143230)])
def test_quests_are_found_by_the_strength_that_they_promise(text: str, reward: int) -> None:
    quests = [ItemDefinition(each, rewards=(Amount(given),)) for each, given in ((1, reward), (2, 5))]
    assert found(text, collection(*(owned(each, item(each.hash, str(each.hash))) for each in quests))) == ["1"]


def test_the_most_of_all_six_together_and_of_any_one_can_be_asked_for() -> None:
    numbers = {"even": (20, 20, 20, 20, 20, 20), "one": (60, 2, 2, 2, 2, 2), "none": (19, 19, 19, 19, 19, 1)}
    mask = ItemDefinition(2, name="Mask", item_type=2, is_equippable=True, bucket_hash=HELMET, class_type=1, tier=5)
    facts = collection(
        *(owned(mask, item(2, each, is_lockable=True)) for each in numbers),
        details={each: ItemDetails(stats=dict(zip(SIX, row, strict=True))) for each, row in numbers.items()},
    )
    assert found("maxstatvalue:total", facts) == ["even"]
    assert found("maxstatvalue:any", facts) == ["even", "one"]
    assert found("maxstatloadout:total", facts) == ["even"]
