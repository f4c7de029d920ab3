"""The search language is read as players know it, written back without loss, and refuses what it cannot read."""

from __future__ import annotations

import sys

import pytest

from app.inventory.search.errors import Fault, SearchError
from app.inventory.search.parser import MOST_CHARACTERS, MOST_DEPTH, MOST_TERMS, parse
from app.inventory.search.printer import write
from app.inventory.search.tree import TEXT, And, Node, Not, Or, Query, Term, terms
from tests.unit.inventory.search import trees


def word(text: str) -> Term:
    return Term(TEXT, text)


A, B, C, D = word("a"), word("b"), word("c"), word("d")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", A),
        ("a b", And((A, B))),
        ("a or b", Or((A, B))),
        ("a and b", And((A, B))),
        ("a b or c", And((A, Or((B, C))))),
        ("a or b c", And((Or((A, B)), C))),
        ("a or b and c", Or((A, And((B, C))))),
        ("a and b or c d", And((Or((And((A, B)), C)), D))),
        ("(a b) or c", Or((And((A, B)), C))),
        ("-a b", And((Not(A), B))),
        ("not a and b", And((Not(A), B))),
        ("- a", Not(A)),
        ("--a", Not(Not(A))),
        ("-(a or b)", Not(Or((A, B)))),
        ("not(a)", Not(A)),
        ("(a)(b)", And((A, B))),
        ("A OR b", Or((word("A"), B))),
        ("android", word("android")),
        ("is:weapon", Term("is", "weapon")),
        ("IS:Weapon", Term("is", "Weapon")),
        ("not:weapon", Not(Term("is", "weapon"))),
        ('name:"hand cannon"', Term("name", "hand cannon")),
        ("name:'hand cannon'", Term("name", "hand cannon")),
        ("name:\u201chand cannon\u201d", Term("name", "hand cannon")),
        ("\u2018hand cannon\u2019", word("hand cannon")),
        ("don\u2019t", word("don't")),
        (r'"say \"hi\" \n"', word(r'say "hi" \n')),
        ("stat:range+handling:>=40", Term("stat", "range+handling:>=40")),
        ("12:30", word("12:30")),
        ("hand-cannon", word("hand-cannon")),
        ("a\u3000b", And((A, B))),
        ("a /* not read */ b", And((A, B))),
    ],
)
def test_a_text_is_read_with_the_precedence_that_players_know(text: str, tree: Node) -> None:
    assert parse(text).tree == tree


def test_the_first_comment_is_the_title() -> None:
    assert parse("/* God rolls */ a /* second */") == Query(A, "God rolls")


@pytest.mark.parametrize("text", ["", "   ", "/* only a title */"])
def test_a_search_that_asks_nothing_has_no_tree(text: str) -> None:
    assert parse(text).tree is None


@pytest.mark.parametrize(
    ("text", "fault", "place"),
    [
        ('a "b c', Fault.QUOTE_OPEN, (2, 6)),
        ("a /* b", Fault.COMMENT_OPEN, (2, 6)),
        ("a (b", Fault.GROUP_OPEN, (2, 3)),
        ("a) b", Fault.GROUP_NOT_OPEN, (1, 2)),
        ("a ()", Fault.GROUP_EMPTY, (2, 4)),
        ("a or", Fault.TERM_MISSING, (4, 4)),
        ("or a", Fault.TERM_MISSING, (0, 2)),
        ("a and or b", Fault.TERM_MISSING, (6, 8)),
        ("-", Fault.TERM_MISSING, (1, 1)),
        ("(-)", Fault.TERM_MISSING, (2, 3)),
        ("a name: b", Fault.VALUE_MISSING, (2, 7)),
        ("-" * (MOST_DEPTH + 1) + "a", Fault.TOO_DEEP, (MOST_DEPTH, MOST_DEPTH + 1)),
        ("a " * (MOST_TERMS + 1), Fault.TOO_MANY_TERMS, (2 * MOST_TERMS, 2 * MOST_TERMS + 1)),
        ("a" * (MOST_CHARACTERS + 8), Fault.TOO_LONG, (MOST_CHARACTERS, MOST_CHARACTERS + 8)),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text: str, fault: Fault, place: tuple[int, int]) -> None:
    with pytest.raises(SearchError) as caught:
        parse(text)
    assert (caught.value.fault, (caught.value.start, caught.value.end)) == (fault, place)


def test_the_caps_themselves_are_allowed() -> None:
    assert len(list(terms(parse("a " * MOST_TERMS).tree))) == MOST_TERMS
    assert parse("(" * MOST_DEPTH + "a" + ")" * MOST_DEPTH).tree == A
    assert parse("a" * MOST_CHARACTERS).tree == word("a" * MOST_CHARACTERS)


def test_a_term_knows_where_it_stands() -> None:
    assert [(term.start, term.end) for term in terms(parse("a (is:b or -c)").tree)] == [(0, 1), (3, 7), (12, 13)]


def test_ten_thousand_trees_written_and_read_again_are_the_same_trees() -> None:
    read_again = 0
    for query in trees.queries(12_000, seed=6):  # some are longer than a search may be
        text = write(query)
        if len(text) <= MOST_CHARACTERS:
            assert parse(text) == query, text
            read_again += 1
    assert read_again >= 10_000


def test_whatever_can_be_read_is_the_same_after_writing_and_reading() -> None:
    readable = 0
    for text in trees.texts(20_000, seed=7):
        try:
            query = parse(text)
        except SearchError:
            continue
        readable += 1
        written = write(query)
        if len(written) <= MOST_CHARACTERS:
            assert parse(written) == query, text
    assert readable > 5_000


def test_reading_needs_only_a_few_frames_however_deep_the_text_is() -> None:
    limit = sys.getrecursionlimit()
    deepest = "(-" * (MOST_DEPTH // 2) + "a" + ")" * (MOST_DEPTH // 2)
    try:
        sys.setrecursionlimit(len(_frames()) + 12 * MOST_DEPTH)
        assert parse(deepest).tree is not None
        with pytest.raises(SearchError):
            parse("(" * MOST_CHARACTERS)
    finally:
        sys.setrecursionlimit(limit)


def _frames() -> list[object]:
    found, frame = [], sys._getframe()
    while frame:
        found.append(frame)
        frame = frame.f_back  # type: ignore[assignment]
    return found
