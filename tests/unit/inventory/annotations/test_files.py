"""Files of tags and notes: ours and those of other clients, whole and broken."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.inventory.annotations.files import (
    MOST_BYTES,
    MOST_ROWS,
    Content,
    read_file,
    safe_cell,
    to_csv,
    to_json,
)
from app.inventory.annotations.marks import (
    MOST_NOTES,
    USUAL,
    Annotation,
    Annotations,
    Label,
    Unfit,
    Why,
    clean_label,
    clean_notes,
)
from app.inventory.annotations.merge import Row

ME, OTHER = "4611686018400000001", "4611686018400000002"
COPY, SECOND = "6917529034000000001", "6917529034000000002"
ACE, SHADER = 347366834, 2926662838


def read(text: str) -> Content:
    return read_file(text.encode("utf-8", "surrogatepass"), ME)


def refused(data: bytes) -> Why:
    with pytest.raises(Unfit) as caught:
        read_file(data, ME)
    return caught.value.why


def said(content: Content) -> dict[str, tuple[str, str]]:
    return {row.key: (row.tag, row.notes) for row in content.rows}


def entry(annotation: dict[str, Any], account: str = ME, game: int = 2) -> dict[str, Any]:
    return {"platformMembershipId": account, "destinyVersion": game, "annotation": annotation}


def test_a_backup_of_the_leading_client_is_read() -> None:
    backup = {
        "settings": {"language": "en"},
        "loadouts": [{"platformMembershipId": ME, "loadout": {"name": "x"}}],
        "tags": [
            entry({"id": COPY, "tag": "favorite", "notes": "the best #pvp"}),
            entry({"id": SECOND, "tag": None, "notes": "only words", "craftedDate": 1660000000}),
            entry({"id": "6917529034000000003", "tag": "junk", "v": 1}),
            entry({"id": COPY, "tag": "junk"}, OTHER),
            entry({"id": COPY, "tag": "junk"}, game=1),
        ],
        "itemHashTags": [{"hash": SHADER, "tag": "keep", "notes": "for the clan"}],
        "triumphs": [],
        "searches": [],
    }
    found = read(json.dumps(backup))
    assert said(found) == {
        COPY: ("favorite", "the best #pvp"),
        SECOND: ("", "only words"),
        "6917529034000000003": ("junk", ""),
        str(SHADER): ("keep", "for the clan"),
    }
    assert found.strangers == 2
    assert not found.faults


def test_a_table_of_the_leading_client_is_read_by_the_names_of_its_columns() -> None:
    table = (
        "Name,Hash,Id,Tag,Rarity,Type,Locked,Notes,Perks 0\r\n"
        f'Ace of Spades,{ACE},"""{COPY}""",Favorite,Exotic,Hand Cannon,true,"two\nlines, ""quoted""",Perk*\r\n'
        f'Ace of Spades,{ACE},"""{SECOND}""",,Exotic,Hand Cannon,false,,Perk*\r\n'
    )
    found = read(table)
    assert said(found) == {COPY: ("favorite", 'two\nlines, "quoted"')}
    assert found.rows[0].item_hash == ACE


@pytest.mark.parametrize("sign", [";", "\t"])
def test_a_table_saved_by_a_spreadsheet_of_another_country_is_read(sign: str) -> None:
    rows = (
        ("\ufeffHash", "ID", "tag", "notes"),
        (str(ACE), f'"""{COPY}"""', "keep", "x"),
        (str(SHADER), "0", "junk", ""),
    )
    assert said(read("\n".join(map(sign.join, rows)))) == {COPY: ("keep", "x"), str(SHADER): ("junk", "")}


notes_text = st.text(max_size=80).map(clean_notes) | st.from_regex(r"'{0,3}[=+@-][a-z]{0,5}", fullmatch=True)
label_text = st.from_regex(r"[A-Za-zÄö0-9=+@-][A-Za-z =+@-]{0,20}", fullmatch=True)
keys = st.integers(6917529034000000000, 6917529035000000000).map(str) | st.integers(1, 2**32 - 1).map(str)


def cleaned(text: str) -> str:
    try:
        return clean_label(text)
    except Unfit:
        return "x"


annotations = st.builds(
    Annotation,
    tag=st.sampled_from(("", *USUAL)) | label_text.map(cleaned),
    notes=notes_text,
    item_hash=st.integers(0, 2**32 - 1),
    changed_at=st.just("2026-06-09T19:41:00+00:00"),
)


@given(st.dictionaries(keys, annotations, max_size=8))
def test_what_is_written_reads_back_the_same_in_both_forms(by_key: dict[str, Annotation]) -> None:
    whole = Annotations(by_key, (Label("raid", "red"),))
    expected = {key: (each.tag, each.notes) for key, each in by_key.items() if not each.is_empty}
    for text in (to_json(whole, ME, "2026-06-09T19:41:00+00:00"), to_csv(whole, {})):
        if not expected:
            assert refused(text.encode()) is Why.NOTHING_SAID
        else:
            assert said(read(text)) == expected


