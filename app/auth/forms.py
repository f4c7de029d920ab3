"""The forms of people with a name and a password."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, StringField, SubmitField
from wtforms.validators import InputRequired, Length

# Only guards against floods; what is right is decided by the services.
_SHORT, _LONG = Length(max=128), Length(max=1024)


class StaffLoginForm(FlaskForm):  # type: ignore[misc]
    name = StringField(_l("Name"), validators=[InputRequired(_l("Enter your name.")), _SHORT])
    password = PasswordField(_l("Password"), validators=[InputRequired(_l("Enter your password.")), _LONG])
    submit = SubmitField(_l("Sign in"))


class ChangePasswordForm(FlaskForm):  # type: ignore[misc]
    current = PasswordField(
        _l("Current password"), validators=[InputRequired(_l("Enter your current password.")), _LONG]
    )
    new = PasswordField(_l("New password"), validators=[InputRequired(_l("Enter a new password.")), _LONG])
    submit = SubmitField(_l("Change the password"))


class RegisterForm(FlaskForm):  # type: ignore[misc]
    """`email` is taken out where mail is off."""

    name = StringField(_l("Name"), validators=[InputRequired(_l("Choose a name.")), _SHORT])
    email = EmailField(_l("Mail address"), validators=[InputRequired(_l("Enter your mail address.")), Length(max=254)])
    password = PasswordField(_l("Password"), validators=[InputRequired(_l("Choose a password.")), _LONG])
    submit = SubmitField(_l("Make the account"))


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    token = HiddenField(validators=[Length(max=256)])
    password = PasswordField(_l("Password"), validators=[InputRequired(_l("Enter the password you chose.")), _LONG])
    submit = SubmitField(_l("Confirm"))


class ForgottenForm(FlaskForm):  # type: ignore[misc]
    email = EmailField(_l("Mail address"), validators=[InputRequired(_l("Enter your mail address.")), Length(max=254)])
    submit = SubmitField(_l("Send me a link"))


class ResetForm(FlaskForm):  # type: ignore[misc]
    token = HiddenField(validators=[Length(max=256)])
    new = PasswordField(_l("New password"), validators=[InputRequired(_l("Enter a new password.")), _LONG])
    submit = SubmitField(_l("Change the password"))
