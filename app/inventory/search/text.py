"""How words are compared: without regard to case and, in Latin script, to accents."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Only the accents of Latin script: those of other scripts make different letters.
_ACCENTS = re.compile("[\u0300-\u036f]")


def fold(text: str) -> str:
    """The form of a text that two spellings of one word share."""
    return text.lower() if text.isascii() else _fold(text)


@lru_cache(maxsize=16_384)
def _fold(text: str) -> str:
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", bare).casefold()
