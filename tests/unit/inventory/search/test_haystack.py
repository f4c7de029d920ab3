"""Words are looked for in all texts at once, and answers joined for all items at once: with the same finds."""

from __future__ import annotations

import random

import pytest

from app.inventory.annotations.marks import Annotation, Annotations
from app.inventory.search.haystack import Haystack, Sayings, bits_of
from app.inventory.search.own import Own
from app.inventory.search.printer import write
from app.inventory.search.text import fold
from app.inventory.search.tree import And, Node, Not, Query, Term
from tests.builders import item, weapon
from tests.shared import requires_shared
from tests.unit.inventory.search import recorded, trees
from tests.unit.inventory.search.cases import collection, found, owned
from tests.unit.inventory.search.test_recorded import hits

WORDS = ("a", "ace", "rampage", "reload", "the", "\u00e9", "kill clip", "source", "zz", "bow", "#pvp")


@pytest.mark.parametrize("letters", ["ab", "abcdefghijklmnopqrstuvwxyz\u00e9\u2022 "])
def test_a_word_is_found_in_exactly_the_texts_that_have_it_however_many_they_are(letters: str) -> None:
    chance = random.Random(4)
    texts = ["".join(chance.choices(letters, k=chance.randrange(40))) for _ in range(300)]
    haystack = Haystack(zip(texts, range(300), strict=True))
    for length in (1, 2, 3, 5) * 40:
        word = "".join(chance.choices(letters, k=length))
        assert haystack.saying(word) == [place for place, text in enumerate(texts) if word in text], word


@pytest.mark.parametrize("word", ["bc", "b\0c", "\0", "cb"])
def test_no_word_is_found_across_the_border_of_two_texts(word: str) -> None:
    assert Haystack([("ab", 1), ("cb", 2)]).saying(word) == ([2] if word == "cb" else [])


@pytest.mark.parametrize("letters", ["ab  ", "abcdefghijklm\u00e9 \n"])
def test_words_and_phrases_are_found_in_exactly_the_texts_that_have_them(letters: str) -> None:
    chance = random.Random(6)
    texts = {"".join(chance.choices(letters, k=chance.randrange(40))): 1 << place for place in range(300)}
    said = Sayings(texts)
    for length in (1, 2, 3, 5) * 40:
        wanted = "".join(chance.choices(letters, k=length))
        assert said.saying(wanted) == sum(bits for text, bits in texts.items() if wanted in text), wanted


def test_a_phrase_is_not_found_in_words_that_only_stand_together_in_other_texts() -> None:
    said = Sayings({"kill clip": 0b01, "clip kill": 0b10})
    assert (said.saying("kill"), said.saying("kill clip"), said.saying("p k")) == (0b11, 0b01, 0b10)


def test_places_become_the_bits_of_a_number() -> None:
    assert bits_of((), 9) == 0
    assert bits_of((0, 8, 8), 9) == 0b1_0000_0001


@requires_shared
@pytest.mark.parametrize("account", recorded.ACCOUNTS)
@pytest.mark.parametrize("word", WORDS)
def test_a_word_anywhere_finds_what_says_it_itself_in_a_plug_or_in_a_note(account: str, word: str) -> None:
    facts, notes = recorded.collection(account), recorded.annotations(account)

    def says(subject) -> bool:  # type: ignore[no-untyped-def]  # noqa: ANN001
        known, reading = subject.known, facts.reading
        own = (known.name, known.quest_line, known.description, known.flavor, known.type_name, known.source)
        plugs = [reading.perk(each).text for each in reading.perks(subject)]
        return any(fold(word) in fold(text) for text in (*own, *plugs, notes.of(subject.item).notes))

    assert hits(f'"{word}"', account) == {each.key for each in facts.subjects if says(each)}


@requires_shared
def test_words_joined_in_any_way_find_what_each_of_them_finds_joined_so() -> None:
    account = max(recorded.ACCOUNTS, key=lambda each: len(recorded.collection(each).subjects))
    names = ("keyword", "name", "perk", "perkname", "exactperk", "notes", "description", "is")
    every = {each.key for each in recorded.collection(account).subjects}
    chance = random.Random(5)
    known: dict[Term, set[str]] = {}

    def said(node: Node) -> Node:
        """The tree with terms that find something in place of its own."""
        if isinstance(node, Term):
            name = chance.choice(names)
            return Term(name, chance.choice(("weapon", "armor", "solar") if name == "is" else WORDS))
        return Not(said(node.child)) if isinstance(node, Not) else type(node)(tuple(map(said, node.children)))

    def expected(node: Node) -> set[str]:
        if isinstance(node, Term):
            return known.setdefault(node, hits(write(Query(node)), account))
        if isinstance(node, Not):
            return every - expected(node.child)
        parts = [expected(child) for child in node.children]
        return set.intersection(*parts) if isinstance(node, And) else set.union(*parts)

    for query in trees.queries(300, seed=9):
        if query.tree is not None:
            tree = said(query.tree)
            assert hits(write(Query(tree)), account) == expected(tree)


def test_two_stacks_of_one_thing_are_both_found_by_its_note() -> None:
    said = Annotations({"7": Annotation("", "for later")})
    things = [owned(weapon(7, "Thing"), item(7, owner=each)) for each in ("one", "two", "")]
    facts = collection(*things, owned(weapon(8, "Other"), item(8)), own=Own(annotations=said))
    assert len(found("notes:later", facts)) == len(found("later", facts)) == 3
    assert len(found("-later", facts)) == 1
