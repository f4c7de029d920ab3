"""Searching again reads nothing again, and what was read goes with the profile that it was read from."""

from __future__ import annotations

import gc
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from app.bungie.profiles import parse_profile
from app.inventory.arrange import arrange
from app.inventory.profile import Profile
from app.inventory.search.keyword import Need
from app.manifest.resolved import ResolvedDefinitions
from app.manifest.store import Wanted
from app.manifest.versions import VersionInfo
from app.services.readings import Readings
from app.services.search import SearchService
from app.services.sessions import Viewer
from app.services.vault import VaultSnapshot
from tests import recorded as accounts
from tests.shared import requires_shared
from tests.unit.inventory.search import recorded

pytestmark = requires_shared

BUILT = VersionInfo("1", "en", "recorded", "/", datetime(2026, 6, 1, tzinfo=UTC), {})


@dataclass
class OneVault:
    """Always the same profile, until another one is put here."""

    profile: Profile

    def load(self, _viewer: Viewer, _locale: str) -> VaultSnapshot:
        known = recorded.definitions()
        return VaultSnapshot(arrange(self.profile, known), known, datetime.now(UTC), None, self.profile.details)


class Names:
    """Definitions that count how often they are asked for. `info` None: there are none."""

    def __init__(self, info: VersionInfo | None = BUILT, *, degraded: bool = False) -> None:
        self.asked = 0
        self.info = info
        self.degraded = degraded

    def resolve(self, _locale: str, _wanted: Wanted) -> ResolvedDefinitions:
        self.asked += 1
        return ResolvedDefinitions(self.info, recorded.definitions()._tables, degraded=self.degraded)

    def remembered(self, _locale: str, _wanted: Wanted) -> ResolvedDefinitions:
        return recorded.definitions()


@pytest.fixture
def vault() -> OneVault:
    return OneVault(freshly_read())


def freshly_read() -> Profile:
    return parse_profile(accounts.profile(recorded.WORLD, recorded.ACCOUNTS[2]))


def found(service: SearchService, text: str) -> int:
    return sum(service.load(None, "en", text).counts.values())  # type: ignore[arg-type]


def test_while_somebody_types_sockets_are_read_once(vault: OneVault) -> None:
    names = Names()
    service = SearchService(vault, Readings(names))  # type: ignore[arg-type]
    assert [found(service, text) > 0 for text in ("perk:o", "perk:ou", "perk:outlaw")] == [True, True, True]
    assert names.asked == 1


def test_what_needs_no_sockets_reads_none(vault: OneVault) -> None:
    names = Names()
    service = SearchService(vault, Readings(names))  # type: ignore[arg-type]
    assert found(service, "is:weapon is:locked power:>10") > 0
    assert names.asked == 0


def test_a_new_profile_is_read_anew_and_what_was_read_of_the_old_one_is_gone(vault: OneVault) -> None:
    names = Names()
    service = SearchService(vault, Readings(names))  # type: ignore[arg-type]
    found(service, "perk:outlaw")
    vault.profile = freshly_read()
    found(service, "perk:outlaw")
    gc.collect()
    assert names.asked == 2
    assert len(service._readings._readings) == 1


def test_a_few_readings_are_kept_at_most() -> None:
    profiles = [replace(freshly_read()) for _ in range(8)]
    vault = OneVault(profiles[0])
    service = SearchService(vault, Readings(Names()))  # type: ignore[arg-type]
    for vault.profile in profiles:
        found(service, "perk:outlaw")
    assert len(service._readings._readings) == 6


@pytest.mark.parametrize("names", [Names(None), Names(degraded=True)], ids=["missing", "degraded"])
def test_what_was_read_without_definitions_is_read_again(vault: OneVault, names: Names) -> None:
    service = SearchService(vault, Readings(names))  # type: ignore[arg-type]
    found(service, "perk:outlaw")
    names.info, names.degraded = BUILT, False
    assert found(service, "perk:outlaw") > 0
    assert found(service, "perk:outlaw") > 0
    assert names.asked == 2


def test_a_broader_reading_takes_the_place_of_those_that_it_serves_for(vault: OneVault) -> None:
    names, snapshot = Names(), vault.load(None, "en")  # type: ignore[arg-type]
    readings = Readings(names)
    readings.of(snapshot, "en", Need.PLUGS)
    broad = readings.of(snapshot, "en", Need.PLUGS | Need.ROLLS)
    assert readings.of(snapshot, "en", Need.PLUGS) is broad
    assert [*readings._readings[snapshot.details].values()] == [broad]
    assert names.asked == 2


def test_of_one_profile_the_newest_readings_are_kept_and_not_all(vault: OneVault) -> None:
    snapshot, readings = vault.load(None, "en"), Readings(Names())  # type: ignore[arg-type]
    made = [readings.of(snapshot, locale, Need.PLUGS) for locale in ("en", "de", "fr", "it", "es")]
    assert [*readings._readings[snapshot.details].values()] == made[-3:]
