"""Finds definitions by the words of their names and by facets. Pure; knows nothing about where its content lies.

Items stand in the order of their names, and a set of them is one whole number with a bit per place: to combine such
sets costs about a microsecond each, so a question costs little more than its words.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import chain, compress, islice
from operator import and_, or_
from typing import NamedTuple

from app.inventory.definitions import ItemDefinition
from app.inventory.search.text import fold

_MOST_CHARACTERS = 100
_MOST_WORDS = 8
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = str.maketrans("", "", "'\u2019\u02bc")
# From here on scripts are written without spaces: a word may be meant anywhere in a name.
_FIRST_UNSPACED = "\u2e80"
_LAST = "\U0010ffff"
_ZERO_AND_ONE = bytes.maketrans(b"01", b"\0\1")
_DIGITS = bytes.maketrans(b"\0\1", b"01")

# The facets. GEAR (1 = a weapon or a piece of armor) only sorts.
KIND, TIER, ELEMENT, AMMO, CLASS, SEASON, SOURCE = "kind", "tier", "element", "ammo", "class", "season", "source"
GEAR = "gear"


class Found(NamedTuple):
    """A page of the hashes that were found, and how many there are in all."""

    total: int
    hashes: tuple[int, ...]


class Question(NamedTuple):
    """`text` is a search, in the language or plain words; `facets` name one value each, an item has to have all."""

    text: str = ""
    facets: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class Content:
    """What an index is made of, in the form it is stored in. Places count from 0 in the order of `names`.

    `hashes` and `names` (as `key_of` writes them, the unnamed last) belong together; `words` of names and `kinds`
    (words of rarity and type) say at which places they stand; `facets` by name and value; `labels` are words for them.
    `shapes` are what is the same in many items (type, slot, season ...), `shaped` says of every place which it has.
    """

    hashes: Sequence[int] = ()
    names: Sequence[str] = ()
    words: Mapping[str, Sequence[int]] = field(default_factory=dict)
    kinds: Mapping[str, Sequence[int]] = field(default_factory=dict)
    facets: Mapping[str, Mapping[str, Sequence[int]]] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    shapes: Sequence[ItemDefinition] = ()
    shaped: Sequence[int] = ()


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: without case, accents and apostrophes."""
    return _WORD.findall(fold(text).translate(_APOSTROPHES))


def key_of(name: str) -> str:
    """What two spellings of one name share."""
    return " ".join(words_of(name))


