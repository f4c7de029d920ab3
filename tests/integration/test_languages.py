"""Everybody reads the site in a language of theirs: the one they chose, else the one that their browser asks for."""

from __future__ import annotations

import re

import pytest
import requests
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from app.sandbox import SandboxServer
from tests.fixtures.definitions import Loaded
from tests.visitor import Visitor, soup, tiles_of

LOCALES = ["en", "de", "fr", "pt-br", "es", "es-mx", "zh-cht", "zh-chs"]


@pytest.fixture
def site_environ(site_environ: dict[str, str]) -> dict[str, str]:
    """A site that loads more languages than one. The demo's Bungie has English and German."""
    return site_environ | {"MANIFEST_LOCALES": ",".join(LOCALES)}


@pytest.fixture(scope="session")
def _loaded() -> dict[str, Loaded]:
    """These definitions are in two languages: they must not be mixed up with those of other tests."""
    return {}


@pytest.fixture
def visitor(live_server: str) -> Visitor:
    return Visitor(live_server)


@pytest.fixture
def player(sandbox: SandboxServer) -> str:
    """The account with the most items."""
    return max(sandbox.app.state.players.values(), key=lambda player: player.item_count()).membership_id


def names_of(page: BeautifulSoup) -> list[str]:
    return [each.text for each in page.select(".tile-name")]


def language_of(answer: requests.Response) -> str:
    page = soup(answer)
    assert page.html is not None
    return str(page.html["lang"])


def chosen(answer: requests.Response) -> str:
    return str(soup(answer).select_one("#language option[selected]")["value"])  # type: ignore[index]


def choose(visitor: Visitor, locale: str, path: str = "/") -> requests.Response:
    return visitor.submit(visitor.get(path), "/language", language=locale)


@pytest.mark.parametrize(
    ("asked", "locale"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,en;q=0.5", "de"),
        ("en;q=0.5,de;q=0.9", "de"),
        ("pt-PT,en;q=0.8", "pt-br"),
        ("FR-ca", "fr"),
        ("es-ES", "es"),
        ("es", "es"),
        ("es-AR,es;q=0.9", "es-mx"),
        ("zh", "zh-chs"),
        ("zh-Hans-SG", "zh-chs"),
        ("zh-Hant-MO", "zh-cht"),
        ("zh_TW", "zh-cht"),
        ("-,de-" + "a-" * 3000, "de"),
        ("tlh", "en"),
        ("ja,ko;q=0.9", "en"),
        ("*", "en"),
        ("de;q=0,fr;q=0.1", "fr"),
        ("de;q=0", "en"),
        ("\u00e9;;q=,,=de", "en"),
    ],
)
def test_a_browser_gets_the_first_language_that_it_asks_for_and_we_have(
    visitor: Visitor, asked: str, locale: str
) -> None:
    answer = visitor.get("/", headers={"Accept-Language": asked.encode("utf-8")})
    assert chosen(answer) == locale
    assert language_of(answer) == (locale if locale in {"en", "de"} else "en")


def test_a_choice_outlives_what_the_browser_asks_for_and_leads_back_to_the_page(visitor: Visitor) -> None:
    visitor.session.headers["Accept-Language"] = "fr"
    answer = choose(visitor, "de", "/login?next=/vault")
    assert answer.history[0].status_code == 303
    assert answer.url.endswith("/login?next=/vault")
    assert (language_of(answer), chosen(answer)) == ("de", "de")
    assert language_of(visitor.get("/nothing/here")) == "de"


def test_only_languages_that_this_site_loads_are_offered_and_taken(visitor: Visitor) -> None:
    front = visitor.get("/")
    assert [option["value"] for option in soup(front).select("#language option")] == LOCALES
    assert visitor.submit(front, "/language", language="ja").status_code == 400
    visitor.session.cookies.set("language", "ja")
    assert chosen(visitor.get("/")) == "en"


def test_a_choice_leads_to_no_foreign_site(visitor: Visitor) -> None:
    answer = visitor.submit(visitor.get("/"), "/language", language="de", next="//evil.example/")
    assert answer.url == f"{visitor.site}/"


def test_a_choice_without_the_forms_token_is_refused(client: FlaskClient) -> None:
    assert client.post("/language", data={"language": "de"}).status_code == 400
    assert not client.get_cookie("language")


def test_a_page_says_its_language_and_what_that_depends_on(visitor: Visitor) -> None:
    answer = visitor.get("/", headers={"Accept-Language": "de"})
    assert answer.headers["Content-Language"] == "de"
    assert {"Accept-Language", "Cookie"} <= {each.strip() for each in answer.headers["Vary"].split(",")}
    assert 'dir="ltr"' in answer.text
    assert "Content-Language" not in visitor.get("/healthz").headers


