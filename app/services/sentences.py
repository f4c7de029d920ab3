"""Sentences that services hand out: English ones, which whoever shows them looks up in the reader's language."""

from __future__ import annotations

from collections.abc import Callable

# An English sentence and Bungie's name of a language, None for who has chosen none -> the sentence in that language.
Translate = Callable[[str, str | None], str]


def N_(sentence: str) -> str:  # noqa: N802 - the name by which `make translations` finds such sentences
    """The sentence itself, marked for translators."""
    return sentence


def in_english(sentence: str, _language: str | None) -> str:
    """For sites without translations."""
    return sentence
