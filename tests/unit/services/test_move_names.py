"""Where the names come from with which a move is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from app.bungie.errors import Unavailable
from app.inventory.definitions import ItemDefinition
from app.manifest.plans import ITEM
from app.manifest.resolved import ResolvedDefinitions
from app.manifest.store import Wanted
from app.manifest.versions import VersionInfo
from app.services.moves.pictures import Pictures, Whose
from app.services.profiles import LoadedProfile

GUN, OTHER_GUN = 1, 2


def named(locale: str, **names: str) -> ResolvedDefinitions:
    info = VersionInfo(locale, locale, "1", "", datetime.now(UTC), {})
    items = {
        number: ItemDefinition(number, name) for number, name in zip((GUN, OTHER_GUN), names.values(), strict=False)
    }
    return ResolvedDefinitions(info, {ITEM: items})


@dataclass
class Definitions:
    """What a process knows, and what it is told when it asks."""

    known: ResolvedDefinitions
    told: ResolvedDefinitions

    def remembered(self, _locale: str, _wanted: Wanted) -> ResolvedDefinitions:
        return self.known

    def resolve(self, _locale: str, _wanted: Wanted) -> ResolvedDefinitions:
        return self.told


class NoProfiles:
    def load(self, *_whose: object) -> LoadedProfile:
        raise Unavailable("nobody is at home")


def told_names(known: ResolvedDefinitions, told: ResolvedDefinitions, hashes: list[int]) -> list[str]:
    definitions = Definitions(known, told)
    pictures = Pictures(NoProfiles(), definitions, None, "en", lambda: datetime.now(UTC))  # type: ignore[arg-type]
    found = pictures.names(Whose(1, 3, "7"), "de", hashes).definitions
    return [each.name for number in hashes if (each := found.item(number))]


def test_names_that_a_process_knows_in_the_language_of_the_page_are_not_asked_for() -> None:
    assert told_names(named("de", gun="Gewehr"), named("de", gun="?"), [GUN, 0]) == ["Gewehr"]


def test_names_of_another_language_are_no_reason_not_to_ask() -> None:
    assert told_names(named("en", gun="Rifle"), named("de", gun="Gewehr"), [GUN]) == ["Gewehr"]


def test_where_one_name_is_unknown_all_are_asked_for() -> None:
    known, told = named("de", gun="Gewehr"), named("de", gun="Gewehr", other="Pistole")
    assert told_names(known, told, [GUN, OTHER_GUN]) == ["Gewehr", "Pistole"]
