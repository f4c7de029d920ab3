"""The language over definitions: what it means where nobody owns anything, and when words are no more than words."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.inventory.definition_search import meaning_of
from app.inventory.definitions import ItemDefinition
from app.inventory.finder import SOURCE, Content, Finder, Question
from app.inventory.search.errors import Fault, SearchError

BOW, HELMET, SHADER = "arctic bow", "not forgotten", "osteo s bow"
SHAPES = (
    ItemDefinition(0, item_type=3, sub_type=31, damage_type=2, tier=6),
    ItemDefinition(0, item_type=2, bucket_hash=3448274439, class_type=1),
    ItemDefinition(0, item_type=19, sub_type=20),
)
VAULT_OF_GLASS = 2065138144


def finder() -> Finder:
    names = sorted([BOW, HELMET, SHADER, "expired pass"])
    assert names == [BOW, "expired pass", HELMET, SHADER]
    words = {"arctic": [0], "bow": [0, 3], "expired": [1], "pass": [1], "not": [2], "forgotten": [2], "osteo": [3]}
    facets = {SOURCE: {str(VAULT_OF_GLASS): [2]}}
    return Finder(Content([10, 11, 12, 13], names, words, {"exotic": [0]}, facets, {}, SHAPES, [0, 2, 1, 2]))


def found(text: str) -> set[int]:
    index = finder()
    words, among = meaning_of(text, index)
    return set(index.find(Question(words), among=among).hashes)


@pytest.mark.parametrize(
    ("text", "hashes"),
    [
        ("is:weapon", {10}),
        ("not is:weapon", {11, 12, 13}),
        ("-is:weapon -is:armor", {11, 13}),
        ("not:weapon name:o", {12, 13}),
        ("is:bow or is:helmet", {10, 12}),
        ("is:arc is:hunter", set()),
        ("(bow or is:armor) -is:exotic", {12, 13}),
        ("bow -arctic", {13}),
        ("name:o -is:weapon is:armor", {12}),
        ("name:pass or is:armor or is:weapon", {10, 11, 12}),
        ("arctic & is:bow", {10}),
        ("bow & arctic", {10}),
        ("&", set()),
        ("bow or forgotten", {10, 12, 13}),
        ("name:ctic", {10}),
        ("name:'c b'", {10}),
        ("exactname:'Arctic Bow'", {10}),
        ("exactname:arctic", set()),
        ("hash:13", {13}),
        ("hash:99999999999999999", set()),
        ("hash:x", set()),
        ("source:vog", {12}),
        ("is:exotic /* words for people */", {10}),
        ("/* nothing */", {10, 11, 12, 13}),
    ],
)
def test_keywords_find_definitions(text: str, hashes: set[int]) -> None:
    assert found(text) == hashes


@pytest.mark.parametrize("text", ["Not Forgotten", "not forg", "Expired: Pass", "expired: p", '"Arctic Bow', "arctic"])
def test_names_and_their_beginnings_are_only_words_though_they_sound_like_the_language(text: str) -> None:
    assert len(found(text)) == 1
    assert meaning_of(text, finder()).words == text


@pytest.mark.parametrize(
    ("text", "fault", "place", "said"),
    [
        ("bow power:>10", Fault.KEYWORD_OF_COPIES, (4, 13), "power:"),
        ("(is:bow or -is:Masterwork)", Fault.KEYWORD_OF_COPIES, (12, 25), "is:masterwork"),
        ("description:a", Fault.KEYWORD_NOT_HELD, (0, 13), "description:"),
        ("is:wepon", Fault.KEYWORD_UNKNOWN, (0, 8), "wepon"),
        ("colour:red", Fault.KEYWORD_UNKNOWN, (0, 10), "colour"),
        ("name:'!'", Fault.VALUE_MISSING, (0, 8), "!"),
        ("source:nowhere", Fault.VALUE_UNKNOWN, (0, 14), "nowhere"),
        ("season:soon", Fault.NUMBER_WANTED, (0, 11), "soon"),
        ("(is:bow", Fault.GROUP_OPEN, (0, 1), "("),
    ],
)
def test_what_cannot_be_answered_is_told_with_its_place(
    text: str, fault: Fault, place: tuple[int, int], said: str
) -> None:
    with pytest.raises(SearchError) as caught:
        meaning_of(text, finder())
    error = caught.value
    assert (error.fault, (error.start, error.end), error.text) == (fault, place, said)


@given(st.lists(st.sampled_from(["is:weapon", "name:o", "bow", "or", "and", "not", "-", "(", ")", '"', "tag:x", "é"])))
def test_any_text_gives_finds_or_a_search_error(parts: list[str]) -> None:
    text = " ".join(parts)
    with suppress(SearchError):
        words, among = meaning_of(text, finder())
        assert finder().find(Question(words), among=among).total <= len(SHAPES) + 1
