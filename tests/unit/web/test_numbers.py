"""A form's number is a row's key or nothing; the database never sees what it could not hold."""

from __future__ import annotations

import pytest

from app.web.numbers import row_key


@pytest.mark.parametrize(("text", "key"), [("1", 1), ("0", 0), ("007", 7), ("2147483647", 2**31 - 1)])
def test_a_number_is_a_key(text: str, key: int) -> None:
    assert row_key(text) == key


@pytest.mark.parametrize(
    "text",
    [None, "", "-1", "+1", " 1", "1.0", "1e3", "0x1", "\u0661", "\u00b2", "2147483648", "9" * 5000, "1_0", "one"],
)
def test_anything_else_is_the_key_of_no_row(text: str | None) -> None:
    assert row_key(text) == -1
