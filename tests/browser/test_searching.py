"""Searching as one types: only the finds change, the address follows, and without scripts the same form does it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenBrowser
from tests.browser.journey import sign_in
from tests.browser.test_accessibility import serious
from tests.browser.watch import Watch

pytestmark = pytest.mark.usefixtures("definitions")

TILES = "[data-item-hash]"


def tiles(page: Page) -> int:
    return page.locator(TILES).count()


def test_the_finds_follow_what_is_typed_and_the_address_can_be_shared(vault: Page, watch: Watch) -> None:
    everything = tiles(vault)
    vault.evaluate("document.querySelector('h1').dataset.stays = 'yes'")
    vault.keyboard.press("/")
    box = vault.get_by_role("combobox", name="Search your items")
    expect(box).to_be_focused()
    vault.keyboard.type("is:weapon")
    expect(vault.locator("#search-status")).to_contain_text("items found")
    expect(box).to_be_focused()
    assert 0 < tiles(vault) < everything
    assert vault.url.endswith("/vault?q=is%3Aweapon")
    assert vault.locator("h1[data-stays=yes]").count() == 1
    found = tiles(vault)
    vault.reload()
    assert tiles(vault) == found
    assert watch.troubles == []


def test_while_an_answer_is_on_its_way_the_next_one_waits_and_nothing_is_broken_off(vault: Page, watch: Watch) -> None:
    held: list[Route] = []
    letting_go = False

    def hold(route: Route) -> None:
        if letting_go:
            route.continue_()
        else:
            held.append(route)

    for path in ("**/search/words?*", "**/vault?q=*"):
        vault.route(path, hold)
    box = vault.get_by_role("combobox", name="Search your items")
    with vault.expect_request("**/search/words?*"), vault.expect_request("**/vault?q=*"):
        box.press_sequentially("is:wea")
    box.press_sequentially("pon")
    vault.wait_for_timeout(600)  # both boxes have settled, and would have asked again
    assert len(held) == 2
    letting_go = True
    for route in held:
        route.continue_()
    expect(vault.locator("#search-words option[value='is:weaponmod']")).to_be_attached()
    expect(vault.locator("#search-status")).to_contain_text("items found")
    expect(vault).to_have_url(re.compile(r"/vault\?q=is%3Aweapon$"))
    assert watch.troubles == []


def test_something_unfinished_keeps_the_last_finds_and_says_what_is_wrong(vault: Page) -> None:
    box = vault.get_by_role("combobox", name="Search your items")
    box.fill("is:weapon")
    expect(vault.locator("#search-status")).to_contain_text("items found")
    found = tiles(vault)
    box.press_sequentially(" is:exotc")
    expect(vault.locator("#search-status mark")).to_have_text("is:exotc")
    assert tiles(vault) == found
    vault.get_by_role("link", name="is:exotic").click()
    expect(vault.get_by_role("combobox", name="Search your items")).to_have_value("is:weapon is:exotic")


def test_words_are_offered_while_somebody_types(vault: Page) -> None:
    box = vault.get_by_role("combobox", name="Search your items")
    box.press_sequentially("is:arc is:hel")
    expect(vault.locator("#search-words option[value='is:arc is:helmet']")).to_be_attached()


def test_icons_only_stays_as_chosen_while_somebody_searches(vault: Page) -> None:
    vault.locator("#compact").check()
    vault.get_by_role("combobox", name="Search your items").fill("is:weapon")
    expect(vault.locator("#search-status")).to_contain_text("items found")
    expect(vault.locator("#compact")).to_be_checked()


def test_a_dialog_opens_from_what_was_found(vault: Page) -> None:
    vault.get_by_role("combobox", name="Search your items").fill("is:weapon")
    expect(vault.locator("#search-status")).to_contain_text("items found")
    vault.locator(f"a{TILES}").first.click()
    expect(vault.locator("#item-dialog")).to_be_visible()


def test_without_scripts_the_form_finds_the_same(open_browser: OpenBrowser, live_server: str, player_id: str) -> None:
    page = open_browser(390, 844, java_script_enabled=False).new_page()
    sign_in(page, live_server, player_id)
    page.goto(f"{live_server}/vault")
    everything = tiles(page)
    page.locator("#search").fill("is:weapon")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator("#search-status")).to_contain_text("items found")
    assert 0 < tiles(page) < everything
    assert page.locator("#search").input_value() == "is:weapon"


PAGES = ("/vault?q=is:weapn+or+perk:outlaw", "/vault?q=is:weapon+is:exotic", "/characters?q=is:exotic", "/search/help")


@pytest.mark.parametrize("width", [390, 834, 1440])
def test_the_box_and_the_help_page_fit_every_screen_and_everybody(
    open_browser: OpenBrowser, live_server: str, player_id: str, width: int
) -> None:
    page = open_browser(width).new_page()
    sign_in(page, live_server, player_id)
    for path in PAGES:
        page.goto(live_server + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert serious(page) == [], path


def test_a_finished_search_is_in_the_menu_beside_the_box_and_leads_back(vault: Page, watch: Watch) -> None:
    box = vault.get_by_role("combobox", name="Search your items")
    box.press_sequentially("is:bow")
    expect(vault.locator("#search-status")).to_contain_text("items found")
    with vault.expect_response("**/searches/recent") as answer:
        box.press("Tab")
    assert answer.value.status == 204
    vault.reload()
    vault.goto(vault.url.partition("?")[0])
    vault.get_by_text("Searches", exact=True).click()
    menu = vault.locator(".search-menu-body")
    expect(menu).to_be_visible()
    assert serious(vault) == []
    menu.get_by_role("link", name="is:bow", exact=True).click()
    expect(vault.get_by_role("combobox", name="Search your items")).to_have_value("is:bow")
    assert watch.troubles == []


@pytest.mark.parametrize("width", [390, 1440])
def test_the_menu_and_the_pages_of_searches_and_lists_fit_the_screen(
    open_browser: OpenBrowser, live_server: str, player_id: str, width: int
) -> None:
    page = open_browser(width=width).new_page()
    sign_in(page, live_server, player_id)
    page.get_by_text("Searches", exact=True).click()
    for path in ("", "/searches?q=is:weapon", "/wish-lists"):
        if path:
            page.goto(live_server + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert serious(page) == []
    assert page.locator(".kept-form button").first.bounding_box()["height"] >= 24  # type: ignore[index]
