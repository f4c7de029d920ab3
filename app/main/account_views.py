"""A person's own pages: connected accounts, signed-in browsers, what happened, and everything that we keep."""

from __future__ import annotations

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.main.blueprint import bp
from app.main.present_account import account_views, activity_views, session_views
from app.main.viewmodels import AccountPage
from app.services.privacy import CannotForgetError, LastAdminError
from app.web import identity
from app.web.access import PERSON, access, require_viewer
from app.web.errors import error_page
from app.web.numbers import row_key
from app.wiring import services

_DELETE_WORD = _l("delete")
_DISCONNECTED = _l(
    "Disconnected: we keep nothing of that account any more. "
    "To take back the permission at Bungie.net too, open the application list of your profile there."
)
_LAST_ADMIN = _l("You are the only admin. Make somebody else an admin first.")


@bp.errorhandler(CannotForgetError)
def cannot_forget(_error: CannotForgetError) -> Response:
    return error_page(
        503, gettext("Not everything can be deleted right now"), gettext("So nothing was. Try again in a minute.")
    )


@bp.errorhandler(LastAdminError)
def last_admin(_error: LastAdminError) -> Response:
    return error_page(409, gettext("This account has to stay"), str(_LAST_ADMIN))


@bp.get("/account")
@access(PERSON)
def account() -> str:
    viewer, now = require_viewer(), services().clock()
    linked = services().accounts.linked(viewer.user_id)
    page = AccountPage(
        accounts=account_views(
            linked, viewer, now, lambda row_id: services().privacy.is_only_way_in(viewer.user_id, row_id)
        ),
        sessions=session_views(services().sessions.alive(viewer.user_id), viewer.session_id, now),
        has_password=services().staff.has_password(viewer.user_id),
    )
    return render_template("main/account.html", page=page)


@bp.post("/account/membership")
@access(PERSON, rate="change")
def choose_account() -> Response:
    if not services().accounts.choose(require_viewer().user_id, request.form.get("membership", "")):
        abort(404)
    return redirect(url_for("main.vault"), 303)


@bp.post("/account/disconnect")
@access(PERSON, rate="change")
def disconnect() -> Response:
    """Forgets a Bungie account. All sessions end; this browser gets a new one while there is a person to sign in."""
    user_id, account_id = require_viewer().user_id, row_key(request.form.get("account"))
    was_only_way_in = services().privacy.is_only_way_in(user_id, account_id)
    if not services().privacy.disconnect(user_id, account_id):
        abort(404)
    if was_only_way_in:
        identity.forget()
    else:
        identity.renew(user_id)
    flash(str(_DISCONNECTED), "success")
    return redirect(url_for("main.index" if was_only_way_in else "main.account"), 303)


@bp.post("/account/sessions/end")
@access(PERSON, rate="change")
def end_session() -> Response:
    if not services().sessions.sign_out(require_viewer().user_id, row_key(request.form.get("session"))):
        abort(404)
    return redirect(url_for("main.account"), 303)


@bp.post("/account/sign-out-everywhere")
@access(PERSON, rate="change")
def sign_out_everywhere() -> Response:
    services().sessions.sign_out_everywhere(require_viewer().user_id)
    identity.forget()
    flash(gettext("You are signed out everywhere."), "success")
    return redirect(url_for("main.index"), 303)


@bp.get("/account/activity")
@access(PERSON)
def activity() -> str:
    events = services().audit.latest(require_viewer().user_id)
    return render_template("main/account_activity.html", events=activity_views(events))


@bp.post("/account/export")
@access(PERSON, rate="change")
def export() -> Response:
    """Everything that is stored about the person, as a file. A form, so that no foreign page can start it."""
    kept = services().privacy.export(require_viewer().user_id)
    answer: Response = jsonify(kept)
    answer.headers["Content-Disposition"] = "attachment; filename=vault-raider-data.json"
    return answer


@bp.get("/account/delete")
@access(PERSON)
def confirm_delete() -> str:
    return render_template("main/account_delete.html", word=str(_DELETE_WORD), problem="")


@bp.post("/account/delete")
@access(PERSON, rate="change")
def delete() -> Response | tuple[str, int]:
    word = str(_DELETE_WORD)
    if request.form.get("word", "").strip().casefold() != word:
        problem = gettext("Nothing was deleted: type the word %(word)s to go on.", word=word)
        return render_template("main/account_delete.html", word=word, problem=problem), 400
    services().privacy.erase(require_viewer().user_id)
    identity.forget()
    flash(gettext("Everything that we kept about you is deleted."), "success")
    return redirect(url_for("main.index"), 303)
