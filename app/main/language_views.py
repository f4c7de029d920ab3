"""The choice of a language, from the form at the foot of every page."""

from __future__ import annotations

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from app.main.blueprint import bp
from app.web import languages
from app.web.access import PUBLIC, access, viewer
from app.web.urls import safe_next
from app.wiring import services


@bp.post("/language")
@access(PUBLIC, rate="change")
def choose_language() -> Response:
    """Kept in this browser, and for a signed-in person in all of theirs."""
    chosen = languages.find(request.form.get("language"))
    if chosen is None:
        abort(400)
    person = viewer()
    if person is not None:
        services().preferences.choose_language(person.user_id, chosen.locale)
    answer = redirect(safe_next(request.form.get("next"), url_for("main.index")), 303)
    languages.remember(answer, chosen)
    return answer
