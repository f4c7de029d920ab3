"""In German, on a phone: the language is chosen by keyboard, and no long word pushes a page wider than the screen."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import OpenBrowser
from tests.browser.journey import sign_in, too_wide
from tests.fixtures.definitions import Loaded

pytestmark = pytest.mark.usefixtures("definitions")

PAGES = (
    "/", "/login", "/vault", "/characters", "/account", "/account/activity", "/account/delete", "/no/such/page",
)  # fmt: skip


@pytest.fixture
def site_environ(site_environ: dict[str, str]) -> dict[str, str]:
    return site_environ | {"MANIFEST_LOCALES": "en,de"}


@pytest.fixture(scope="session")
def _loaded() -> dict[str, Loaded]:
    """Definitions in two languages, not to be mixed up with those of other tests."""
    return {}


@pytest.fixture
def phone(open_browser: OpenBrowser, live_server: str, player_id: str) -> Page:
    page = open_browser(390, 844).new_page()
    sign_in(page, live_server, player_id)
    return page


def language(page: Page) -> str:
    return str(page.evaluate("document.documentElement.lang"))


def tab_to(page: Page, selector: str) -> None:
    """Goes on with the tabulator until something is reached, from the foot of the page backwards."""
    for _ in range(10):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached by keyboard")


def choose_german_by_keyboard(page: Page) -> None:
    tab_to(page, "#language")
    page.keyboard.press("d")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_the_language_is_chosen_by_keyboard_and_leads_back_to_the_page(phone: Page, live_server: str) -> None:
    assert language(phone) == "en"
    choose_german_by_keyboard(phone)
    assert language(phone) == "de"
    assert phone.url == f"{live_server}/vault"
    assert phone.locator("h1").inner_text() == "Tresor"


def cut_off(page: Page) -> list[str]:
    """Buttons and headings whose words do not fit into them."""
    return list(
        page.evaluate(
            """() => [...document.querySelectorAll('button, .button, h1, h2, h3, label, .nav a')]
            .filter(each => each.offsetParent && each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 1
                    && getComputedStyle(each).display !== 'inline')
            .map(each => each.outerHTML.slice(0, 120))"""
        )
    )


def test_no_german_page_is_wider_than_a_phone_or_hard_to_use(phone: Page, live_server: str) -> None:
    choose_german_by_keyboard(phone)
    character = phone.locator(".switch a").first.get_attribute("href")
    item = phone.locator("a.tile").first.get_attribute("href")
    found = {}
    for path in (*PAGES, character, item):
        phone.goto(f"{live_server}{path}")
        assert language(phone) == "de"
        issues = [each["id"] for each in Axe().run(phone).response["violations"]
                  if each["impact"] in {"serious", "critical"}]  # fmt: skip
        found[path] = too_wide(phone) + cut_off(phone) + issues
    assert {path: faults for path, faults in found.items() if faults} == {}