def test_our_backup_keeps_labels_with_colours_hashes_and_dates() -> None:
    mine = Annotation("raid", "n", ACE, "2026-06-09T21:41:00+02:00")
    found = read(to_json(Annotations({COPY: mine}, (Label("raid", "red"), Label("unused", "teal"))), ME, ""))
    assert found.labels == (Label("raid", "red"), Label("unused", "teal"))
    assert found.rows == (Row(1, COPY, ACE, "raid", "n", "2026-06-09T19:41:00+00:00"),)


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_begins_like_a_formula(begins: str) -> None:
    table = to_csv(Annotations({COPY: Annotation("", f"{begins}HYPERLINK(1)", ACE)}), {ACE: f"{begins}cmd"})
    rows = list(csv.reader(io.StringIO(table, newline="")))
    assert rows[1][0] == f"'{begins}cmd"
    assert rows[1][4] == f"'{begins}HYPERLINK(1)"
    assert rows[1][2] == f'"{COPY}"'
    assert safe_cell("plain = fine") == "plain = fine"


def test_rows_that_cannot_be_kept_are_told_with_their_place_and_the_rest_is_read() -> None:
    rows = [
        ("Hash", "Id", "Tag", "Notes"),
        ("", "no id", "junk", ""),
        (str(ACE), f'"{COPY}"', "x" * 40, ""),
        (str(ACE), f'"{SECOND}"', "keep", "x" * (MOST_NOTES + 1)),
        (str(ACE), f'"{COPY}"', "keep", "short"),
    ]
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    found = read(out.getvalue())
    assert [(fault.place, fault.why) for fault in found.faults] == [
        (2, Why.NO_ITEM), (3, Why.NAME_TOO_LONG), (4, Why.TOO_LONG)
    ]  # fmt: skip
    assert said(found) == {COPY: ("keep", "short")}


def test_of_two_rows_for_one_item_the_later_counts() -> None:
    found = read(f"Id,Hash,Tag\n{COPY},1,keep\n{SECOND},1,keep\n{COPY},1,junk")
    assert said(found) == {SECOND: ("keep", ""), COPY: ("junk", "")}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", Why.NOT_READABLE),
        (b"hello", Why.NOT_READABLE),
        (b"\xff\xfe\x00", Why.NOT_READABLE),
        (b"\x89PNG\r\n\x1a\n", Why.NOT_READABLE),
        (b"[]", Why.NOT_READABLE),
        (b"{}", Why.NOT_READABLE),
        (b"{" * 100_000, Why.NOT_READABLE),
        (b'{"tags":' + b"[" * 200_000, Why.NOT_READABLE),
        (b'{"tags": [], "n": ' + b"9" * 10_000 + b"}", Why.NOT_READABLE),
        (b'{"tags": []}', Why.NOTHING_SAID),
        (b'{"tags": [null, 1, "x", {"annotation": 7}, []], "itemHashTags": {"a": 1}}', Why.NOTHING_SAID),
        (b'{"format": "vault-raider-tags", "version": 2, "items": []}', Why.NOT_READABLE),
        (b'Id,Hash,Tag\n"' + b"x" * 200_000, Why.NOT_READABLE),
        (b'Id,Hash,Tag\n"unclosed', Why.NOT_READABLE),
        (b"x" * (MOST_BYTES + 1), Why.TOO_LONG),
    ],
)
def test_what_is_no_such_file_is_refused_with_the_reason(data: bytes, why: Why) -> None:
    assert refused(data) is why


def test_a_file_with_too_many_rows_is_refused_in_time() -> None:
    began = time.thread_time()
    assert refused(b"Id,Hash,Tag\n" + b"6917529034000000001,1,keep\n" * (MOST_ROWS + 1)) is Why.TOO_MANY
    assert time.thread_time() - began < 2


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for start in (b"", b"Id,Hash,Tag,Notes\n", b'{"tags":[', b'{"format":"vault-raider-tags","version":1,"items":['):
        with contextlib.suppress(Unfit):
            assert read_file(start + data, ME)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(("tags", "itemHashTags", "annotation", "id", "hash", "tag", "notes", "items", "name")),
        inner, max_size=5,
    ),
)  # fmt: skip


@given(json_values, st.sampled_from(({"tags": []}, {"format": "vault-raider-tags", "version": 1})))
def test_any_json_is_read_or_refused(value: object, start: dict[str, object]) -> None:
    whole = start | (value if isinstance(value, dict) else {"items": value, "tags": value})
    try:
        found = read(json.dumps(whole))
    except Unfit:
        return
    assert all(len(row.notes) <= MOST_NOTES for row in found.rows)
