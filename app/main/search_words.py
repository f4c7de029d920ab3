"""What is wrong with a search, in sentences."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.inventory.search.errors import Fault, SearchError

_SENTENCES: Mapping[Fault, LazyString] = {
    Fault.TOO_LONG: _l("A search can have %(text)s characters at most."),
    Fault.TOO_DEEP: _l("Brackets and minus signs can stand inside each other %(text)s times at most."),
    Fault.TOO_MANY_TERMS: _l("A search can ask for %(text)s things at most."),
    Fault.QUOTE_OPEN: _l("This quotation mark is never closed."),
    Fault.COMMENT_OPEN: _l("This comment is never closed; it ends with an asterisk and a slash."),
    Fault.GROUP_OPEN: _l("This bracket is never closed."),
    Fault.GROUP_NOT_OPEN: _l("This bracket closes something that was never opened."),
    Fault.GROUP_EMPTY: _l("There is nothing between these brackets."),
    Fault.TERM_MISSING: _l("Something to search for is missing here."),
    Fault.KEYWORD_UNKNOWN: _l("Nobody here knows the keyword “%(text)s”."),
    Fault.KEYWORD_UNANSWERED: _l("This keyword is understood, but cannot be answered. %(text)s"),
    Fault.KEYWORD_OF_COPIES: _l("“%(text)s” is about copies that you own; the database knows definitions only."),
    Fault.KEYWORD_NOT_HELD: _l("The database cannot be searched by “%(text)s”; your vault can."),
    Fault.VALUE_MISSING: _l("After this keyword a value is missing."),
    Fault.VALUE_UNKNOWN: _l("“%(text)s” is nothing that this keyword knows."),
    Fault.NUMBER_WANTED: _l("This keyword wants a number, for example >=10."),
    Fault.DAY_WANTED: _l("This keyword wants a day or a span of time, for example 2026-10-01 or 7d."),
}


def sentence(error: SearchError) -> str:
    is_a_sentence = error.fault is Fault.KEYWORD_UNANSWERED  # and else what was typed, or a number
    return str(_SENTENCES[error.fault]) % {"text": gettext(error.text) if is_a_sentence else error.text}
