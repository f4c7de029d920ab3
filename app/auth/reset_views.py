"""A new password for one that was forgotten. Where mails cannot lead back to this site, these pages do not exist."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.auth.blueprint import bp
from app.auth.forms import ForgottenForm, ResetForm
from app.services.account_rules import StaffError
from app.services.letters import Letter
from app.services.password_reset import PasswordReset
from app.tasks.mail import enqueue_letter
from app.web.access import PUBLIC, access
from app.web.errors import error_page
from app.wiring import services

Page = str | tuple[str, int] | Response


def _reset() -> PasswordReset:
    if not services().letters.can_link:
        abort(404)
    return services().password_reset


@bp.route("/login/forgotten", methods=["GET", "POST"])
@access(PUBLIC, rate="reset")
def forgotten() -> Page:
    """The answer, and the way to it, is the same whether there is such an account: a letter to nobody is queued too."""
    reset, form = _reset(), ForgottenForm()
    if not form.validate_on_submit():
        return render_template("auth/forgotten.html", form=form), 400 if form.is_submitted() else 200
    enqueue_letter(Letter.RESET, reset.addressee(form.email.data))
    return redirect(url_for("auth.forgotten_sent"), 303)


@bp.get("/login/forgotten/sent")
@access(PUBLIC)
def forgotten_sent() -> Page:
    _reset()
    return render_template("auth/forgotten_sent.html")


@bp.route("/login/reset", methods=["GET", "POST"])
@access(PUBLIC, rate="confirm")
def reset_password() -> Page:
    """Where the link of the mail leads. Opening it changes nothing: mail programs open links by themselves."""
    reset, form = _reset(), ResetForm()
    if not form.is_submitted():
        form.token.data = request.args.get("token", "")
    if not reset.is_good(form.token.data or ""):
        return error_page(
            400, gettext("This link is no longer valid"), gettext("It was too old or already used. Ask for another.")
        )
    if not form.validate_on_submit():
        return render_template("auth/reset.html", form=form), 400 if form.is_submitted() else 200
    try:
        user_id = reset.reset(form.token.data, form.new.data)
    except StaffError as error:
        form.new.errors = [gettext(str(error))]
        return render_template("auth/reset.html", form=form), 400
    if user_id is not None:
        enqueue_letter(Letter.PASSWORD_CHANGED, user_id)
    flash(gettext("Your password is changed. Every browser is signed out: sign in with the new one."), "success")
    return redirect(url_for("auth.login"), 303)
