"""Figures of the search: what a question costs to compile, and to ask of a full vault and of ten times as much.

The items are those of two recorded accounts, with sockets and stats, repeated under new numbers. Times are this
process's own, the best of a few rounds, so that a busy machine changes them little.
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import count, cycle, islice
from pathlib import Path
from typing import NamedTuple

import redis

from app.bungie.profiles import parse_profile
from app.inventory.arrange import OwnedItem, arrange, item_hashes
from app.inventory.items import ItemDetails
from app.inventory.profile import Profile
from app.inventory.search.compile import compile_query, need_of
from app.inventory.search.facts import Collection, Reading
from app.inventory.search.keyword import Form, Keyword, Need
from app.inventory.search.narrow import everything
from app.inventory.search.offers import offer_of
from app.inventory.search.own import Own
from app.inventory.search.parser import MOST_CHARACTERS, MOST_TERMS, parse
from app.inventory.search.registry import CHAPTERS
from app.inventory.wishes.matching import NamedRolls, Wish, WishBook
from app.inventory.wishes.packing import pack, unpack
from app.inventory.wishes.rolls import Roll
from app.manifest.plans import COLLECTIBLE, ITEM
from app.manifest.store import DefinitionStore, Wanted
from app.web.server import settle_memory
from tests.bench.figure import Figure
from tests.bench.vault import Bench
from tests.recorded import profile

_ACCOUNTS = ("4611686018407382510", "4611686018466151600")  # the two with sockets
_TWO_HUNDRED = "is:weapon -is:kineticslot or is:exotic"
_ROUNDS = 7
_ROLLS = 10_000
_EVERYWHERE = (
    "a e i o s t n r d l h c u m p g f y b w in er on re th ar an te to es ra st ed nd of at is it ou ri"
    " ea de co en we sh ow he da ge le me ve un no so ll al us ic ha il ho ma"
)
# What costs most of all that fits into the length of a search: the dearest keywords as often as they fit, each time
# about something else.
_DEAREST = (
    *(" or ".join(f"{name}:any+any>{number}" for number in range(22)) for name in ("stat", "basestat")),
    " ".join(f"-enhanced:>{number}" for number in range(37)),
    " ".join(["-is:enhanced"] * 39),
    " ".join(["-is:smg"] * 64),
)
_WORST = " ".join(f'-"{letter}{number}"' for number in range(8) for letter in "zqxjkvwy")


class Stock(NamedTuple):
    """Items to search in, and what sits in their sockets."""

    owned: tuple[OwnedItem, ...]
    details: Mapping[str, ItemDetails]


def run(world: Path, redis_url: str, folder: Path) -> list[Figure]:
    """Needs the world's definitions in Redis."""
    assert _WORST.count("-") == len(_EVERYWHERE.split()) == MOST_TERMS
    assert max(map(len, _DEAREST)) <= MOST_CHARACTERS
    store = DefinitionStore(redis.Redis.from_url(redis_url))
    profiles = [parse_profile(profile(world, each)) for each in _ACCOUNTS]
    recorded = [_stock(each, store) for each in profiles]
    small, large = _repeated(recorded, 1_000), _repeated(recorded, 10_000)
    questions = list(_questions())
    return [
        *_compiling(Collection(small.owned), questions),
        *_asking(small, large, store, questions),
        *_wishing(small, store),
        _swapped(world, redis_url, folder),
    ]


def _swapped(world: Path, redis_url: str, folder: Path) -> Figure:
    """What the browser gets while somebody types, for about two hundred finds."""
    player = _ACCOUNTS[1]
    raw = (world / "accounts" / player / "profile.json").read_bytes()
    bench = Bench(raw, player, redis_url, folder, profile_ttl_s=3600)
    headers = {"HX-Request": "true", "HX-Target": "found", "Accept-Encoding": "identity"}
    answer = bench.client.get("/vault", query_string={"q": _TWO_HUNDRED}, headers=headers)
    hits = answer.data.count(b"data-item-hash")
    return Figure(
        "search: finds swapped in, gzip", len(gzip.compress(answer.data, 5)) / 1000, "kB", note=f"{hits} finds"
    )


def _stock(known: Profile, store: DefinitionStore) -> Stock:
    definitions = store.resolve("en", {ITEM: item_hashes(known.items)})
    return Stock(tuple(everything(arrange(known, definitions))), known.details.copies())


def _repeated(recorded: list[Stock], size: int) -> Stock:
    numbers = count(1)
    details: dict[str, ItemDetails] = {}
    owned: list[OwnedItem] = []
    every = [(each, stock.details) for stock in recorded for each in stock.owned]
    for each, known in islice(cycle(every), size):
        item = each.item
        new_id = str(next(numbers)) if item.instance_id else ""
        if item.instance_id in known:
            details[new_id] = known[item.instance_id]
        owned.append(each._replace(item=item._replace(instance_id=new_id)))
    return Stock(tuple(owned), details)


def _questions() -> Iterator[str]:
    """One search per keyword: its example, or its first value."""
    for chapter in CHAPTERS:
        for keyword in chapter.keywords:
            if isinstance(keyword, Keyword):
                yield _question(keyword)


def _question(keyword: Keyword) -> str:
    if keyword.form is Form.FLAG:
        return f"is:{keyword.name}"
    return keyword.example or f"{keyword.name}:{keyword.values[0]}"


# --- compiling -----------------------------------------------------------------------------------------------------


