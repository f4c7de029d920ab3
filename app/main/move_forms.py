"""The forms of moving and locking: what a browser sent becomes a wish, or a clear refusal."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from app.inventory.moves.farming import LEAST_SLOTS, MOST_SLOTS
from app.inventory.moves.plan import ACCOUNT_STORE, VAULT_STORE
from app.services.moves.service import MOST_ORDERS, SPREAD

_ID = r"^\d{1,20}$"
_STORE = rf"^(\d{{1,20}}|{VAULT_STORE}|{ACCOUNT_STORE})$"
_MOST_PIECES = 1_000_000_000


def _digest(*said: object) -> str:
    return hashlib.sha256(repr(said).encode()).hexdigest()


class WishForm(FlaskForm):  # type: ignore[misc]
    """One item and where it is to go; `item` is an instance id, or the hash of a stack."""

    item = StringField(validators=[DataRequired(_l("Which item?")), Regexp(_ID, message=_l("That is no item."))])
    source = StringField(name="from", validators=[DataRequired(), Regexp(_STORE, message=_l("That is no place."))])
    target = StringField(name="to", validators=[DataRequired(), Regexp(_STORE, message=_l("That is no place."))])
    quantity = IntegerField(default=1, validators=[Optional(), NumberRange(1, _MOST_PIECES, _l("How many?"))])
    equip = StringField(default="0", validators=[Optional(), AnyOf(["0", "1"])])

    @property
    def pieces(self) -> int:
        return int(self.quantity.data or 1)

    @property
    def wants_equip(self) -> bool:
        return bool(self.equip.data == "1")


class KeyedForm(FlaskForm):  # type: ignore[misc]
    """`key` is made up with the page that the form stands on."""

    key = StringField(validators=[DataRequired(), Length(8, 64)])

    @property
    def own_key(self) -> str:
        """The same form sent twice is one batch; another choice made on the same page is another."""
        return _digest(*sorted(pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"))


class MoveForm(KeyedForm, WishForm):
    """What to move where, once: a key is of one item, and its buttons differ in where to and how many."""

    @property
    def own_key(self) -> str:
        return _digest(self.key.data, self.target.data, self.pieces, self.wants_equip)


class ManyForm(KeyedForm):
    """Many items at once: `item` stands once for each, an instance id or the hash of a stack."""

    @property
    def names(self) -> list[str]:
        return request.form.getlist("item")

    def validate(self, extra_validators: Any = None) -> bool:
        are_good = 0 < len(self.names) <= MOST_ORDERS and all(map(re.compile(_ID).fullmatch, self.names))
        return bool(super().validate(extra_validators)) and are_good


class BatchForm(ManyForm):
    """Many copies and stacks to one place."""

    target = StringField(name="to", validators=[DataRequired(), Regexp(_STORE, message=_l("That is no place."))])
    equip = StringField(default="0", validators=[Optional(), AnyOf(["0", "1"])])


class StackForm(KeyedForm):
    """All pieces of a stack to one place, or to every character."""

    item = StringField(validators=[DataRequired(), Regexp(r"^\d{1,10}$", message=_l("That is no item."))])
    target = StringField(name="to", validators=[DataRequired(), Regexp(rf"{_STORE}|^{SPREAD}$")])


class LockManyForm(ManyForm):
    locked = StringField(validators=[InputRequired(), AnyOf(["0", "1"])])


class FarmingForm(FlaskForm):  # type: ignore[misc]
    character = StringField(validators=[DataRequired(), Regexp(_ID, message=_l("That is no character."))])
    slots = IntegerField(validators=[InputRequired(), NumberRange(LEAST_SLOTS, MOST_SLOTS, _l("Between 1 and 9."))])


class StopForm(FlaskForm):  # type: ignore[misc]
    """Nothing but its token."""


class LockForm(FlaskForm):  # type: ignore[misc]
    locked = StringField(validators=[InputRequired(), AnyOf(["0", "1"])])


class TrackForm(FlaskForm):  # type: ignore[misc]
    tracked = StringField(validators=[InputRequired(), AnyOf(["0", "1"])])


class UndoForm(FlaskForm):  # type: ignore[misc]
    key = StringField(validators=[DataRequired(), Length(8, 64)])


def faults(form: Any) -> str:
    """What is wrong with a form, in one line."""
    return " ".join(str(error) for errors in form.errors.values() for error in errors)
