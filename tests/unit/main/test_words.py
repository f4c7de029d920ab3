"""Numbers as people read them, in their language."""

from __future__ import annotations

import pytest
from flask_babel import force_locale

from app import create_app
from app.main import words
from config import from_env


@pytest.mark.parametrize("locale", ["en", "de"])
def test_power_is_written_as_the_game_writes_it_in_every_language(locale: str) -> None:
    with create_app(from_env({"FLASK_CONFIG": "testing"})).test_request_context(), force_locale(locale):
        assert words.power(1314) == "1314"
        assert words.power(0) == ""


@pytest.mark.parametrize(("locale", "told"), [("en", "1,314"), ("de", "1.314")])
def test_amounts_are_grouped_as_the_language_does(locale: str, told: str) -> None:
    with create_app(from_env({"FLASK_CONFIG": "testing"})).test_request_context(), force_locale(locale):
        assert words.number(1314) == told