def _compiling(facts: Collection, questions: list[str]) -> list[Figure]:
    worst = max(questions, key=lambda text: _best_ms(lambda: compile_query(parse(text), facts)))
    return [
        Figure(
            "search: compile, slowest keyword", _best_ms(lambda: compile_query(parse(worst), facts)), "ms", note=worst
        ),
        Figure("search: compile, 64 terms", _best_ms(lambda: compile_query(parse(_WORST), facts)), "ms"),
    ]


# --- asking --------------------------------------------------------------------------------------------------------


def _asking(small: Stock, large: Stock, store: DefinitionStore, questions: list[str]) -> list[Figure]:
    few, many = _ready(small, store), _ready(large, store)
    settle_memory()  # as every worker of the server does, which looks for garbage between pages only
    times = {text: _ask_ms(few, text) for text in questions}
    slowest = max(times, key=lambda text: times[text])
    growth = sum(_ask_ms(many, text) for text in questions) / sum(times.values())
    return [
        Figure("search: 1,000 items, mean keyword", sum(times.values()) / len(times), "ms"),
        Figure("search: 1,000 items, slowest keyword", times[slowest], "ms", note=slowest),
        Figure("search: 1,000 items, 64 terms", _ask_ms(few, _WORST), "ms", note="64 words, none of them anywhere"),
        Figure("search: 1,000 items, 64 terms", _ask_ms(few, _EVERYWHERE), "ms", note="64 words, nearly everywhere"),
        Figure("search: 1,000 items, dearest of all searches", max(_ask_ms(few, text) for text in _DEAREST), "ms",
               note="keywords as often as fits"),
        Figure("search: 10,000 items, 64 terms", _ask_ms(many, _WORST), "ms"),
        Figure("search: 10,000 items, all keywords, times that of 1,000", growth, "x"),
        Figure("search: sockets read for the first search", _best_ms(lambda: _ready(small, store), rounds=3), "ms",
               note="1,000 items, definitions warm; once per fetched profile"),
        Figure("search: numbers worked out for the first basestat:", _first_base_ms(small, store), "ms",
               note="likewise"),
    ]  # fmt: skip


def _wishing(stock: Stock, store: DefinitionStore) -> list[Figure]:
    """What a list costs where nothing is remembered of it yet, and while somebody types."""
    ready = _ready(stock, store)
    subjects = [each for each in Collection(ready.owned).subjects if each.item.instance_id]
    named = [(each.item.hash, sorted(perks)) for each in subjects if len(perks := ready.reading.perks(each)) > 1]
    # Every third roll asks for what some copy has; the others for one perk more, which nobody has.
    rolls = [
        Roll(item, frozenset((*islice(cycle(perks), number % len(perks), number % len(perks) + 2), *[1][: number % 3])))
        for number, (item, perks) in enumerate(islice(cycle(named), _ROLLS))
    ]
    text = pack(rolls)

    def found() -> Mapping[str, Wish]:
        book = WishBook([NamedRolls("bench", unpack(text))])
        offers = ((each, offer_of(each, ready.reading, {})) for each in subjects)
        said = {each.key: book.wish_for(each.item.hash, each.known.category_hashes, offer) for each, offer in offers}
        return {key: wish for key, wish in said.items() if wish}

    wishes = found()

    def ask() -> int:
        facts = Collection(ready.owned, (), ready.reading, own=Own(wishes=lambda: wishes))
        holds = compile_query(parse("is:wishlist"), facts)
        return sum(holds(subject) for subject in facts.subjects)

    note = f"{len(text) / 1000:,.0f} kB packed, {len(wishes)} of {len(subjects)} copies are on it"
    return [
        Figure("search: 1,000 items against a new wish list of 10,000 rolls", _best_ms(found, 3), "ms", note=note),
        Figure("search: is:wishlist over 1,000 items afterwards", _best_ms(ask, 3), "ms", note=f"{ask()} finds"),
    ]


class Ready(NamedTuple):
    """A stock whose sockets were read by an earlier search, as while somebody types."""

    owned: tuple[OwnedItem, ...]
    reading: Reading


def _ready(stock: Stock, store: DefinitionStore) -> Ready:
    plugs = {socket.plug_hash for each in stock.details.values() for socket in each.sockets or ()}
    plugs |= {one.plug_hash for each in stock.details.values() for row in (each.choices or {}).values() for one in row}
    wanted: Wanted = {
        ITEM: plugs,
        COLLECTIBLE: {each.definition.collectible_hash for each in stock.owned if each.definition},
    }
    ready = Ready(stock.owned, Reading(stock.details, store.resolve("en", wanted)))
    _ask(ready, "perk:zzz")
    return ready


def _first_base_ms(stock: Stock, store: DefinitionStore) -> float:
    ready = _ready(stock, store)
    return _best_ms(lambda: _ask(ready, "basestat:total:>50"), rounds=1)


def _ask(ready: Ready, text: str) -> int:
    """Everything that a search does beside loading the vault."""
    query = parse(text)
    reading = ready.reading if need_of(query) is not Need.NOTHING else None
    facts = Collection(ready.owned, (), reading)
    holds = compile_query(query, facts)
    return sum(holds(subject) for subject in facts.subjects)


def _ask_ms(ready: Ready, text: str) -> float:
    return _best_ms(lambda: _ask(ready, text), rounds=3)


def _best_ms(work: Callable[[], object], rounds: int = _ROUNDS) -> float:
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best * 1000
