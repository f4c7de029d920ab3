"""The forms of loadouts: what a browser sent, or a clear refusal."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from app.inventory.loadouts.foreign import LONGEST_TEXT
from app.inventory.loadouts.model import ANY_CLASS, LONGEST_NAME, LONGEST_NOTES
from app.main import words
from app.services.loadouts.ingame import Looks

_ID = r"^\d{1,20}$"
_HASH = 2**32 - 1
_WHICH = _l("Which character?")
_CLASSES = [SelectChoice(each, name) for each, name in {**words.CLASSES, ANY_CLASS: _l("Any class")}.items()]


class CreateForm(FlaskForm):  # type: ignore[misc]
    """`character` is the id of one whose things it is made of; without one it is empty. `name` may be left out."""

    character = StringField(validators=[Optional(), Regexp(_ID, message=_WHICH)])
    name = StringField(validators=[Optional(), Length(max=LONGEST_NAME)])


class DescribeForm(FlaskForm):  # type: ignore[misc]
    name = StringField(
        _l("Name"), [DataRequired(_l("A loadout needs a name.")), Length(max=LONGEST_NAME)],
        render_kw={"maxlength": LONGEST_NAME},
    )  # fmt: skip
    class_type = SelectField(_l("Class"), choices=_CLASSES, coerce=int)
    notes = TextAreaField(
        _l("Notes and #hashtags"), [Optional(), Length(max=LONGEST_NOTES)],
        render_kw={"rows": 4, "maxlength": LONGEST_NOTES},
    )  # fmt: skip


class ImportForm(FlaskForm):  # type: ignore[misc]
    """What was pasted; a file is read beside it."""

    text = StringField(validators=[DataRequired(_l("Paste a link, a code or JSON.")), Length(max=LONGEST_TEXT)])


class ApplyForm(FlaskForm):  # type: ignore[misc]
    """`key` is made up with the form: the same form sent twice is one batch."""

    target = StringField(name="to", validators=[DataRequired(), Regexp(_ID, message=_WHICH)])
    key = StringField(validators=[DataRequired(), Length(8, 64)])


class PieceForm(FlaskForm):  # type: ignore[misc]
    """`piece` is an instance id, or the hash of an item of which any copy will do."""

    piece = StringField(validators=[DataRequired(), Regexp(_ID, message=_l("That is no item."))])
    worn = StringField(default="0", validators=[Optional(), AnyOf(["0", "1"])])


class ChooseForm(FlaskForm):  # type: ignore[misc]
    """`all` "now": every socket as it is in the copy. Sockets are read beside it."""

    all = StringField(default="", validators=[Optional(), AnyOf(["now"])])


class AddForm(FlaskForm):  # type: ignore[misc]
    """Items are read as a list beside it."""

    worn = StringField(default="0", validators=[Optional(), AnyOf(["0", "1"])])


class KeyForm(FlaskForm):  # type: ignore[misc]
    key = StringField(validators=[DataRequired(), Length(8, 64)])


class LooksForm(FlaskForm):  # type: ignore[misc]
    """Hashes of what an in-game loadout is called and looks like."""

    name_hash = IntegerField(validators=[InputRequired(), NumberRange(0, _HASH)])
    icon_hash = IntegerField(validators=[InputRequired(), NumberRange(0, _HASH)])
    color_hash = IntegerField(validators=[InputRequired(), NumberRange(0, _HASH)])

    @property
    def looks(self) -> Looks:
        return Looks(self.name_hash.data, self.icon_hash.data, self.color_hash.data)
