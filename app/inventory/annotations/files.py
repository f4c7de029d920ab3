"""Tags and notes in files: our own JSON and CSV, and what other clients write, their backup in JSON and their CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from app.inventory.annotations.marks import (
    COLOURS,
    PLAIN_COLOUR,
    USUAL,
    Annotations,
    Label,
    Unfit,
    Why,
    clean_label,
    clean_notes,
    is_key,
)
from app.inventory.annotations.merge import Row

FORMAT, VERSION = "vault-raider-tags", 1
MOST_BYTES, MOST_ROWS = 4_000_000, 20_000
COLUMNS = ("Name", "Hash", "Id", "Tag", "Notes")
_DESTINY_2 = 2
_DELIMITERS = ",;\t"
# A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MOST_FAULTS = 100
_HASH_DIGITS = 10


class Fault(NamedTuple):
    """A row that was passed over: its line or number, why, and what it said."""

    place: int
    why: Why
    text: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a file says, each item once. `strangers` counts rows of other players' accounts."""

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...] = ()
    labels: tuple[Label, ...] = ()
    strangers: int = 0


class _Raw(NamedTuple):
    place: int
    key: str
    item_hash: str
    tag: str
    notes: str
    changed_at: str = ""


def read_file(data: bytes, membership_id: str) -> Content:
    """Any of the four kinds, told by what is in it. Raises Unfit when it is none, or too large."""
    if len(data) > MOST_BYTES:
        raise Unfit(Why.TOO_LONG)
    try:
        text = data.decode("utf-8-sig").strip()
        content = _from_json(text, membership_id) if text[:1] in {"{", "["} else _from_csv(text)
    except (ValueError, RecursionError, csv.Error):
        raise Unfit(Why.NOT_READABLE) from None
    if not content.rows and not content.faults and not content.strangers:
        raise Unfit(Why.NOTHING_SAID)
    return content


# --- reading ---------------------------------------------------------------------------------------------------------


def _from_json(text: str, membership_id: str) -> Content:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise Unfit(Why.NOT_READABLE)
    if found.get("format") == FORMAT:
        return _own_json(found)
    if isinstance(found.get("tags"), list) or isinstance(found.get("itemHashTags"), list):
        return _other_json(found, membership_id)
    raise Unfit(Why.NOT_READABLE)


def _own_json(found: Mapping[str, Any]) -> Content:
    if found.get("version") != VERSION:
        raise Unfit(Why.NOT_READABLE)
    labels = tuple(_labels(_records(found, "labels")))
    raw = (
        _Raw(place, _text(each, "id") or _text(each, "hash"), *_texts(each, "hash", "tag", "notes", "changed_at"))
        for place, each in enumerate(_records(found, "items"), 1)
    )
    return _content(raw, labels)


def _labels(found: Iterable[Mapping[str, Any]]) -> Iterator[Label]:
    for each in found:
        try:
            name = clean_label(_text(each, "name"))
        except Unfit:
            continue
        colour = _text(each, "colour")
        yield Label(name, colour if colour in COLOURS else PLAIN_COLOUR)


def _other_json(found: Mapping[str, Any], membership_id: str) -> Content:
    """Another client's backup. Of several accounts in one file only the player's own is read."""
    entries = _records(found, "tags")
    own = [each for each in entries if _is_own(each, membership_id)]
    said = [each.get("annotation", each) for each in own] + _records(found, "itemHashTags")
    raw = (
        _Raw(place, _text(each, "id") or _text(each, "hash"), *_texts(each, "hash", "tag", "notes"))
        for place, each in enumerate(said, 1)
        if isinstance(each, dict)
    )
    return _content(raw, strangers=len(entries) - len(own))


def _is_own(entry: Mapping[str, Any], membership_id: str) -> bool:
    is_this_game = entry.get("destinyVersion", _DESTINY_2) == _DESTINY_2
    return is_this_game and str(entry.get("platformMembershipId", membership_id)) == membership_id


