"""The tables in docs and the tests agree: every promise is there, and every test that is named exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.shared import ROOT

PROMISES = {
    "security.md": {"A": 10, "B": 8, "C": 10, "D": 8, "E": 12, "F": 5, "G": 5},
    "moves.md": {"P": 24},
    "reliability.md": {"H": 10, "I": 9, "J": 9, "K": 7, "L": 2},
}
ROW = re.compile(r"^\| ([A-Z]\d+) \| (.+?) \| (.+?) \| (.+) \|$", re.MULTILINE)
LINK = re.compile(r"\[`(\w+)`\]\(\.\./([\w/.]+)\)")


def rows(document: str) -> list[tuple[str, str, str, str]]:
    return ROW.findall((ROOT / "docs" / document).read_text())


@cache
def names_in(path: Path) -> frozenset[str]:
    """The tests that pytest would collect from a file, read without running it."""
    top = ast.parse(path.read_text()).body
    groups = [node.body for node in top if isinstance(node, ast.ClassDef) and node.name.startswith("Test")]
    return frozenset(node.name for body in (top, *groups) for node in body if isinstance(node, ast.FunctionDef))


def missing(links: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [
        (name, path)
        for name, path in links
        if not name.startswith("test_") or not (ROOT / path).is_file() or name not in names_in(ROOT / path)
    ]


@pytest.mark.parametrize("document", PROMISES)
def test_every_promise_of_the_list_is_in_the_table_once_and_in_order(document: str) -> None:
    expected = [f"{letter}{number}" for letter, count in PROMISES[document].items() for number in range(1, count + 1)]
    assert [row[0] for row in rows(document)] == expected


@pytest.mark.parametrize("document", PROMISES)
def test_every_promise_is_held_by_a_test_that_exists(document: str) -> None:
    for name, _, _, held_by in rows(document):
        links = LINK.findall(held_by)
        assert missing(links) == [], name
        assert links, name


def test_a_test_that_does_not_exist_is_noticed() -> None:
    here = "tests/contracts/test_security_doc.py"
    assert missing([("test_nothing_of_this_name", here), ("test_x", "tests/none.py"), ("rows", here)]) != []
    assert missing([("test_a_test_that_does_not_exist_is_noticed", here)]) == []


def test_people_can_read_what_is_promised_what_is_not_and_how_to_report() -> None:
    text = (ROOT / "SECURITY.md").read_text()
    for heading in ("## What we promise", "## What we do not promise", "## Telling us about a weakness"):
        assert heading in text
    assert re.search(r"within \*\*\d+ working days\*\*", text)
    assert "docs/security.md" in text
