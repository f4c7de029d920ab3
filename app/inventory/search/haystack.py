"""Many texts searched as one: a word is looked for in a single pass, however many texts there are."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property, reduce
from itertools import accumulate
from operator import or_
from typing import Generic, NamedTuple, TypeVar

Found = TypeVar("Found")

# Stands between two texts and in none of them, so that no word is found across their border.
_BETWEEN = "\0"
# Where a word stands in more than one of so many texts, asking every text costs less than going from find to find.
_RARE = 8


class Haystack(Generic[Found]):
    """Folded texts, each with what it leads to."""

    def __init__(self, texts: Iterable[tuple[str, Found]]) -> None:
        every = [(text.replace(_BETWEEN, " "), leads_to) for text, leads_to in texts]
        self._texts = [text for text, _ in every]
        self._lead_to = [leads_to for _, leads_to in every]
        self._whole = _BETWEEN.join(self._texts)
        self._ends = list(accumulate(len(text) + 1 for text in self._texts))

    def saying(self, wanted: str) -> list[Found]:
        """What the texts with these folded letters in them lead to."""
        if _BETWEEN in wanted:
            return []
        if self._whole.count(wanted) * _RARE > len(self._texts):
            return [each for text, each in zip(self._texts, self._lead_to, strict=True) if wanted in text]
        found: list[Found] = []
        place = self._whole.find(wanted)
        while place >= 0:
            text = bisect_right(self._ends, place)
            found.append(self._lead_to[text])
            place = self._whole.find(wanted, self._ends[text])
        return found


def bits_of(places: Iterable[int], size: int) -> int:
    """Places below `size` as the bits of one number."""
    marks = bytearray(size // 8 + 1)
    for each in places:
        marks[each >> 3] |= 1 << (each & 7)
    return int.from_bytes(marks, "little")


def joined(bits: Iterable[int]) -> int:
    """Everything that is in any of these."""
    return reduce(or_, bits, 0)


class PerkWords(NamedTuple):
    """`shown` is the name as written; `name`, and `text` with name and description, are folded for comparing."""

    shown: str
    name: str
    text: str


class Sayings:
    """Which items say what, as bits: texts are searched by their words, of which there are far fewer than letters.

    What has no space in it stands in a text if it stands in one of its words. Words that the same items say stand
    together. Phrases are looked for in the texts themselves.
    """

    def __init__(self, texts: Mapping[str, int]) -> None:
        self._texts = texts

    def saying(self, wanted: str) -> int:
        """The items that say these folded letters."""
        is_word = wanted.split() == [wanted]
        return joined((self._words if is_word else self._phrases).saying(wanted))

    @cached_property
    def _words(self) -> Haystack[int]:
        said: dict[str, int] = defaultdict(int)
        for text, bits in self._texts.items():
            for word in set(text.split()):
                said[word] |= bits
        together: dict[int, list[str]] = defaultdict(list)
        for word, bits in said.items():
            together[bits].append(word)
        return Haystack((" ".join(words), bits) for bits, words in together.items())

    @cached_property
    def _phrases(self) -> Haystack[int]:
        return Haystack(self._texts.items())


class WordIndex:
    """Which items say what: by their definitions, and by the plugs that they hold or offer.

    `plugs` and `said` are the places of items by plug and by what a definition says; `perks`, `names` and `anywhere`
    lead from texts to items, whose places are the bits of numbers. Texts that are said twice stand in them once.
    """

    def __init__(
        self,
        size: int,
        plugs: Mapping[int, Iterable[int]],
        words: Mapping[int, PerkWords],
        said: Iterable[tuple[str, Iterable[int]]],
    ) -> None:
        of_plugs = [(words[plug], bits_of(places, size)) for plug, places in plugs.items()]
        of_definitions = [(text, bits_of(places, size)) for text, places in said]
        by_text = [(each.text, bits) for each, bits in of_plugs]
        self.perks = Sayings(_by_text(by_text))
        self.anywhere = Sayings(_by_text([*by_text, *of_definitions]))
        self.called = _by_text([(each.name, bits) for each, bits in of_plugs])
        self.names = Sayings(self.called)


def _by_text(texts: Iterable[tuple[str, int]]) -> Mapping[str, int]:
    found: dict[str, int] = defaultdict(int)
    for text, bits in texts:
        found[text] |= bits
    return found
