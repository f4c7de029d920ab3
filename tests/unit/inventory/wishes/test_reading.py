"""The community's text format: what a line means, what a wrong one costs, and that size and malice cost little."""

from __future__ import annotations

import random
import time

import pytest

from app.inventory.wishes.packing import pack, unpack
from app.inventory.wishes.reading import MOST_LINES, MOST_PERKS, read_list
from app.inventory.wishes.rolls import ANY_ITEM, Fault, Roll

LIST = """title: Good rolls
description:What a clan likes

//notes:For everybody
dimwishlist:item=100&perks=1,2
dimwishlist:item=100&perks=3#notes:Its own words|tags:pve,mkb

dimwishlist:item=101&perks=1
// a remark ends the notes, too
dimwishlist:item=-102&perks=4,5
dimwishlist:item=-69420&perks=6
dimwishlist:item=49&perks=7 // boots
dimwishlist:item=-103
https://banshee-44.com/?weapon=104&socketEntries=8,0,9
https://destinytracker.com/destiny-2/db/items/105-a-name?perks=10,11#notes:Old
"""
ROLLS = (
    Roll(100, frozenset({1, 2}), notes="For everybody"),
    Roll(100, frozenset({3}), notes="Its own words"),
    Roll(101, frozenset({1})),
    Roll(102, frozenset({4, 5}), is_trash=True),
    Roll(ANY_ITEM, frozenset({6})),
    Roll(49, frozenset({7})),
    Roll(103, frozenset(), is_trash=True),
    Roll(104, frozenset({8, 9}), each_column=True),
    Roll(105, frozenset({10, 11}), each_column=True, notes="Old"),
)


@pytest.mark.parametrize("text", [LIST, LIST.replace("\n", "\r\n"), "\ufeff" + LIST, LIST + LIST])
def test_every_kind_of_line_is_read_and_the_same_roll_counts_once(text: str) -> None:
    read = read_list(text)
    assert (read.title, read.description) == ("Good rolls", "What a clan likes")
    assert read.rolls == ROLLS
    assert (read.faults, read.fault_count) == ((), 0)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("some words", Fault.NOT_UNDERSTOOD),
        ("dimwishlist:item=abc&perks=1", Fault.NOT_UNDERSTOOD),
        ("dimwishlist:item=1&prks=1", Fault.NOT_UNDERSTOOD),
        ("dimwishlist:item=0&perks=1", Fault.HASH_WRONG),
        ("dimwishlist:item=4294967296&perks=1", Fault.HASH_WRONG),
        ("dimwishlist:item=1&perks=4294967296", Fault.HASH_WRONG),
        ("dimwishlist:item=1&perks=" + "9" * 400, Fault.HASH_WRONG),
        ("dimwishlist:item=-69420", Fault.EVERYTHING),
        ("dimwishlist:item=1&perks=" + ",".join(map(str, range(1, MOST_PERKS + 2))), Fault.TOO_MANY_PERKS),
        ("https://banshee-44.com/?weapon=1&socketEntries=", Fault.NOT_UNDERSTOOD),
        ("https://example.org/?weapon=1&socketEntries=1", Fault.NOT_UNDERSTOOD),
        ("dimwishlist:item=1#notes:" + "a" * 5000, Fault.TOO_LONG),
    ],
)
def test_a_line_that_cannot_be_read_is_told_with_its_number_and_costs_no_other(line: str, fault: Fault) -> None:
    read = read_list(f"dimwishlist:item=1&perks=5\n{line}\ndimwishlist:item=2&perks=5")
    assert [roll.item_hash for roll in read.rolls] == [1, 2]
    assert read.fault_count == 1
    assert [(each.number, each.fault) for each in read.faults] == [(2, fault)]
    assert line.startswith(read.faults[0].text)


def test_lines_beyond_the_most_are_told_and_the_ones_before_kept() -> None:
    read = read_list("dimwishlist:item=7&perks=1\n" + "\n" * MOST_LINES + "dimwishlist:item=8&perks=1")
    assert [roll.item_hash for roll in read.rolls] == [7]
    assert read.faults[0].fault is Fault.TOO_MANY_LINES


def large(lines: int) -> str:
    chance = random.Random(5)
    perks = [chance.randrange(10**8, 2**32) for _ in range(700)]
    items = [chance.randrange(10**8, 2**32) for _ in range(600)]
    return "\n".join(
        f"dimwishlist:item={chance.choice(items)}&perks={','.join(map(str, chance.sample(perks, 4)))}#notes:pve {each}"
        for each in range(lines)
    )


def test_a_hundred_thousand_lines_are_read_in_seconds_and_opened_in_a_moment() -> None:
    text = large(100_000)
    began = time.process_time()
    read = read_list(text)
    packed = pack(read.rolls)
    middle = time.process_time()
    opened = unpack(packed)
    ended = time.process_time()
    assert len(read.rolls) == 100_000
    assert middle - began < 4
    assert ended - middle < 0.5
    assert len(opened) == 600


@pytest.mark.parametrize(
    "line",
    [
        "dimwishlist:item=1&perks=" + "1," * 1900,
        "https://destinytracker.com/destiny-2/db/items/1" + "perks=" * 600,
        "//notes:" + "|" * 3900,
        "dimwishlist:item=1&perks=1" + " #" * 1900,
        "dimwishlist:item=1#notes:" + "\x00\u202e" * 1900,
    ],
)
def test_a_hostile_line_costs_no_more_than_its_length(line: str) -> None:
    began = time.process_time()
    read_list("\n".join([line] * 2_000))
    assert time.process_time() - began < 3


def test_any_text_is_read_without_an_error_and_packs_to_the_same_rolls() -> None:
    chance = random.Random(7)
    pieces = [
        "dimwishlist:item=", "-69420", "-", "123", "&perks=", ",", "#notes:", "|tags:x", "\n", "//notes:", "\u00e9",
        "title:", "https://banshee-44.com/?weapon=", "&socketEntries=", "4294967295", " ", "\r", "\x00",
    ]  # fmt: skip
    for _ in range(3_000):
        read = read_list("".join(chance.choices(pieces, k=chance.randrange(60))))
        opened = unpack(pack(read.rolls))
        items = {roll.item_hash for roll in read.rolls}
        assert {each: tuple(opened.of(each)) for each in items} == {
            each: tuple(roll for roll in read.rolls if roll.item_hash == each) for each in items
        }


def test_what_was_not_packed_is_refused() -> None:
    with pytest.raises(ValueError, match="packed"):
        unpack("title:x")
