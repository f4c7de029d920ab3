"""How services put their sentences into the language of somebody who is not looking, such as the reader of a mail."""

from __future__ import annotations

from collections.abc import Callable

# A sentence, with its facts if it is a Sentence, and Bungie's name of a language, None for who has chosen none
# -> the same in that language.
Translate = Callable[[str, str | None], str]


def in_english(sentence: str, _language: str | None) -> str:
    """For sites without translations."""
    return str(sentence)
