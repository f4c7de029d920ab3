"""Takes secrets out of whatever is about to be written down. Pure: text and values in, the same without secrets out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

STARS = "***"
# A shorter value would also be found inside harmless words.
_SHORTEST_KNOWN = 8
_DEEPEST = 6

_NAME = (
    r"[\w-]*(?:token|secret|passw(?:or)?d|authorization|api[_-]?key|cookie)[\w-]*"
    r"|code|state|session|token_keys|secret_key"
)
_SEPARATOR = r"\\?['\"]?\s*(?:[=:]|%3[ad])\s*"
_VALUE = r"b?\\?'[^'\r\n]*'?|b?\\?\"[^\"\r\n]*\"?|(?:(?:bearer|basic)\s+)?[^\s'\"&,;})\]]+"
_NAMED = re.compile(rf"(?i)(?:(?<![\w-])|(?<=%[0-9a-f]{{2}}))({_NAME})({_SEPARATOR})(?:{_VALUE})")
_COOKIES = re.compile(r"(?i)(?<![\w-])((?:set-)?cookie)(\\?['\"]?\s*[:=]\s*\\?['\"]?)[^'\"\r\n]+")
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[\w\-.~+/=]{8,}")
_IN_ADDRESS = re.compile(r"(://[^\s/:@]*:)[^\s/@]+@")
# Whatever looks as if it came out of a random generator: tokens, states, session names, sealed texts.
_RANDOM = re.compile(
    r"(?<![\w-])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?:(?=[\w-]*\d)|(?=(?:[a-z\d_-]*[A-Z]){8}))[\w-]{32,}=*", re.ASCII
)
_SECRET_KEY = re.compile(rf"(?i)(?:{_NAME})")


class Redactor:
    """Knows secrets by their name, by their look and, for those of the settings, by their value (`known`)."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        worth = sorted({value for value in known if len(value) >= _SHORTEST_KNOWN}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, worth))) if worth else None

    def text(self, text: str) -> str:
        if self._known is not None:
            text = self._known.sub(STARS, text)
        text = _COOKIES.sub(rf"\1\2{STARS}", text)
        text = _NAMED.sub(rf"\1\2{STARS}", text)
        text = _BEARER.sub(rf"\1 {STARS}", text)
        text = _IN_ADDRESS.sub(rf"\1{STARS}@", text)
        return _RANDOM.sub(STARS, text)

    def value(self, value: Any, name: str = "", depth: int = 0) -> Any:
        """A value that JSON can hold. Under a secret's name only numbers stay: Bungie's error code is no secret."""
        if value is None or isinstance(value, bool | int | float):
            return value
        if _SECRET_KEY.fullmatch(name):
            return STARS
        if depth < _DEEPEST and isinstance(value, Mapping):
            return {self.text(str(key)): self.value(each, str(key), depth + 1) for key, each in value.items()}
        if depth < _DEEPEST and isinstance(value, list | tuple | set | frozenset):
            return [self.value(each, "", depth + 1) for each in value]
        return self.text(str(value))
