"""What every template may call: addresses, the nonce, the request's id. No logic beyond that."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from babel import Locale
from flask import Flask, current_app, get_template_attribute, request
from flask_babel import get_locale

from app.web.headers import csp_nonce, request_id
from app.web.urls import asset


def _context() -> dict[str, Any]:
    return {
        "csp_nonce": csp_nonce(),
        "request_id": request_id(),
        "environment": current_app.config["ENVIRONMENT"],
    }


def hotkeys(*, for_players: bool) -> str:
    """The sheet that lists the keys: it is long, the same for everybody, and on every page."""
    return _hotkeys_in(get_locale(), request.script_root, for_players)


@lru_cache(maxsize=64)
def _hotkeys_in(_locale: Locale | None, _script_root: str, for_players: bool) -> str:
    drawn: str = get_template_attribute("components/hotkeys.html", "hotkey_sheet")(for_players)
    return drawn


def init_app(app: Flask) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(asset=asset, hotkeys=hotkeys)
    app.context_processor(_context)
