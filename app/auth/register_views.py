"""Making an account for oneself, where the operator allows it. Elsewhere these pages do not exist."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.auth.blueprint import bp
from app.auth.forms import ConfirmForm, RegisterForm
from app.services.account_rules import StaffError
from app.services.registration import RegistrationService
from app.tasks.mail import enqueue_letter
from app.web import identity
from app.web.access import PUBLIC, access
from app.web.errors import error_page
from app.wiring import services

Page = str | tuple[str, int] | Response


def _registration() -> RegistrationService:
    found = services().registration
    if not found.rules.is_open:
        abort(404)
    return found


@bp.route("/register", methods=["GET", "POST"])
@access(PUBLIC, rate="register")
def register() -> Page:
    """The answer is the same whether name and address were free or taken."""
    registration, form = _registration(), RegisterForm()
    if not registration.rules.needs_mail:
        del form.email
    if not form.validate_on_submit():
        return _register_page(form, 400 if form.is_submitted() else 200)
    try:
        letter = registration.register(form.name.data, form.password.data, form.email.data if form.email else "")
    except StaffError as error:
        return _register_page(form, 400, gettext(str(error)))
    if letter is not None:
        enqueue_letter(*letter)
    return redirect(url_for("auth.registered"), 303)


def _register_page(form: RegisterForm, status: int, problem: str = "") -> tuple[str, int]:
    return render_template("auth/register.html", form=form, problem=problem), status


@bp.get("/register/done")
@access(PUBLIC)
def registered() -> Page:
    return render_template("auth/registered.html", needs_mail=_registration().rules.needs_mail)


@bp.route("/register/confirm", methods=["GET", "POST"])
@access(PUBLIC, rate="confirm")
def confirm() -> Page:
    """Where the link of the mail leads. Opening it changes nothing: mail programs open links by themselves."""
    registration, form = _registration(), ConfirmForm()
    if not form.is_submitted():
        form.token.data = request.args.get("token", "")
    if not registration.is_good(form.token.data or ""):
        return error_page(
            400,
            gettext("This link is no longer valid"),
            gettext("It was too old or already used. Please register again."),
        )
    if not form.validate_on_submit():
        return render_template("auth/confirm.html", form=form), 400 if form.is_submitted() else 200
    user_id = registration.confirm(form.token.data, form.password.data)
    if user_id is None:
        form.password.errors = [gettext("This is not the password that was chosen.")]
        return render_template("auth/confirm.html", form=form), 401
    identity.sign_in(user_id, "after registration")
    return redirect(url_for("main.index"), 303)
