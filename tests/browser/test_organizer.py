"""The table in a browser: head and names stay in sight, rows are ticked together, keys lead on from an item."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenBrowser
from tests.browser.journey import sign_in, too_wide_at_any_width
from tests.browser.test_accessibility import serious
from tests.browser.watch import Watch

pytestmark = pytest.mark.usefixtures("definitions")

_PLACE = "(element) => { const { left, top } = element.getBoundingClientRect(); return [left, top].map(Math.round); }"


@pytest.fixture
def table(vault: Page, live_server: str) -> Page:
    vault.goto(f"{live_server}/organizer")
    return vault


def test_head_and_names_stay_in_sight_on_a_phone(open_browser: OpenBrowser, live_server: str, player_id: str) -> None:
    page = open_browser(390).new_page()
    sign_in(page, live_server, player_id)
    page.goto(f"{live_server}/organizer")
    head, name = page.locator(".sheet thead th").first, page.locator(".sheet tbody th").nth(40)
    before = head.evaluate(_PLACE)
    expect(name).to_have_css("position", "static")  # a thousand names that may stick make scrolling slow
    page.locator(".sheet-box").evaluate("(box) => box.scrollTo(250, 1500)")
    expect(name).to_have_css("position", "sticky")
    assert head.evaluate(_PLACE) == before
    assert name.evaluate(_PLACE)[0] == before[0]
    assert page.locator(".sheet thead th").nth(1).evaluate(_PLACE)[0] < before[0]


def test_pictures_are_there_before_anybody_scrolls_to_them_also_after_a_search(table: Page) -> None:
    waiting = table.locator(".sheet img[loading=lazy]")
    expect(waiting).to_have_count(0)
    table.locator("#search").fill("is:weapon")
    table.wait_for_url(re.compile(r"q=is%3Aweapon"))
    expect(table.locator(".sheet tbody img").first).to_be_visible()
    expect(waiting).to_have_count(0)


def test_rows_are_ticked_one_in_a_row_and_all(table: Page) -> None:
    boxes, told = table.locator(".sheet input[name=item]"), table.locator("[data-ticked]")
    boxes.nth(1).check()
    boxes.nth(4).click(modifiers=["Shift"])
    expect(told).to_have_text("4")
    table.get_by_role("link", name="Tick all").click()
    expect(told).to_have_text(str(boxes.count()))
    table.get_by_role("link", name="Tick all").click()
    expect(told).to_be_hidden()


def test_the_table_changes_while_one_types_and_its_rows_can_still_be_ticked(table: Page) -> None:
    table.locator("#search").fill("is:exotic")
    expect(table.locator("#search-status")).to_contain_text("items found")
    table.wait_for_url(re.compile(r"q=is%3Aexotic"))
    table.locator(".sheet input[name=item]").first.check()
    expect(table.locator("[data-ticked]")).to_have_text("1")


def test_a_row_opens_its_item_and_keys_lead_to_comparison_and_infusion(table: Page) -> None:
    for key, path in (("c", "compare"), ("i", "infuse")):
        table.locator(".sheet tbody a[data-item-id]").nth(3).click()
        table.locator("#item-dialog #item-name").wait_for()
        table.keyboard.press(key)
        table.wait_for_url(re.compile(rf"/{path}\?item="))
        expect(table.get_by_role("heading", level=1)).to_be_visible()
        table.goto(re.sub(r"/(compare|infuse).*", "/organizer", table.url))


def test_the_table_is_worked_with_keys_alone(table: Page) -> None:
    """Every stop is reached from the one before by the tab key."""
    focused = table.locator(":focus")
    table.locator("summary", has_text="Columns and order").focus()
    table.keyboard.press("Enter")
    table.keyboard.press("Tab")
    expect(focused).to_have_attribute("aria-label", re.compile("further|hide"))
    table.get_by_role("link", name="Tick all").focus()
    for wanted in ("select[name=do]", ".acts button", ".sheet-box", ".sheet thead .c-i a"):
        table.keyboard.press("Tab")
        expect(table.locator(f"{wanted}:focus")).to_have_count(1)
    table.keyboard.press("Enter")
    expect(table.locator(".sheet thead .c-i")).not_to_have_attribute("aria-sort", "none")
    table.locator(".sheet thead a").last.focus()
    table.keyboard.press("Tab")
    table.keyboard.press("Space")
    expect(table.locator("[data-ticked]")).to_have_text("1")
    table.keyboard.press("Tab")
    expect(focused).to_have_attribute("data-item-id", re.compile(r"\d"))
    table.keyboard.press("Tab")
    found = str(focused.get_attribute("href"))
    table.keyboard.press("Enter")
    table.wait_for_url(lambda address: address.endswith(found))
    assert "q=" in found
    expect(table.locator(".sheet tbody tr").first).to_be_visible()


def test_every_state_of_the_pages_is_accessible_and_fits_every_screen(table: Page, watch: Watch) -> None:
    site = table.url.rpartition("/")[0]
    item = table.locator(".sheet tbody a[data-item-id]").first.get_attribute("data-item-id")
    paths = (
        "/organizer?type=armor&cols=power,perks,stats,basestats,total",
        "/organizer?q=name:zzzz",
        "/organizer?q=is:",
        f"/compare?item={item}&by=type",
        f"/infuse?item={item}",
    )
    found = {}
    for path in paths:
        table.goto(site + path)
        table.locator("main details").evaluate_all("(all) => all.forEach((each) => { each.open = true; })")
        found[path] = serious(table) + too_wide_at_any_width(table)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
    assert watch.troubles == []
