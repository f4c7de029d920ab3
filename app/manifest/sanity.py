"""PURE: whether freshly built definitions may take the place of those in use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.inventory.sentences import N_
from app.manifest.errors import NotSane
from app.manifest.plans import PLANS
from app.manifest.versions import VersionInfo

# A patch renames and adds; a file that lost more than this is broken or half published.
_LEAST_KEPT = 0.9
_A_HANDFUL = 10  # may go from any file, however small
_MOST_UNREADABLE = 0.02
_MOST_FOREIGN = 0.5
_FEW_ROWS = N_(
    "The new definitions have only %(now)s of %(table)s where %(before)s were before. "
    "If that is right, an operator can take them with `manifest refresh --force`."
)
_FEW_NAMES = N_(
    "The new definitions have only %(now)s of items with a name where %(before)s were before. "
    "If that is right, an operator can take them with `manifest refresh --force`."
)


@dataclass(slots=True)
class TableReport:
    """What was found in one table. `foreign`: rows without Destiny 2's `hash` field; `misnumbered`: with another one.

    `records` went out to be stored: fewer come to rest where a hash came twice.
    """

    rows: int = 0
    unreadable: int = 0
    foreign: int = 0
    misnumbered: int = 0
    records: int = 0


@dataclass(slots=True)
class BuildReport:
    tables: dict[str, TableReport] = field(default_factory=dict)
    named_items: int = 0
    named_buckets: set[int] = field(default_factory=set)

    def table(self, name: str) -> TableReport:
        return self.tables.setdefault(name, TableReport())

    @property
    def rows(self) -> int:
        return sum(each.rows for each in self.tables.values())


def check_table(name: str, report: TableReport) -> None:
    """Right after a table was read, so that a foreign file is refused early. Raises NotSane."""
    plan = PLANS[name]
    if plan.is_required and not report.rows:
        raise NotSane(N_("The new definitions have no %(table)s at all."), table=_plain(name))
    if plan.is_required and report.foreign > report.rows * _MOST_FOREIGN:
        raise NotSane(N_("These are not Destiny 2's definitions: their rows carry no hash. Are they Destiny 1's?"))
    if report.misnumbered:
        raise NotSane(
            N_("%(rows)s rows of %(table)s carry a number that cannot be theirs."),
            rows=report.misnumbered,
            table=_plain(name),
        )
    if report.unreadable > max(1, report.rows * _MOST_UNREADABLE):
        raise NotSane(
            N_("%(unreadable)s of %(rows)s rows of %(table)s cannot be read."),
            unreadable=report.unreadable,
            rows=report.rows,
            table=_plain(name),
        )


def check_once(report: BuildReport, stored: Mapping[str, int]) -> None:
    """No hash comes twice: which of two definitions holds would be a guess. Raises NotSane."""
    for name, found in report.tables.items():
        if twice := found.records - stored.get(name, 0):
            raise NotSane(N_("%(rows)s rows of %(table)s come more than once."), rows=twice, table=_plain(name))


def check_switch(previous: VersionInfo | None, counts: Mapping[str, int], named_items: int) -> None:
    """Against the version in use, so that a small first manifest is taken. Raises NotSane.

    `previous` is None for a first version, or when an operator insists: then only what pages cannot do without counts.
    """
    before = previous.counts if previous else {}
    for name, plan in PLANS.items():
        if plan.is_required and not counts.get(name):
            raise NotSane(N_("The new definitions have no usable %(table)s at all."), table=_plain(name))
        if plan.is_steady:
            _check_loss(before.get(name, 0), counts.get(name, 0), _FEW_ROWS, table=_plain(name))
    _check_loss(previous.named_items if previous else 0, named_items, _FEW_NAMES)


def check_kept(previous: VersionInfo, removed: int) -> None:
    """As many items are not enough: they have to be the same ones. `removed` are those with a name. Raises NotSane."""
    if removed > max(_A_HANDFUL, previous.named_items * (1 - _LEAST_KEPT)):
        raise NotSane(
            N_(
                "%(removed)s of %(before)s items of the version before are not among the new definitions. "
                "If that is right, an operator can take them with `manifest refresh --force`."
            ),
            removed=removed,
            before=previous.named_items,
        )


def _check_loss(before: int, now: int, says: str, **facts: str) -> None:
    if now < before * _LEAST_KEPT:
        raise NotSane(says, now=now, before=before, **facts)


def _plain(table: str) -> str:
    return table.removeprefix("Destiny").removesuffix("Definition")
