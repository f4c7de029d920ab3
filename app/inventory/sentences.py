"""Sentences for people: English here, and put into the reader's language by whoever shows them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Self

Fact = str | int | float
_NO_FACTS: Mapping[str, Fact] = MappingProxyType({})


def N_(sentence: str) -> str:  # noqa: N802 - the name by which `make translations` finds such sentences
    """The sentence itself, marked for translators."""
    return sentence


class Sentence(str):
    """An English sentence that knows what it was made of, so that it can be said again in another language.

    `says` is the marked text with places like %(name)s, `facts` are what stands in them. As text it is English, with
    numbers grouped by commas; a fact may be a sentence itself. One without facts may be any text, and stays as it is.
    """

    __slots__ = ("facts", "says")
    says: str
    facts: Mapping[str, Fact]

    def __new__(cls, says: str, facts: Mapping[str, Fact] = _NO_FACTS) -> Self:
        made = super().__new__(cls, says % {name: _in_english(fact) for name, fact in facts.items()} if facts else says)
        made.says, made.facts = says, facts
        return made

    def packed(self) -> str:
        """As one text to be stored: the sentence itself, or JSON of its parts where it has facts."""
        return json.dumps({"says": self.says, "facts": dict(self.facts)}) if self.facts else str(self)

    @classmethod
    def unpacked(cls, stored: str) -> Self:
        """What `packed` gave. Any other text is a sentence without facts."""
        try:
            parts = json.loads(stored) if stored.startswith("{") else None
            return cls(parts["says"], parts["facts"]) if parts else cls(stored)
        except (ValueError, KeyError, TypeError, AttributeError):
            return cls(stored)


def _in_english(fact: Fact) -> str:
    return fact if isinstance(fact, str) else f"{fact:,}"
