"""Forms that bring a file. Everywhere else a request is small, and a larger one is refused before it is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

View = TypeVar("View", bound=Callable[..., Any])

# What a form needs beside its file.
_REST = 16 * 1024


def takes_files(most_bytes: int) -> Callable[[View], View]:
    """Marks a view whose form may bring a file of this size; stands above `access`."""

    def mark(view: View) -> View:
        view.most_bytes = most_bytes + _REST  # type: ignore[attr-defined]
        return view

    return mark


def _widen() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if most := getattr(view, "most_bytes", 0):
        request.max_content_length = most


def init_app(app: Flask) -> None:
    """To be called before whatever reads forms."""
    app.before_request(_widen)
