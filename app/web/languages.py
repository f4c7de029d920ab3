"""The language of a request: what the person chose, else what this browser chose, else what it asks for.

Two things follow from it. Items are named in any of the languages whose definitions this site loads; our own texts
exist in those that have a catalogue in app/translations, and are English beside the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from babel import Locale
from babel.support import NullTranslations
from flask import Flask, current_app, g, has_request_context, request, url_for
from flask_babel import Domain, force_locale, format_decimal, get_locale, get_translations, gettext
from werkzeug.wrappers import Response

from app.extensions import babel
from app.inventory.sentences import Fact, Sentence
from app.web.access import viewer
from app.web.urls import safe_next

TEXTS = ("en", "de")  # the languages of our own texts, the first for everybody else; app/translations
_YEAR_S = 365 * 24 * 3600
_GOOD_ONCE = "auth.callback"  # an address that nobody should be led back to
# What browsers ask for where es-419 is spoken; the Spanish of Spain is no better guess for any of them.
_SPANISH_OF_AMERICA = (
    "es-ar", "es-bo", "es-br", "es-bz", "es-cl", "es-co", "es-cr", "es-cu", "es-do", "es-ec", "es-gt", "es-hn",
    "es-ni", "es-pa", "es-pe", "es-pr", "es-py", "es-sv", "es-us", "es-uy", "es-ve",
)  # fmt: skip
_LONGEST_TAG = 40


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the game: Bungie's name for it, its own name, its tag in HTML, and what browsers call it."""

    locale: str
    name: str
    tag: str
    asked_as: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LanguageView:
    """The languages of a page: `tag` and `direction` are those of our texts.

    `items` is the tag of items' names where we have no texts in that language, else "". `choices` are empty where
    there is only one; `back` is the path that a choice leads back to.
    """

    tag: str
    direction: str  # ltr | rtl
    items: str
    locale: str
    choices: tuple[Language, ...]
    back: str


LANGUAGES = {
    language.locale: language
    for language in (
        Language("en", "English", "en", ("en",)),
        Language("fr", "Français", "fr", ("fr",)),
        Language("de", "Deutsch", "de", ("de",)),
        Language("it", "Italiano", "it", ("it",)),
        Language("ja", "日本語", "ja", ("ja",)),
        Language("pt-br", "Português (Brasil)", "pt-BR", ("pt-br", "pt")),
        Language("es", "Español (España)", "es-ES", ("es-es", "es")),
        Language("es-mx", "Español (México)", "es-MX", ("es-mx", "es-419", *_SPANISH_OF_AMERICA, "es")),
        Language("ru", "Русский", "ru", ("ru",)),
        Language("pl", "Polski", "pl", ("pl",)),
        Language("ko", "한국어", "ko", ("ko",)),
        Language("zh-chs", "简体中文", "zh-Hans", ("zh-hans", "zh-cn", "zh-sg", "zh-my", "zh")),
        Language("zh-cht", "繁體中文", "zh-Hant", ("zh-hant", "zh-tw", "zh-hk", "zh-mo", "zh")),
    )
}


class _Texts(Domain):
    """The library's catalogues, found by the locale itself: to spell its name out takes longer than to find a text."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._found: dict[Locale | None, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        found = self._found.get(locale)
        if found is None:
            found = self._found[locale] = super().get_translations()  # type: ignore[no-untyped-call]
        return found


def offered() -> tuple[Language, ...]:
    """The languages whose definitions this site loads, the first for whoever asks for none of them."""
    return tuple(LANGUAGES[locale] for locale in current_app.config["LOCALES"])


def current() -> Language:
    """The language of this request; outside of one the site's first."""
    if not has_request_context():
        return offered()[0]
    if "language" not in g:
        g.language = _choose()
    return g.language  # type: ignore[no-any-return]


def item_locale() -> str:
    """Bungie's name of the language that this request's items are to be named in."""
    return current().locale


def texts_locale() -> str:
    """The language of our own texts for this request."""
    return current().locale if current().locale in TEXTS else TEXTS[0]


