"""PURE: what changed about one item from one version of the definitions to the next, told from its two slim records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from app.inventory.news import ChangeKind
from app.manifest import kinds
from app.manifest.build import Record
from app.manifest.plans import ITEM, PLANS

# Details of so many items are kept; the counts go on. The largest expansion so far brought 4,000.
_MOST_TOLD = 10_000
# Attributes that say what an item is, rather than what it does.
_FACTS = ("redacted", "type_name", "item_type", "sub_type", "tier", "bucket_hash", "class_type")
_KEYS: Mapping[str, str] = {each.attribute: each.key for each in PLANS[ITEM].fields}
_NAME, _ICON, _TYPE, _STATS, _POINTS = (_KEYS[each] for each in ("name", "icon", "type_name", "stats", "investments"))

# What was and what is now, by the attribute's name or by the stat's hash as text: JSON knows no other keys.
Detail = Mapping[str, tuple[Any, Any]]


class ItemChange(NamedTuple):
    """One item that changed in one way. Name and icon are the new ones; those of a removed item, the old ones."""

    kind: ChangeKind
    item_hash: int
    name: str
    icon: str = ""
    type_name: str = ""
    detail: Detail = MappingProxyType({})


@dataclass(slots=True)
class Difference:
    """`counts` are complete, `changes` at most ten thousand."""

    counts: Counter[ChangeKind] = field(default_factory=Counter)
    changes: list[ItemChange] = field(default_factory=list)

    def note(self, item_hash: int, before: Record | None, after: Record | None, *, is_same_format: bool = True) -> None:
        """None for the version that does not have the item. Items that never had a name are nobody's news."""
        for change in _changes(item_hash, before, after, is_same_format=is_same_format):
            self.counts[change.kind] += 1
            if len(self.changes) < _MOST_TOLD:
                self.changes.append(change)


def _changes(
    item_hash: int, before: Record | None, after: Record | None, *, is_same_format: bool
) -> Iterator[ItemChange]:
    old, new = before or {}, after or {}
    if not (old.get(_NAME) or new.get(_NAME)):
        return
    if before is None or after is None:
        yield _change(ChangeKind.ADDED if before is None else ChangeKind.REMOVED, item_hash, new or old)
        return
    facts = _facts(old, new) if is_same_format else {}
    if facts:
        yield _change(ChangeKind.RECLASSIFIED, item_hash, new, facts)
    if "redacted" in facts:
        return  # all else about it was hidden before, or is from now on
    if old.get(_NAME, "") != new.get(_NAME, ""):
        yield _change(ChangeKind.RENAMED, item_hash, new, {"name": (old.get(_NAME, ""), new.get(_NAME, ""))})
    if is_same_format and (stats := _stats(old, new)):
        yield _change(ChangeKind.RESTATTED, item_hash, new, stats)


def _change(kind: ChangeKind, item_hash: int, record: Record, detail: Detail = MappingProxyType({})) -> ItemChange:
    icon = kinds.full_icon(record[_ICON]) if record.get(_ICON) else ""
    return ItemChange(kind, item_hash, record.get(_NAME, ""), icon, record.get(_TYPE, ""), detail)


def _facts(old: Record, new: Record) -> dict[str, tuple[Any, Any]]:
    pairs = {each: (_value(old, each), _value(new, each)) for each in _FACTS}
    facts = {each: pair for each, pair in pairs.items() if pair[0] != pair[1]}
    if "redacted" in facts:
        return {"redacted": facts["redacted"], "name": (old.get(_NAME, ""), new.get(_NAME, ""))}
    return facts


def _value(record: Record, attribute: str) -> Any:
    return record.get(_KEYS[attribute], PLANS[ITEM].default_of(attribute))


def _stats(old: Record, new: Record) -> dict[str, tuple[int, int]]:
    """What an item shows; of plugs, which show nothing themselves, what they give."""
    shown = _differing(kinds.stat_mapping(old.get(_STATS, [])), kinds.stat_mapping(new.get(_STATS, [])))
    return shown or _differing(_points(old), _points(new))


def _points(record: Record) -> Counter[int]:
    points: Counter[int] = Counter()
    for stat_hash, value, _is_conditional in record.get(_POINTS, []):
        points[stat_hash] += value
    return points


def _differing(old: Mapping[int, int], new: Mapping[int, int]) -> dict[str, tuple[int, int]]:
    pairs = {each: (old.get(each, 0), new.get(each, 0)) for each in {**old, **new}}
    return {str(each): pair for each, pair in pairs.items() if pair[0] != pair[1]}
