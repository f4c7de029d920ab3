"""Every text on every page goes through the translations: shown in a language whose texts are all marked, the only
words without a mark are names of the game, of people, and what is the same in every language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from bs4 import BeautifulSoup, NavigableString, Tag
from flask import Flask
from flask.testing import FlaskClient

from app.manifest.plans import PLANS
from app.sandbox import SandboxServer, World
from app.web.identity import PLATFORMS
from app.web.languages import LANGUAGES
from app.wiring import services as services_of_current_app
from tests.contracts.test_translations import sources
from tests.fixtures.definitions import Loaded
from tests.integration.every_page import admin_and_player, every_page

pytestmark = pytest.mark.usefixtures("definitions")

OPEN, CLOSE = "\u27e6", "\u27e7"
_MARKED = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
_PIECE = re.compile(r"%\(\w+\)[sd]|<[^>]*>|&\w+;|[^%<&]+|.", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]{2,}")
_SAID = (
    "title", "alt", "placeholder", "aria-label", "aria-description", "aria-roledescription", "label", "data-spoken",
)  # fmt: skip
_RULES = ("data-keys", "data-does")  # which key presses what
# Code, and drawings; and below what has no words of ours in it.
_NO_TEXTS = ("script", "style", "code", "kbd", "svg", "template", "pre")
_THE_SAME_EVERYWHERE = re.compile(
    r"FindingIndex|BadZipFile|\btest\b|"
    r"Destiny Item Manager|Destiny(?: 2)?|Bungie(?:\.net)?|Redis|GitHub|DIM|JSON|CSV|UTC|demo|"
    r"\b(?:en|de|fr)\b|\b(?:[kKMG]i?B|ms|min|s|h|PvE|PvP)\b|[\w.-]+@[\w.-]+|https?://\S+|\S*[#:/_]\S*(?: or\b)?"
)
_AROUND = re.compile(r"[\W_]+")
_BRAND = re.compile(r"Vault\s+Raider")  # before the names, one of which is "Vault"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PARSERS = {"text/html": "lxml", "application/atom+xml": "lxml-xml"}
_IN_ENGLISH = {"/styleguide"}  # for those who build the pages


@pytest.fixture
def site_environ(site_environ: dict[str, str]) -> dict[str, str]:
    return site_environ | {"MANIFEST_LOCALES": "de,en"}


@pytest.fixture(scope="session")
def _loaded() -> dict[str, Loaded]:
    """Definitions in two languages, not to be mixed up with those of other tests."""
    return {}


def marked(text: str) -> str:
    """A translation whose every word of ours is between marks; facts and markup stay as they are and unmarked."""
    pieces = _PIECE.findall(text)
    return "".join(f"{OPEN}{each}{CLOSE}" if _WORD.search(each) and each[0] not in "%<&" else each for each in pieces)


@pytest.fixture
def app(app: Flask, tmp_path: Path) -> Flask:
    """The site with another German: the marked English of every text that there is."""
    catalogue = Catalog(locale="de")
    for source in sources():
        is_one = isinstance(source, str)
        catalogue.add(source, marked(source) if is_one else tuple(map(marked, source)))  # type: ignore[arg-type]
    folder = tmp_path / "marked" / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    app.extensions["babel"].translation_directories[:] = [str(tmp_path / "marked")]
    return app


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from strings(each)


@pytest.fixture
def names(world: World, sandbox: SandboxServer) -> list[str]:
    """What the game and its players call things, the longest first."""
    files = world.manifest.files  # type: ignore[attr-defined]
    found = {text for path, body in files.items() if path.endswith(".json") for text in strings(orjson.loads(body))}
    found |= {text for account in world.accounts for text in (*strings(account.linked), *strings(account.profile))}
    found |= {*(each.name for each in LANGUAGES.values()), *PLATFORMS.values()}
    found |= {name.removeprefix("Destiny").removesuffix("Definition") for name in PLANS}
    lines = {_CONTROL.sub("", line).strip() for text in found for line in (text, *text.splitlines())}
    return sorted((each for each in lines if _WORD.search(each)), key=len, reverse=True)


def shown(page: BeautifulSoup) -> Iterator[str]:
    """Every text of a page, and of its attributes those that are read out or shown."""
    for node in page.find_all(string=True):
        if isinstance(node, NavigableString) and type(node) is NavigableString and not _is_foreign(node.parent):
            yield str(node)
    for tag in page.find_all(True):
        if not _is_foreign(tag):
            yield from (str(tag[name]) for name in _SAID if tag.has_attr(name))
            said = (name for name in tag.attrs if name.startswith("data-") and name not in _RULES)
            yield from (str(tag[name]) for name in said if " " in tag[name])


def _is_foreign(tag: Tag | None) -> bool:
    """In another language, or in none."""
    while tag is not None and tag.name not in {"html", "[document]"}:
        if tag.name in _NO_TEXTS or tag.get("lang") or tag.get("hreflang"):
            return True
        tag = tag.parent
    return False


def unmarked(text: str, names: list[str]) -> str:
    """The words of a text that no translation has brought."""
    rest = _BRAND.sub(" ", _MARKED.sub(" ", text))
    for name in names if _WORD.search(_THE_SAME_EVERYWHERE.sub(" ", rest)) else ():
        if name in rest:
            rest = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", rest)
    rest = _THE_SAME_EVERYWHERE.sub(" ", rest)
    return _AROUND.sub(" ", rest).strip() if _WORD.search(rest) else ""


def left_over(client: FlaskClient, path: str, names: list[str]) -> set[str]:
    answer = client.get(path)
    parser = None if answer.location else _PARSERS.get(answer.mimetype)  # browsers show nothing of a way elsewhere
    texts = set(shown(BeautifulSoup(answer.text, parser))) if parser else set()
    return {rest for text in texts if (rest := unmarked(text, names))}


@pytest.fixture
def client(app: Flask, sandbox: SandboxServer) -> FlaskClient:
    player = next(iter(sandbox.app.state.players.values()))
    return admin_and_player(app, player, sandbox)


def run_that_failed(app: Flask, sandbox: SandboxServer) -> str:
    sandbox.app.state.faults.set(manifest_missing="*.json", archive="corrupt")
    with app.app_context():
        run = services_of_current_app().manifest.refresh(trigger="cli", force=True)
    sandbox.app.state.faults.clear()
    assert run.state == "failed"
    return run.id


def test_every_page_is_translated_to_the_last_word(
    app: Flask, client: FlaskClient, names: list[str], sandbox: SandboxServer
) -> None:
    failed = run_that_failed(app, sandbox)
    paths = [path for path in every_page(app, client) if path not in _IN_ENGLISH]
    assert len(paths) > 40
    found = {path: left_over(client, path, names) for path in (*paths, f"/admin/manifest/{failed}", "/no/such/page")}
    assert {path: rest for path, rest in found.items() if rest} == {}


@pytest.mark.parametrize(
    "wrong", ["is:sunset", "is:nothing", "power:many", '"open', "(", "foundry:nobody", "name:", "/* open", "a" * 3000]
)
def test_what_is_wrong_with_a_search_is_translated(client: FlaskClient, names: list[str], wrong: str) -> None:
    page = BeautifulSoup(client.get("/vault", query_string={"q": wrong}).text, "lxml")
    told = [each.get_text(" ", strip=True) for each in page.select(".search-error")]
    assert told
    typed = wrong.partition(":")[2] or wrong
    assert {rest for each in told if (rest := unmarked(each.replace(typed, " "), names))} == set()


@pytest.mark.parametrize("fault", [{"maintenance": True}, {"status_502_html": True}, {"throttled_s": 60}])
def test_trouble_is_told_in_translation(
    client: FlaskClient, names: list[str], sandbox: SandboxServer, fault: dict[str, object]
) -> None:
    sandbox.app.state.faults.set(**fault)
    client.get("/vault?fresh=1")
    assert left_over(client, "/vault", names) | left_over(client, "/vendors", names) == set()
