"""The catalogues say all that the pages say: up to date with the sources, complete, compiled, and safe to show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from app.bungie.errors import BungieError
from app.inventory.search.keyword import Keyword
from app.inventory.search.registry import CHAPTERS
from app.manifest.errors import ManifestError
from app.web.languages import LANGUAGES, TEXTS
from config import BUNGIE_LOCALES, from_env
from tests.shared import ROOT

FOLDER = ROOT / "app" / "translations"
CATALOGUES = sorted(path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/messages.po"))
_TAG = re.compile(r"<[^>]*>")
_STOPS = (".", ":", "?", "…", ",")
_FACT = re.compile(r"%\(\w+\)[sd]")


def catalogue(locale: str) -> Catalog:
    with (FOLDER / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=locale)


def sources() -> set[str | tuple[str, ...]]:
    """Every text for people, gathered as `make translations` does it."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {"_": None, "_l": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
    return {found[2] for found in extract_from_dir(ROOT / "app", methods, options, keywords) if found[2]}


def texts(message: Message) -> Iterator[tuple[str, str]]:
    """(in English, translated), with the plural where there is one."""
    if isinstance(message.id, str):
        yield message.id, str(message.string)
    else:
        yield from zip(message.id, message.string, strict=True)


def entries(locale: str) -> list[Message]:
    return [message for message in catalogue(locale) if message.id]


def test_our_languages_are_those_that_have_a_catalogue_and_english() -> None:
    assert {*CATALOGUES, "en"} == set(TEXTS)


def test_every_language_of_the_game_can_be_chosen() -> None:
    assert set(LANGUAGES) == set(BUNGIE_LOCALES)
    assert len(LANGUAGES) == 13
    assert from_env({"FLASK_CONFIG": "testing", "MANIFEST_LOCALES": ",".join(LANGUAGES)}).manifest.locales == (
        *LANGUAGES,
    )


@pytest.mark.parametrize("locale", CATALOGUES)
def test_a_catalogue_has_exactly_the_texts_of_the_sources(locale: str) -> None:
    """If not: `make translations`, then translate what is new."""
    assert {message.id for message in entries(locale)} == sources()


@pytest.mark.parametrize("locale", CATALOGUES)
def test_nothing_is_left_untranslated_or_guessed(locale: str) -> None:
    assert [message.id for message in entries(locale) if message.fuzzy] == []
    assert [message.id for message in entries(locale) if not all(there for _, there in texts(message))] == []


@pytest.mark.parametrize("locale", CATALOGUES)
def test_the_compiled_catalogue_is_that_of_the_text(locale: str) -> None:
    made = BytesIO()
    write_mo(made, catalogue(locale))
    assert (FOLDER / locale / "LC_MESSAGES" / "messages.mo").read_bytes() == made.getvalue()


@pytest.mark.parametrize("locale", CATALOGUES)
def test_a_translation_has_the_facts_and_the_markup_of_the_original(locale: str) -> None:
    """Translations are shown as markup, in attributes too: none may bring what the original does not have."""
    for message in entries(locale):
        for here, there in texts(message):
            assert sorted(_FACT.findall(there)) == sorted(_FACT.findall(here)), here
            assert sorted(_TAG.findall(there)) == sorted(_TAG.findall(here)), here
            assert [sign for sign in there if sign in '<>&"'] == [sign for sign in here if sign in '<>&"'], here


@pytest.mark.parametrize("locale", CATALOGUES)
def test_a_translation_begins_and_ends_like_the_original(locale: str) -> None:
    for message in entries(locale):
        for here, there in texts(message):
            assert there == there.strip(), here
            ends = [text[-1:] if text[-1:] in _STOPS else "" for text in (here, there)]
            assert ends[0] == ends[1], here


def test_no_text_has_a_percent_sign_that_is_no_fact() -> None:
    """Templates fill facts in with `%`: a lone sign would break the page."""
    for source in sources():
        for text in [source] if isinstance(source, str) else source:
            assert "%" not in _FACT.sub("", text), text


def test_what_is_said_of_every_keyword_is_marked() -> None:
    marked = {each for each in sources() if isinstance(each, str)}
    for chapter in CHAPTERS:
        said = (each.says if isinstance(each, Keyword) else each.reason for each in chapter.keywords)
        assert {chapter.title, *said} <= marked, chapter.key


def test_what_errors_of_bungie_and_of_the_definitions_say_is_marked() -> None:
    marked = {each for each in sources() if isinstance(each, str)}
    assert {kind.advice for kind in (BungieError, *BungieError.__subclasses__())} <= marked
    kinds = "|".join(each.__name__ for each in ManifestError.__subclasses__())
    bare = re.compile(rf"\b(?:{kinds})\(\s*(?:f?\"|str\()")
    files = [*(ROOT / "app" / "manifest").glob("*.py"), *(ROOT / "app" / "services").glob("manifest*.py")]
    assert [path.name for path in files if bare.search(path.read_text())] == []


def test_services_hand_out_only_sentences_that_are_marked() -> None:
    marked = {each for each in sources() if isinstance(each, str)}
    raised = re.compile(r"raise StaffError\(\"([^\"]+)\"\)")
    for path in Path(ROOT / "app" / "services").glob("*.py"):
        assert not [text for text in raised.findall(path.read_text()) if text not in marked], path.name
