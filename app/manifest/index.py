"""PURE: what Bungie's manifest index says, read leniently: which files hold the definitions of which language."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.inventory.sentences import N_
from app.manifest import kinds
from app.manifest.errors import BadContent
from app.manifest.plans import BUILD_FORMAT, ITEM, PLANS

# The log of runs has room for no more, and PostgreSQL would refuse the whole row.
LONGEST_VERSION = 80
_LONGEST_PATH = 1024


@dataclass(frozen=True, slots=True)
class LocaleFiles:
    """Paths below BUNGIE_ROOT. `archive` "" means that this language comes as JSON files only, one per table."""

    locale: str
    archive: str = ""
    components: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The path that stands for this publication in reports."""
        return self.archive or self.components.get(ITEM, "")

    def digest(self) -> str:
        """Names what would be built from these files. Paths are the key: Bungie's version string may stay the same."""
        parts = [str(BUILD_FORMAT), self.locale, self.archive]
        if not self.archive:
            parts += [f"{table}={self.components.get(table, '')}" for table in PLANS]
        return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class ManifestIndex:
    version: str
    locales: Mapping[str, LocaleFiles]

    def files(self, locale: str) -> LocaleFiles:
        """Raises BadContent when the index has nothing for this language."""
        found = self.locales.get(locale)
        if found is None or not found.path:
            raise BadContent(N_("Bungie's index names no definitions in the language '%(locale)s'."), locale=locale)
        return found


def read_index(response: Any) -> ManifestIndex:
    """From the `Response` of the index. Raises BadContent when it is no index at all."""
    if not isinstance(response, dict):
        raise BadContent(N_("Bungie's index of definitions is not an object."))
    archives = _texts(response.get("mobileWorldContentPaths"))
    components = _tables(response.get("jsonWorldComponentContentPaths"))
    return ManifestIndex(
        version=(kinds.text(response.get("version")) or "")[:LONGEST_VERSION],
        locales={
            locale: LocaleFiles(locale, archives.get(locale, ""), components.get(locale, {}))
            for locale in sorted({*archives, *components})
        },
    )


def _texts(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {key: text for key, text in value.items() if isinstance(text, str) and _is_path(text)}


def _is_path(text: str) -> bool:
    """Whether it can be told at all; whether it is fetched is decided where it is."""
    return text.isprintable() and 0 < len(text) <= _LONGEST_PATH


def _tables(value: Any) -> dict[str, dict[str, str]]:
    if not isinstance(value, dict):
        return {}
    return {locale: _texts(tables) for locale, tables in value.items()}
