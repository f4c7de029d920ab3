"""What every template may call: addresses, the nonce, the request's id. No logic beyond that."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app

from app.web.headers import csp_nonce, request_id
from app.web.urls import asset


def _context() -> dict[str, Any]:
    return {
        "csp_nonce": csp_nonce(),
        "request_id": request_id(),
        "environment": current_app.config["ENVIRONMENT"],
    }


def init_app(app: Flask) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["asset"] = asset
    app.context_processor(_context)