def translated(sentence: str, language: str | None) -> str:
    """One of our texts for somebody who is not looking, such as the reader of a mail; `language` is Bungie's name."""
    with force_locale(language if language in TEXTS else TEXTS[0]):
        return said(sentence)


def said(sentence: str) -> str:
    """One of our texts in the language of this request, with the facts of a Sentence and its way to write numbers."""
    if not isinstance(sentence, Sentence) or not sentence.facts:
        return str(gettext(sentence)) if sentence else ""
    return str(gettext(sentence.says)) % {name: _fact(each) for name, each in sentence.facts.items()}


def _fact(fact: Fact) -> str:
    if isinstance(fact, Sentence):
        return said(fact)
    return fact if isinstance(fact, str) else str(format_decimal(fact))


def remember(response: Response, language: Language) -> None:
    """Keeps the choice in this browser for a year."""
    response.set_cookie(
        _cookie_name(),
        language.locale,
        max_age=_YEAR_S,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def find(locale: str | None) -> Language | None:
    """The offered language of this name."""
    return next((each for each in offered() if each.locale == locale), None)


def _choose() -> Language:
    person = viewer()
    return (
        find(person.language if person else None)
        or find(request.cookies.get(_cookie_name()))
        or _asked_for()
        or offered()[0]
    )


def _cookie_name() -> str:
    return "__Host-language" if current_app.config["SESSION_COOKIE_SECURE"] else "language"


def _asked_for() -> Language | None:
    """The best of the browser's Accept-Language, in its order: `de-AT` before `en` finds German.

    A tag that several languages go by, such as `zh`, is the first one's of LANGUAGES, whatever the site's order.
    """
    ours = {each.locale for each in offered()}
    by_tag = {tag: each for each in reversed(LANGUAGES.values()) if each.locale in ours for tag in each.asked_as}
    wanted = [tag[:_LONGEST_TAG].replace("_", "-").lower() for tag, quality in request.accept_languages if quality > 0]
    return next((by_tag[each] for tag in wanted for each in _shorter(tag) if each in by_tag), None)


def _shorter(tag: str) -> Iterator[str]:
    """A tag and what is left of it without its last parts: zh-hans-sg, zh-hans, zh."""
    while tag:
        yield tag
        tag = tag.rpartition("-")[0]


def _catalogue() -> NullTranslations:
    """Our texts in the language of this request, for templates: a page asks some forty times."""
    found = g.get("catalogue")
    if found is None:
        found = g.catalogue = get_translations()
    return found  # type: ignore[no-any-return]


def _view() -> LanguageView:
    texts, items = get_locale() or Locale.parse(TEXTS[0]), current()
    choices = offered()
    return LanguageView(
        tag=LANGUAGES[texts.language].tag,
        direction=texts.text_direction,
        items=items.tag if items.locale not in TEXTS else "",
        locale=items.locale,
        choices=choices if len(choices) > 1 else (),
        back=_way_back(),
    )


def _way_back() -> str:
    """This page, if it can be opened again by its address."""
    rule = request.url_rule
    if rule is None or "GET" not in (rule.methods or ()) or request.endpoint == _GOOD_ONCE:
        return url_for("main.index")
    try:
        query = request.query_string.decode()
    except UnicodeDecodeError:  # the page that refuses it has a way back too
        query = ""
    return safe_next(f"{request.path}?{query}".rstrip("?"), request.path)


def _add_headers(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = LANGUAGES[texts_locale()].tag
        response.vary.update(("Accept-Language", "Cookie"))
    return response


def init_app(app: Flask) -> None:
    app.jinja_env.policies["ext.i18n.trimmed"] = True  # a text may be wrapped like the rest of its template
    babel.domain_instance = _Texts()
    babel.init_app(app, default_locale=TEXTS[0], locale_selector=texts_locale)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _catalogue().ugettext(text),
        lambda one, many, count: _catalogue().ungettext(one, many, count),
        newstyle=True,
    )
    app.context_processor(lambda: {"language": _view()})
    app.after_request(_add_headers)
