"""Text -> tokens. One pass, each character looked at a bounded number of times."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from app.inventory.search.errors import Fault, SearchError
from app.inventory.search.tree import TEXT


class Kind(StrEnum):
    OPEN = "open"
    CLOSE = "close"
    NOT = "not"
    AND = "and"
    OR = "or"
    TERM = "term"
    COMMENT = "comment"
    END = "end"


class Token(NamedTuple):
    """`name` and `text` are the two halves of a term; a comment has its words in `text`."""

    kind: Kind
    start: int
    end: int
    name: str = ""
    text: str = ""


# Phones and word processors turn straight quotes into curly ones; every one is a single character, so places stay.
_STRAIGHT = str.maketrans("\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b", '"' * 4 + "'" * 4)

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
    | (?P<comment>/\*(?P<words>.*?)(?P<closed>\*/|\Z))
    | (?P<open>\()
    | (?P<close>\))
    | (?P<not>-|(?ai:not)(?=[\s()]|\Z))
    | (?P<and>(?ai:and)(?=[\s()]|\Z))
    | (?P<or>(?ai:or)(?=[\s()]|\Z))
    | (?P<name>(?ai:[a-z]+):)?
      (?: "(?P<double>(?:[^"\\]|\\.)*)(?P<end2>"|\Z)
        | '(?P<single>(?:[^'\\]|\\.)*)(?P<end1>'|\Z)
        | (?P<word>[^\s()]*) )
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\([\"'\\])")
_SIMPLE = {str(kind): kind for kind in (Kind.OPEN, Kind.CLOSE, Kind.NOT, Kind.AND, Kind.OR)}


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text, a last END included. Raises SearchError at a quote or comment that is never closed."""
    # The pattern takes any character, so the matches leave no gap; only the one at the very end is empty. Which group
    # matched last tells what it is.
    for match in _TOKEN.finditer(text.translate(_STRAIGHT)):
        group, said = match.lastgroup or "", match[0]
        if said and group != "space":
            kind = _SIMPLE.get(group)
            yield Token(kind, *match.span(), "", said) if kind else _worded(match, group)
    yield Token(Kind.END, len(text), len(text))


def _worded(match: re.Match[str], group: str) -> Token:
    if group == "comment":
        _must_close(match, "closed", Fault.COMMENT_OPEN)
        return Token(Kind.COMMENT, *match.span(), "", match["words"].strip())
    name, word = match["name"], match["word"]
    return Token(Kind.TERM, *match.span(), name[:-1].lower() if name else TEXT, word or _quoted(match))


def _quoted(match: re.Match[str]) -> str:
    for content, end in (("double", "end2"), ("single", "end1")):
        said: str | None = match[content]
        if said is not None:
            _must_close(match, end, Fault.QUOTE_OPEN)
            return _ESCAPED.sub(r"\1", said) if "\\" in said else said
    raise SearchError(Fault.VALUE_MISSING, match.start(), match.end(), match[0])


def _must_close(match: re.Match[str], group: str, fault: Fault) -> None:
    if not match[group]:
        raise SearchError(fault, match.start(), match.end(), match[0][:2])
