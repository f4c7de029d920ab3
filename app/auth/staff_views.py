"""Sign-in by name and password, and the change of that password."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_limiter.util import get_remote_address
from werkzeug.wrappers import Response

from app.auth.blueprint import bp
from app.auth.forms import ChangePasswordForm, StaffLoginForm
from app.services.account_rules import StaffError, clean_name
from app.services.letters import Letter
from app.tasks.mail import enqueue_letter
from app.web import identity
from app.web.access import PERSON, PUBLIC, access, require_viewer
from app.web.urls import safe_next
from app.wiring import services

Page = str | tuple[str, int] | Response


@bp.route("/login", methods=["GET", "POST"])
@access(PUBLIC, rate="sign-in")
def login() -> Page:
    form = StaffLoginForm()
    if not form.validate_on_submit():
        return _login_page(form, 400 if form.is_submitted() else 200)
    user_id = services().staff.authenticate(form.name.data, form.password.data)
    if user_id is None:
        form.password.errors = [gettext("This name and password do not belong together.")]
        return _login_page(form, 401)
    services().known_places.remember(clean_name(form.name.data), get_remote_address())
    identity.sign_in(user_id, "with a password")
    return redirect(safe_next(request.args.get("next"), url_for("main.index")), 303)


def _login_page(form: StaffLoginForm, status: int) -> tuple[str, int]:
    offers = {"can_register": services().registration.rules.is_open, "can_reset": services().letters.can_link}
    return render_template("auth/login.html", form=form, **offers), status


@bp.route("/account/password", methods=["GET", "POST"])
@access(PERSON, rate="password")
def change_password() -> Page:
    """Ends every other session; this browser gets a new one. Whoever signs in at Bungie.net has no password here."""
    viewer, staff = require_viewer(), services().staff
    if not staff.has_password(viewer.user_id):
        abort(404)
    form = ChangePasswordForm()
    if not form.validate_on_submit():
        return _password_page(form, 400 if form.is_submitted() else 200)
    try:
        is_changed = staff.change_password(viewer.user_id, form.current.data, form.new.data)
    except StaffError as error:
        form.new.errors = [gettext(str(error))]
        return _password_page(form, 400)
    if not is_changed:
        form.current.errors = [gettext("This is not your current password.")]
        return _password_page(form, 401)
    identity.renew(viewer.user_id)
    if services().letters.is_on:
        enqueue_letter(Letter.PASSWORD_CHANGED, viewer.user_id)
    flash(gettext("Your password is changed. Every other browser is signed out."), "success")
    return redirect(url_for("main.index"), 303)


def _password_page(form: ChangePasswordForm, status: int) -> tuple[str, int]:
    page = render_template("auth/password.html", form=form, mail_is_on=services().letters.is_on)
    return page, status
