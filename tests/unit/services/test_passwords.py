"""Passwords: whole at any length, slow for everybody alike, and free of the ones that everybody tries."""

from __future__ import annotations

import statistics
import time

import pytest
from flask_bcrypt import Bcrypt
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from app.services.password_rules import objection
from app.services.passwords import Passwords


def passwords(rounds: int = 4) -> Passwords:
    return Passwords(Bcrypt(), rounds)


@pytest.mark.parametrize("password", ["a", "a" * 71, "a" * 72, "a" * 73, "a" * 128, "🦀" * 32, "nul\0inside"])
def test_every_byte_of_a_password_counts(password: str) -> None:
    keeper = passwords()
    stored = keeper.hash(password)
    assert keeper.verify(stored, password)
    assert not keeper.verify(stored, password + "x")
    assert not keeper.verify(stored, password[:-1])
    assert not keeper.verify("", password)


def test_the_work_asked_for_is_the_work_that_is_done() -> None:
    assert passwords(12).hash("a password").startswith("$2b$12$")


@pytest.mark.parametrize(("made_with", "asked_for", "is_outdated"), [(4, 5, True), (5, 5, False), (6, 5, False)])
def test_a_hash_made_with_less_work_is_outdated(made_with: int, asked_for: int, is_outdated: bool) -> None:
    assert passwords(asked_for).is_outdated(passwords(made_with).hash("a password")) is is_outdated


def test_an_unknown_name_takes_as_long_as_a_wrong_password_from_the_first_try_on() -> None:
    """Medians, compared as a ratio: without the decoy an unknown name is hundreds of times faster."""
    known, unknown = [], []
    stored = passwords(8).hash("right")
    for _ in range(7):
        fresh = passwords(8)  # the first try makes the decoy, for either
        known.append(seconds(fresh, stored) + seconds(fresh, stored))
        fresh = passwords(8)
        unknown.append(seconds(fresh, "") + seconds(fresh, ""))
    ratio = statistics.median(known) / statistics.median(unknown)
    assert 0.6 < ratio < 1.7, ratio


def seconds(keeper: Passwords, stored: str) -> float:
    began = time.perf_counter()
    assert not keeper.verify(stored, "wrong")
    return time.perf_counter() - began


@pytest.mark.parametrize(("length", "is_fine"), [(1, False), (11, False), (12, True), (128, True), (129, False)])
def test_length_is_the_only_rule_of_form(length: int, is_fine: bool) -> None:
    assert (objection("x" * length) == "") is is_fine
    assert (objection("🦀" * length) == "") is is_fine


COMMON = [word for word in FREQUENCY_LISTS["passwords"] if len(word) >= 12][:10]


@pytest.mark.parametrize("password", [*COMMON, "Leavemealone", "password1234", "!!iloveyou!!", "123dragon123"])
def test_a_widely_known_password_is_refused(password: str) -> None:
    assert "widely known" in objection(password)


@pytest.mark.parametrize(
    "password",
    ["VaultRaider2026!", "destinydestiny", "bungie-destiny-1", "Guardian Vault", "DestinyVaultRaider", "zavala-vault1"],
)
def test_the_site_s_words_and_one_s_own_name_make_no_password(password: str) -> None:
    assert "site's name" in objection(password, "zavala")


@pytest.mark.parametrize("password", ["correct horse battery", "a long enough password", "my vault holds 712 things"])
def test_a_sentence_is_a_password(password: str) -> None:
    assert objection(password, "zavala") == ""
