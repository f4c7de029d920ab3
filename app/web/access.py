"""Who may call a view and how often: one decorator, checked before the view runs. A view without it is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.extensions import login_manager
from app.services.sessions import Viewer
from app.web.limits import limited

View = TypeVar("View", bound=Callable[..., Any])

# A person is anybody who is signed in; a player has a vault to look at.
PUBLIC, PERSON, PLAYER, ADMIN = "public", "person", "player", "admin"


def access(level: str, rate: str = "page") -> Callable[[View], View]:
    """Marks a view with the access level it needs and the rate class it counts in."""

    def mark(view: View) -> View:
        limited_view = cast("View", limited(view, rate))
        limited_view.access_level = level  # type: ignore[attr-defined]
        limited_view.rate_class = rate  # type: ignore[attr-defined]
        return limited_view

    return mark


def viewer() -> Viewer | None:
    """The person of this request, as read from the database."""
    return current_user.viewer if current_user.is_authenticated else None


def stop_asking() -> None:
    """Whoever is not known yet stays unknown: a page that tells of trouble must not wait for the database."""
    if "_login_user" not in g:  # where Flask-Login remembers the person of a request
        g._login_user = login_manager.anonymous_user()  # noqa: SLF001


def nobody_is_known(trouble: Exception) -> None:
    """Remembers why for this request: whoever is signed in must not be asked to sign in again."""
    g.why_unknown = trouble


def require_viewer() -> Viewer:
    found = viewer()
    if found is None:
        abort(401)
    return found


def _check_access() -> Response | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    level = getattr(current_app.view_functions[request.endpoint], "access_level", None)
    if level == PUBLIC:
        return None
    found = viewer()
    if found is None and "why_unknown" in g:
        raise g.why_unknown
    if found is None:
        return _ask_to_sign_in(level)
    return _check_rights(found, level)


def _check_rights(found: Viewer, level: str | None) -> Response | None:
    if level == PERSON or (level == ADMIN and found.is_admin):
        return None
    if level == PLAYER:
        # Staff without a Bungie account have no vault to be refused: the front page offers to connect one.
        return None if found.has_vault else redirect(url_for("main.index"), 303)
    return abort(403)


def _ask_to_sign_in(level: str | None) -> Response:
    if request.blueprint == "api":
        return abort(401)
    if level == ADMIN:
        return redirect(url_for("auth.login", next=request.path), 303)
    return redirect(url_for("main.index", next=request.path), 303)


def init_app(app: Flask) -> None:
    app.before_request(_check_access)
