"""Sentences that services hand out: English ones, which whoever shows them looks up in the reader's language."""

from __future__ import annotations


def N_(sentence: str) -> str:  # noqa: N802 - the name by which `make translations` finds such sentences
    """The sentence itself, marked for translators."""
    return sentence