def _from_csv(text: str) -> Content:
    head = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns = {name.strip().casefold(): place for place, name in enumerate(next(rows, ()))}
    if not {"id", "hash"} <= columns.keys() or not {"tag", "notes"} & columns.keys():
        raise Unfit(Why.NOT_READABLE)

    def cell(row: list[str], name: str) -> str:
        place = columns.get(name, len(row))
        return _bare(row[place]) if place < len(row) else ""

    raw = (
        _Raw(rows.line_num, _key(cell(row, "id"), cell(row, "hash")), cell(row, "hash"), cell(row, "tag"),
             cell(row, "notes"))
        for row in rows
        if any(row)
    )  # fmt: skip
    return _content(raw)


def _key(instance_id: str, item_hash: str) -> str:
    """Ids stand in quotation marks, so that spreadsheets do not round them; what has no copies has none, or 0."""
    bare = instance_id.strip().strip('"')
    return item_hash.strip() if bare in {"", "0"} else bare


def _bare(cell: str) -> str:
    """Without the sign that kept a spreadsheet from taking it for a formula."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA) else cell


def _content(raw: Iterable[_Raw], labels: tuple[Label, ...] = (), strangers: int = 0) -> Content:
    """Of two rows for one item the later counts. What says nothing is no fault: most rows of a table of gear do not."""
    rows: dict[str, Row] = {}
    faults: list[Fault] = []
    for count, each in enumerate(raw):
        if count >= MOST_ROWS:
            raise Unfit(Why.TOO_MANY)
        try:
            row = _row(each)
        except Unfit as fault:
            faults.append(Fault(each.place, fault.why, clean_notes(fault.text)))
            continue
        if row.tag or row.notes:
            rows.pop(row.key, None)
            rows[row.key] = row
    return Content(tuple(rows.values()), tuple(faults[:_MOST_FAULTS]), labels, strangers)


def _row(raw: _Raw) -> Row:
    if not is_key(raw.key):
        raise Unfit(Why.NO_ITEM, raw.key[:20])
    digits = raw.item_hash if len(raw.key) > _HASH_DIGITS else raw.key
    item_hash = int(digits) if is_key(digits) and len(digits) <= _HASH_DIGITS else 0
    return Row(raw.place, raw.key, item_hash, _tag(raw.tag), clean_notes(raw.notes), _moment(raw.changed_at))


def _tag(text: str) -> str:
    usual = text.strip().casefold()
    if usual in {"", "none"}:
        return ""
    return usual if usual in USUAL else clean_label(text)


def _moment(text: str) -> str:
    """In UTC, so that two of them compare as texts; "" for what is no moment."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC).isoformat() if text else ""
    except (ValueError, OverflowError):
        return ""


def _records(found: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    listed = found.get(name)
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _texts(found: Mapping[str, Any], *names: str) -> Iterator[str]:
    return (_text(found, name) for name in names)


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


# --- writing ---------------------------------------------------------------------------------------------------------


def to_json(said: Annotations, membership_id: str, made_at: str) -> str:
    """All of it; `read_file` reads it again."""
    items = [
        {"id" if len(key) > _HASH_DIGITS else "hash": key, **_told(key, each.item_hash)}
        | {"tag": each.tag, "notes": each.notes, "changed_at": each.changed_at}
        for key, each in said.by_key.items()
    ]
    labels = [each._asdict() for each in said.labels]
    whole = {"format": FORMAT, "version": VERSION, "membership": membership_id, "made_at": made_at}
    return json.dumps(whole | {"labels": labels, "items": items}, ensure_ascii=False, indent=1)


def _told(key: str, item_hash: int) -> dict[str, str]:
    return {"hash": str(item_hash)} if len(key) > _HASH_DIGITS and item_hash else {}


def to_csv(said: Annotations, names: Mapping[int, str]) -> str:
    """For spreadsheets, and for other clients: the columns have the names that those look for."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for key, each in said.by_key.items():
        is_copy = len(key) > _HASH_DIGITS
        item_hash = each.item_hash if is_copy else int(key)
        table.writerow([
            safe_cell(names.get(item_hash, "")), item_hash or "", f'"{key}"' if is_copy else "",
            safe_cell(each.tag), safe_cell(each.notes),
        ])  # fmt: skip
    return out.getvalue()


def safe_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula; `read_file` takes the sign in front away again."""
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA) else text
