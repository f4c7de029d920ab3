"""Loadouts as text: what was written is read back, and what is no loadout is refused, whatever it is."""

from __future__ import annotations

import base64
import json
import random
import zlib
from dataclasses import replace

import gunicorn.config
import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.inventory.definitions import ItemDefinition, SocketDefinition
from app.inventory.loadouts.foreign import Backup, read_any, read_backup, with_mods
from app.inventory.loadouts.model import LONGEST_NAME, LONGEST_NOTES, MOST_PIECES, MOST_PLUGS, Build, Piece, Plug
from app.inventory.loadouts.share import LONGEST_CODE, LONGEST_IN_LINK, NotALoadout, decode, encode
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

# Four bytes each, and no two alike.
NOISE = "".join(map(chr, range(0x20000, 0x20000 + LONGEST_NOTES)))

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


def a_loadout(pieces: int, plugs: int, kinds: int) -> Build:
    """Of so many pieces with so many plugs each, of which there are `kinds` different ones."""
    dice = random.Random(1)
    pool = [dice.getrandbits(32) or 1 for _ in range(kinds)]
    return Build(
        "x" * LONGEST_NAME,
        pieces=tuple(
            Piece(number, plugs=tuple(Plug(socket, dice.choice(pool)) for socket in range(plugs)))
            for number in range(4_000_000_000, 4_000_000_000 + pieces)
        ),
    )


@pytest.mark.parametrize(
    ("pieces", "plugs", "kinds", "most"), [(12, 10, 9999, 900), (20, 12, 120, 1300), (60, 10, 200, 2600)]
)
def test_what_players_make_fits_into_a_link(pieces: int, plugs: int, kinds: int, most: int) -> None:
    build = a_loadout(pieces, plugs, kinds)
    code = encode(build)
    assert len(code) < most < LONGEST_IN_LINK
    assert decode(code) == build


def test_the_largest_loadout_that_can_be_made_has_a_code_that_is_read_again() -> None:
    whole = replace(a_loadout(MOST_PIECES, MOST_PLUGS, 9999), name=NOISE[:LONGEST_NAME], notes=NOISE[-LONGEST_NOTES:])
    code = encode(whole)
    assert LONGEST_IN_LINK < len(code) <= LONGEST_CODE
    assert decode(code) == whole
    assert read_any(code) == (whole, ())


def test_a_code_in_a_link_leaves_room_for_the_rest_of_the_first_line() -> None:
    line = f"GET /loadouts/shared?loadout={'A' * LONGEST_IN_LINK} HTTP/1.1\r\n"
    assert len(line) < gunicorn.config.LimitRequestLine.default


def test_a_code_that_unpacks_to_more_than_any_loadout_is_refused_before_it_is_unpacked() -> None:
    code = resealed(deflated(bytes(10_000_000)))
    assert len(code) < LONGEST_CODE
    with pytest.raises(NotALoadout, match="too large"):
        decode(code)


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


def resealed(packed: bytes) -> str:
    """With a right check sum, as somebody would who wants to fool us."""
    return base64.urlsafe_b64encode(packed + zlib.crc32(packed).to_bytes(4, "big")).decode().rstrip("=")


def deflated(body: bytes) -> bytes:
    packing = zlib.compressobj(9, wbits=-15)
    return bytes([2]) + packing.compress(body) + packing.flush()


EMPTY = b"\x03\x00\x01x\x00\x00"


@pytest.mark.parametrize(
    "packed",
    [
        deflated(EMPTY + b"\x00!"),  # something follows
        deflated(EMPTY + b"\x00") + b"!",
        deflated(EMPTY + b"\x02" + b"\x01" * 6),  # the second piece is missing
        deflated(EMPTY + b"\x01" + b"\x01\x01\x01\x01\x01\x29" + b"\x01" * 41 * 5),  # 41 plugs
        deflated(EMPTY + b"\x3d" + b"\x01\x01\x01\x01\x01\x00" * 61),  # 61 pieces
        deflated(b"\x04" + EMPTY[1:] + b"\x00"),  # a fifth class
        deflated(b"\x03\xff\xff"),
        deflated(b"\x03\x00\x01\xff\x00\x00\x00"),  # no text
        b"\x01" + deflated(EMPTY + b"\x00")[1:],
        b"\x02\xff\xff", b"\x02", b"",
    ],
)  # fmt: skip
def test_a_code_of_somebody_elses_making_is_refused(packed: bytes) -> None:
    assert decode(resealed(deflated(EMPTY + b"\x00"))) == Build("x")
    with pytest.raises(NotALoadout):
        decode(resealed(packed))


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


def a_backup(*loadouts: object, owner: str = "7", game: int = 2) -> bytes:
    entries = [{"platformMembershipId": owner, "destinyVersion": game, "loadout": each} for each in loadouts]
    return json.dumps({"settings": {}, "tags": [], "loadouts": entries}).encode()


def test_a_backup_holds_many_of_which_ones_own_are_read() -> None:
    other = {"name": "Two", "classType": 1, "equipped": [{"id": "0", "hash": 40}], "unequipped": []}
    found = read_backup(a_backup(FOREIGN, other, "nonsense", {"name": "no pieces"}), "7")
    assert [build.name for build, _ in found.wanted] == ["Solar Titan", "Two"]
    assert found.wanted[0][1] == (501, 501, 777)
    assert (found.strangers, found.broken) == (0, 2)
    assert read_backup(a_backup(FOREIGN, owner="8"), "7") == Backup((), 1, 0)
    assert read_backup(a_backup(FOREIGN, game=1), "7") == Backup((), 1, 0)
    bare = json.dumps({"loadouts": [other, 5]}).encode()
    assert read_backup(bare, "7") == Backup(((Build("Two", 1, "", (Piece(40),)), ()),), 0, 1)


def test_a_file_with_one_loadout_is_read_too() -> None:
    assert read_backup(b"\xef\xbb\xbf" + json.dumps(FOREIGN).encode(), "7").wanted == (read_any(json.dumps(FOREIGN)),)
    assert read_backup(encode(Build("x")).encode(), "7").wanted == ((Build("x"), ()),)


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b'{"loadouts": 5}', b"[" * 40_000, b'{"tags": []}'])
def test_a_file_of_something_else_is_refused(data: bytes) -> None:
    with pytest.raises(NotALoadout):
        read_backup(data, "7")


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
