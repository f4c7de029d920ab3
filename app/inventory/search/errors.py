"""What can be wrong with a search, and where. The words for it belong to the pages, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    TOO_LONG = "too-long"
    TOO_DEEP = "too-deep"
    TOO_MANY_TERMS = "too-many-terms"
    QUOTE_OPEN = "quote-open"
    COMMENT_OPEN = "comment-open"
    GROUP_OPEN = "group-open"
    GROUP_NOT_OPEN = "group-not-open"
    GROUP_EMPTY = "group-empty"
    TERM_MISSING = "term-missing"
    KEYWORD_UNKNOWN = "keyword-unknown"
    KEYWORD_UNANSWERED = "keyword-unanswered"
    KEYWORD_OF_COPIES = "keyword-of-copies"
    KEYWORD_NOT_HELD = "keyword-not-held"
    VALUE_MISSING = "value-missing"
    VALUE_UNKNOWN = "value-unknown"
    NUMBER_WANTED = "number-wanted"
    DAY_WANTED = "day-wanted"


@dataclass(eq=False)
class SearchError(Exception):
    """`start` and `end` are offsets into the text as it was typed; `text` is what stands there or what the limit is.

    `suggestion` is what could stand there instead, "" when nothing is near.
    """

    fault: Fault
    start: int
    end: int
    text: str = ""
    suggestion: str = ""

    def __str__(self) -> str:
        return f"{self.fault} at {self.start}: {self.text}"