class Finder:
    """Answers questions about one version in one language."""

    def __init__(self, content: Content) -> None:
        self._hashes = array("I", content.hashes)
        self._names = content.names
        self._named = _count_named(content.names)
        self._words = sorted(content.words)
        self._places = content.words
        self._kinds = {word: _bits(places) for word, places in sorted(content.kinds.items())}
        self._kind_words = list(self._kinds)
        self._facets = {name: _value_sets(values) for name, values in content.facets.items()}
        self._labels = content.labels
        self._shapes = content.shapes
        self._shaped = array("I", content.shaped)

    def __len__(self) -> int:
        return len(self._hashes)

    def values(self, facet: str) -> list[int]:
        """The values of a facet, those that most items have first."""
        return list(self._facets.get(facet, ()))

    def label(self, facet: str, value: int) -> str:
        """The game's words for a value, "" where the index has none."""
        return self._labels.get(facet, {}).get(str(value), "")

    def named(self, name: str, most: int) -> tuple[int, ...]:
        """Up to `most` items of exactly this name, whatever they are."""
        key = key_of(name)
        first, end = self._range(key, key) if key else (0, 0)
        return tuple(self._hashes[first : min(end, first + most)])

    @property
    def everything(self) -> int:
        """The set of all items: a bit per place, as all sets here."""
        return (1 << len(self)) - 1

    def begins_name(self, text: str) -> bool:
        """Whether a text is the name of an item, or the beginning of one."""
        key = key_of(text)
        first, end = self._range(key, key + _LAST)
        return bool(key) and first < end

    def saying(self, text: str) -> int:
        """The items whose name or kind has all words of a text, or words that begin with them; signs say nothing."""
        found = (self._starting(word) | self._of_kind(word) for word in words_of(text))
        return reduce(and_, found, self.everything)

    def lettered(self, letters: str) -> int:
        """The items whose name has these letters in it, in one piece."""
        wanted = key_of(letters)
        return _marked(bytes([wanted in name for name in self._names])) if wanted else 0

    def called(self, name: str) -> int:
        """The items of exactly this name."""
        key = key_of(name)
        return _range(*self._range(key, key))

    def numbered(self, item_hash: int) -> int:
        """The item with this hash, alone."""
        return 1 << self._hashes.index(item_hash) if item_hash in self._hashes else 0

    def having(self, facet: str, values: Iterable[int]) -> int:
        """The items with any of these values."""
        known = self._facets.get(facet, {})
        return reduce(or_, (known.get(each, 0) for each in values), 0)

    def shaped(self, fits: Callable[[ItemDefinition], bool]) -> int:
        """The items whose shape fits; every shape is asked once, however many items have it."""
        marks = bytes([fits(each) for each in self._shapes])
        return _marked(bytes(map(marks.__getitem__, self._shaped)))

    def find(self, question: Question, start: int = 0, count: int = 60, among: int = -1) -> Found:
        """The best `count` finds from number `start` on, best first: never an error, whatever is asked.

        The text is taken as plain words; only finds in the set `among` count.
        """
        allowed = self._allowed(question.facets) & among
        words = words_of(question.text[:_MOST_CHARACTERS])[:_MOST_WORDS]
        if not words and question.text.strip():
            return Found(0, ())
        groups = list(_apart(self._by_words(words) if words else self._by_rarity(), allowed))
        places = islice(chain.from_iterable(map(_places, groups)), start, start + count)
        return Found(sum(group.bit_count() for group in groups), tuple(self._hashes[place] for place in places))

    def _allowed(self, facets: Mapping[str, int]) -> int:
        sets = (self._facets.get(name, {}).get(value, 0) for name, value in facets.items())
        return reduce(and_, sets, self.everything)

    def _by_rarity(self) -> Iterator[int]:
        """Weapons and armor first, rarest first, then what else there is."""
        gear, tiers = self._gear(), self._facets.get(TIER, {})
        rarest_first = [tiers[tier] for tier in sorted(tiers, reverse=True)]
        yield from (gear & tier for tier in rarest_first)
        yield from rarest_first
        yield self.everything

    def _by_words(self, words: list[str]) -> Iterator[int]:
        """The whole name, its beginning, its words, beginnings of its words, words of its kind; gear before others."""
        key, gear = " ".join(words), self._gear()
        starts = [self._starting(word) for word in words]
        kinds = [self._of_kind(word) for word in words]
        for group in (
            _range(*self._range(key, key)),
            _range(*self._range(key, key + _LAST)),
            reduce(and_, (_bits(self._places.get(word, ())) for word in words)),
            reduce(and_, starts),
            reduce(and_, (start | kind for start, kind in zip(starts, kinds, strict=True))),
        ):
            yield group & gear
            yield group

    def _gear(self) -> int:
        return self._facets.get(GEAR, {}).get(1, 0)

    def _range(self, first: str, last: str) -> tuple[int, int]:
        return (
            bisect_left(self._names, first, hi=self._named),
            bisect_right(self._names, last, hi=self._named),
        )

    def _starting(self, word: str) -> int:
        """Names of which a word begins so."""
        if word >= _FIRST_UNSPACED:
            return _bits(place for place, name in enumerate(self._names) if word in name)
        return _bits(place for each in _beginning(self._words, word) for place in self._places[each])

    def _of_kind(self, word: str) -> int:
        found = 0
        for each in _beginning(self._kind_words, word):
            found |= self._kinds[each]
        return found


def _count_named(names: Sequence[str]) -> int:
    return len(names) - sum(not name for name in names)


def _value_sets(values: Mapping[str, Sequence[int]]) -> dict[int, int]:
    """The largest first."""
    by_size = sorted(values, key=lambda value: -len(values[value]))
    return {int(value): _bits(values[value]) for value in by_size}


def _beginning(words: list[str], start: str) -> list[str]:
    return words[bisect_left(words, start) : bisect_right(words, start + _LAST)]


def _range(first: int, end: int) -> int:
    return (1 << end) - (1 << first)


def _bits(places: Iterable[int]) -> int:
    known = places if isinstance(places, Sequence) else list(places)
    bits = bytearray(max(known, default=0) // 8 + 1)
    for place in known:
        bits[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(bits, "little")


def _marked(marks: bytes) -> int:
    """The set of the places whose byte is 1."""
    return int(marks[::-1].translate(_DIGITS) or b"0", 2)


def _apart(groups: Iterable[int], allowed: int) -> Iterator[int]:
    """Each find in the first group that has it, and in no other."""
    for group in groups:
        yield group & allowed
        allowed &= ~group


def _places(group: int) -> Iterator[int]:
    """The places in a set, in order."""
    chosen = bin(group)[:1:-1].encode().translate(_ZERO_AND_ONE)
    return compress(range(len(chosen)), chosen)
