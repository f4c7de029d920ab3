"""Definitions in the language of a page. One that has none yet is answered in the site's first, not in hashes."""

from __future__ import annotations

from typing import Protocol

from app.manifest.plans import ITEM
from app.manifest.resolved import ResolvedDefinitions
from app.manifest.store import DefinitionStore, Wanted
from app.services.unknown_items import UnknownItems


class NamesThings(Protocol):
    def resolve(self, locale: str, wanted: Wanted) -> ResolvedDefinitions: ...

    def remembered(self, locale: str, wanted: Wanted) -> ResolvedDefinitions: ...


class Naming:
    """`first` is the language to fall back to. Whether it had to be shows in the `info.locale` of what is found."""

    def __init__(self, definitions: DefinitionStore, first: str, unknown: UnknownItems) -> None:
        self._definitions = definitions
        self._first = first
        self._unknown = unknown

    def resolve(self, locale: str, wanted: Wanted) -> ResolvedDefinitions:
        """As the store's `resolve`."""
        found = self._resolve(locale, wanted)
        self._unknown.report(found, wanted.get(ITEM, ()))
        return found

    def remembered(self, locale: str, wanted: Wanted) -> ResolvedDefinitions:
        """As the store's `remembered`."""
        found = self._definitions.remembered(locale, wanted)
        return self._definitions.remembered(self._first, wanted) if found.missing and locale != self._first else found

    def _resolve(self, locale: str, wanted: Wanted) -> ResolvedDefinitions:
        # Bungie may have none in this language for days, so nobody is sent for it: the next regular refresh looks.
        found = self._definitions.resolve(locale, wanted)
        if not found.missing or locale == self._first:
            return found
        return self._definitions.resolve(self._first, wanted)
