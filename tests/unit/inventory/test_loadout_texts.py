"""Loadouts as text: what was written is read back, and what is no loadout is refused, whatever it is."""

from __future__ import annotations

import base64
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.inventory.definitions import ItemDefinition, SocketDefinition
from app.inventory.loadouts.foreign import read_any, with_mods
from app.inventory.loadouts.model import LONGEST_NAME, LONGEST_NOTES, Build, Piece, Plug
from app.inventory.loadouts.share import LONGEST_CODE, NotALoadout, decode, encode
from app.inventory.references import SocketTypeDefinition
from tests.builders import FakeDefinitions

HASHES = some.integers(1, 2**32 - 1)
PLUGS = some.dictionaries(some.integers(0, 39), HASHES, max_size=12)
PIECES = some.lists(
    some.builds(
        lambda item_hash, is_worn, plugs: Piece(
            item_hash, "", is_worn, tuple(Plug(*each) for each in sorted(plugs.items()))
        ),
        HASHES,
        some.booleans(),
        PLUGS,
    ),
    max_size=20,
    unique_by=lambda piece: piece.item_hash,
)
WORDS = some.text(some.characters(categories=("L", "N", "P")), max_size=LONGEST_NAME)
BUILDS = some.builds(Build, WORDS, some.integers(0, 3), WORDS, some.builds(tuple, PIECES))

FOREIGN = {
    "id": "0f7c", "name": "Solar Titan", "notes": "#gm", "classType": 0, "clearSpace": False,
    "equipped": [
        {"id": "6917529000000000001", "hash": 347366834, "socketOverrides": {"7": 1001, "x": 5}},
        {"id": "0", "hash": 20},
        {"hash": -5}, "nonsense", {"hash": "12"},
    ],
    "unequipped": [{"id": "6917529000000000002", "hash": 30, "amount": 1}],
    "parameters": {"mods": [501, 501, 777, "x"]},
}  # fmt: skip


@given(BUILDS)
def test_a_code_is_read_back_as_it_was(build: Build) -> None:
    assert decode(encode(build)) == build


def test_a_code_names_no_copies() -> None:
    build = Build("x", pieces=(Piece(1, "6917529000000000001"),))
    assert decode(encode(build)).pieces == (Piece(1),)


def test_a_whole_loadout_fits_into_a_link() -> None:
    plugs = tuple(Plug(number, 4_000_000_000) for number in range(10))
    assert len(encode(Build("x" * 64, pieces=tuple(Piece(each, plugs=plugs) for each in range(1, 13))))) < 1200


@given(some.text(max_size=300) | some.binary(max_size=300).map(lambda raw: raw.decode("latin-1")))
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(NotALoadout):
        decode(text)


@given(BUILDS, some.data())
def test_a_code_that_was_cut_off_or_changed_is_refused(build: Build, data: some.DataObject) -> None:
    code = encode(build)
    at = data.draw(some.integers(0, len(code) - 2))
    for broken in (code[:at], code[:at] + ("A" if code[at] != "A" else "B") + code[at + 1 :]):
        with pytest.raises(NotALoadout):
            decode(broken)


def test_what_follows_a_loadout_makes_it_none() -> None:
    body = base64.urlsafe_b64decode(encode(Build("x")) + "==")[:-4] + b"!"
    whole = body + zlib.crc32(body).to_bytes(4, "big")
    with pytest.raises(NotALoadout):
        decode(base64.urlsafe_b64encode(whole).decode().rstrip("="))


@pytest.mark.parametrize("text", ["", "A" * (LONGEST_CODE + 1), "{", "[]", "{}", '{"equipped": 5}', "https://x/y?z=1",
                                  "[" * 40_000, '{"equipped":' * 3_000, "https://[broken"])  # fmt: skip
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(NotALoadout):
        read_any(text)


def test_the_json_of_others_is_read_and_their_nonsense_left_out() -> None:
    build, mods = read_any(json.dumps(FOREIGN))
    assert (build.name, build.class_type, build.notes) == ("Solar Titan", 0, "#gm")
    assert build.pieces == (
        Piece(347366834, "6917529000000000001", True, (Plug(7, 1001),)),
        Piece(20),
        Piece(30, "6917529000000000002", False),
    )
    assert mods == (501, 501, 777)


def test_links_of_both_kinds_are_read() -> None:
    ours = Build("x", 1, pieces=(Piece(20),))
    assert read_any(f"https://vault.example/loadouts/shared?loadout={encode(ours)}")[0] == ours
    theirs = "https://app.destinyitemmanager.com/loadouts?loadout=%7B%22name%22%3A%22y%22%2C%22equipped%22%3A%5B%7B%22hash%22%3A5%7D%5D%7D"
    assert read_any(theirs)[0] == Build("y", pieces=(Piece(5),))


@given(
    some.recursive(
        some.none() | some.booleans() | some.integers() | some.text(max_size=5) | some.floats(allow_nan=False),
        lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=4), inner, max_size=4),
    ),
    some.sampled_from(["name", "notes", "classType", "equipped", "unequipped", "parameters"]),
)
def test_whatever_stands_in_the_json_it_is_a_bounded_loadout_or_refused(value: object, field: str) -> None:
    try:
        build, _ = read_any(json.dumps(FOREIGN | {field: value}))
    except NotALoadout:
        return
    assert len(build.name) <= LONGEST_NAME
    assert len(build.notes) <= LONGEST_NOTES
    assert build.class_type in {0, 1, 2, 3}
    encode(build)


def test_mods_go_into_the_first_sockets_that_take_them() -> None:
    helm = ItemDefinition(20, sockets=(SocketDefinition(900), SocketDefinition(901), SocketDefinition(900)))
    mods = {each: ItemDefinition(each, plug_category_hash=kind) for each, kind in ((501, 1), (502, 2), (777, 9))}
    kinds = {
        number: SocketTypeDefinition(number, plug_category_hashes=(fits,)) for number, fits in ((900, 1), (901, 2))
    }
    found = with_mods(
        Build("x", pieces=(Piece(20),)), (501, 502, 501, 501, 777), FakeDefinitions({20: helm} | mods, others=kinds)
    )
    assert found.pieces == (Piece(20, plugs=(Plug(0, 501), Plug(1, 502), Plug(2, 501))),)