def test_the_cookie_is_for_this_site_alone_and_for_no_script(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    cookie = client.post("/language", data={"language": "de"}).headers["Set-Cookie"]
    assert cookie.startswith("language=de;")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


@pytest.mark.usefixtures("definitions")
def test_items_kinds_and_buckets_are_named_in_the_chosen_language(visitor: Visitor, player: str) -> None:
    visitor.sign_in(player)
    english, german = visitor.page("/vault"), soup(choose(visitor, "de", "/vault"))
    assert english.select(".tile-type")
    assert [each.text for each in english.select(".tile-type")] != [each.text for each in german.select(".tile-type")]
    assert tiles_of(english) == tiles_of(german)
    assert "Legendär" in str(german)
    assert names_of(english) != names_of(german)


@pytest.mark.usefixtures("definitions")
def test_a_language_whose_definitions_are_missing_yet_is_told_and_items_keep_their_names(
    visitor: Visitor, player: str
) -> None:
    visitor.sign_in(player)
    english, french = visitor.page("/vault"), soup(choose(visitor, "fr", "/vault"))
    assert names_of(english) == names_of(french)
    assert not english.select("[data-notice]")
    (notice,) = french.select("[data-notice='manifest-missing']")
    assert "Français" in notice.text
    assert "English" in notice.text


@pytest.mark.usefixtures("definitions")
def test_names_in_a_language_that_we_do_not_write_say_which_it_is(visitor: Visitor, player: str) -> None:
    visitor.sign_in(player)
    assert {each.get("lang") for each in visitor.page("/vault").select("section.section")} == {None}
    french = choose(visitor, "fr", "/vault")
    assert language_of(french) == "en"
    assert {each.get("lang") for each in soup(french).select("section.section")} == {"fr"}


@pytest.mark.usefixtures("definitions")
def test_our_texts_numbers_and_dates_are_german_for_a_german(visitor: Visitor, player: str) -> None:
    visitor.sign_in(player)
    page = soup(choose(visitor, "de", "/vault"))
    assert page.h1 is not None
    assert page.h1.text == "Tresor"
    assert re.search(r"\d+ von \d+", page.select_one(".capacity strong").text)  # type: ignore[union-attr]
    thousands = [
        each.text for each in page.select(".tile-foot") if each.text.startswith("\u00d7") and len(each.text) > 4
    ]
    assert thousands
    assert all(re.fullmatch(r"\u00d7\d{1,3}(\.\d{3})+", text) for text in thousands)
    day = soup(visitor.get("/account/activity")).select_one("td time")
    assert re.fullmatch(r"\d\d\.\d\d\.\d{4}, \d\d:\d\d:\d\d UTC", day.text)  # type: ignore[union-attr]


def test_what_was_written_down_about_a_person_is_told_in_their_language(visitor: Visitor, player: str) -> None:
    visitor.session.headers["User-Agent"] = "Nothing we know"
    visitor.sign_in(player)
    choose(visitor, "de")
    details = [each.get_text(strip=True) for each in soup(visitor.get("/account/activity")).select("tbody td")]
    assert "über Bungie.net, Unbekannter Browser" in details


def test_errors_and_forms_speak_german_too(visitor: Visitor) -> None:
    choose(visitor, "de")
    assert "Hier ist nichts" in visitor.get("/no/such/page").text
    wrong = visitor.submit(visitor.get("/login"), "/login", name="zavala", password="not it at all")
    assert "gehören nicht zusammen" in wrong.text
    assert "Passwort" in wrong.text


@pytest.mark.usefixtures("definitions")
def test_one_fetched_profile_serves_every_language(visitor: Visitor, player: str, sandbox: SandboxServer) -> None:
    visitor.sign_in(player)
    visitor.get("/vault")
    asked = len(sandbox.app.state.requests.recent)
    choose(visitor, "de", "/vault")
    choose(visitor, "fr", "/vault")
    assert len(sandbox.app.state.requests.recent) == asked


@pytest.mark.usefixtures("definitions")
def test_the_api_names_items_in_the_language_that_is_asked_for(visitor: Visitor, player: str) -> None:
    visitor.sign_in(player)

    def names(asked: str) -> list[str]:
        found = visitor.get("/api/v1/inventory", headers={"Accept-Language": asked}).json()
        return [bucket["name"] for bucket in found["vault"]["buckets"]]

    assert names("en") != names("de")


def test_a_persons_choice_goes_with_them_to_every_browser(visitor: Visitor, live_server: str, player: str) -> None:
    visitor.sign_in(player)
    choose(visitor, "de", "/account")
    elsewhere = Visitor(live_server)
    elsewhere.session.headers["Accept-Language"] = "fr"
    elsewhere.session.cookies.set("language", "pt-br")
    elsewhere.sign_in(player)
    assert chosen(elsewhere.get("/account")) == "de"
    elsewhere.sign_out()
    assert chosen(elsewhere.get("/")) == "pt-br"


def test_a_choice_that_the_site_no_longer_loads_is_as_good_as_none(app: Flask, visitor: Visitor, player: str) -> None:
    visitor.sign_in(player)
    choose(visitor, "de", "/account")
    app.config["LOCALES"] = ("en", "fr")
    assert chosen(visitor.get("/account")) == "en"


def test_what_is_kept_about_a_person_names_their_language(visitor: Visitor, player: str) -> None:
    visitor.sign_in(player)
    choose(visitor, "de", "/account")
    assert visitor.submit(visitor.get("/account"), "/account/export").json()["person"]["language"] == "de"
