"""Sentences keep what they were made of, through the database too, and whatever else is stored stays what it is."""

from __future__ import annotations

import pytest

from app.inventory.sentences import Sentence

TOO_BIG = Sentence("%(size)s bytes of %(name)s are too many.", {"size": 1_234_567, "name": "a file"})


def test_as_text_it_is_english_with_grouped_numbers() -> None:
    assert TOO_BIG == "1,234,567 bytes of a file are too many."


def test_it_comes_back_from_the_database_with_its_facts() -> None:
    found = Sentence.unpacked(TOO_BIG.packed())
    assert (found, found.says, found.facts) == (TOO_BIG, TOO_BIG.says, TOO_BIG.facts)


def test_one_without_facts_is_stored_as_it_reads() -> None:
    assert Sentence("Redis cannot be reached.").packed() == "Redis cannot be reached."


@pytest.mark.parametrize(
    "stored",
    ["", "Bungie.net answers 404.", "100 % {sure}", "{", "{}", "[1]", '{"says": 1}', '{"says": "%(a)s", "facts": {}}',
     '{"says": "%(a)s", "facts": {"b": 1}}', '{"says": "%d %(a)s", "facts": {"a": 1}}', '{"says": "x", "facts": [1]}'],
)  # fmt: skip
def test_what_was_stored_otherwise_is_shown_and_never_an_error(stored: str) -> None:
    assert isinstance(Sentence.unpacked(stored), Sentence)


def test_an_old_row_reads_as_before() -> None:
    assert Sentence.unpacked("The archive holds 3 files {of} 100 %.") == "The archive holds 3 files {of} 100 %."
