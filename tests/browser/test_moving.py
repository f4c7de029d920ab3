"""Moving in a browser: a tile goes at once, and comes back when the game refuses; without scripts forms do the same."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, Response, expect

from app.sandbox import SandboxServer
from tests.browser.conftest import OpenBrowser
from tests.browser.journey import sign_in, too_wide, too_wide_at_any_width
from tests.browser.watch import Watch

pytestmark = pytest.mark.usefixtures("definitions")

_SLOW = {"*/Actions/*": 1.0}


def a_weapon(page: Page) -> Locator:
    return page.locator("section[data-bucket='1498876634'] a[data-item-id]:not(:has-text('<'))").nth(3)


def open_weapon(page: Page) -> tuple[str, Locator]:
    """Opens it over the page; its number and its tile."""
    number = a_weapon(page).get_attribute("data-item-id")
    tile = page.locator(f"#found [data-item-id='{number}']")
    tile.click()
    page.locator("#item-dialog .move-panel").wait_for()
    return str(number), tile


def press(page: Page, title: str, label: str) -> None:
    form = page.locator("#item-dialog .move-panel form", has_text=title)
    form.get_by_role("button", name=label, exact=True).click()


def test_the_tile_goes_before_bungie_has_answered_and_stays_gone(
    vault: Page, sandbox: SandboxServer, watch: Watch
) -> None:
    number, tile = open_weapon(vault)
    sandbox.app.state.faults.set(latency_s=_SLOW)
    press(vault, "Move", "Hunter")
    expect(tile).to_be_hidden(timeout=800)
    expect(vault.locator("#move-told [data-state=done]")).to_be_visible()
    expect(vault.locator(f"#found [data-item-id='{number}']")).to_have_count(0)
    assert watch.troubles == []


def test_the_tile_comes_back_and_the_reason_is_told_when_the_game_refuses(
    vault: Page, sandbox: SandboxServer, watch: Watch
) -> None:
    sandbox.app.state.faults.set(maintenance="api")
    watch.expected.append("503")
    _, tile = open_weapon(vault)
    press(vault, "Move", "Hunter")
    expect(vault.locator("#move-told [data-state=failed]")).to_contain_text("nothing was moved")
    expect(tile).to_be_visible()
    assert watch.troubles == []


def is_page(answer: Response) -> bool:
    """Not a picture that is only now in sight, and nothing that was sent."""
    return answer.request.method == "GET" and answer.request.resource_type != "image"


def test_a_browser_that_is_slow_to_close_the_item_shows_the_page_anew_and_not_the_item(
    vault: Page, watch: Watch
) -> None:
    number, _ = open_weapon(vault)
    vault.evaluate("history.back = ((back) => () => setTimeout(back, 3000))(history.back.bind(history))")
    with vault.expect_response(lambda answer: is_page(answer) and "/moves/" not in answer.url) as anew:
        press(vault, "Move", "Hunter")
    assert anew.value.url.endswith("/vault")
    expect(vault.locator(f"#found [data-item-id='{number}']")).to_have_count(0)
    expect(vault.locator("#found [data-item-id]").nth(50)).to_be_attached()
    assert watch.troubles == []


def test_undo_is_a_button_of_what_is_told(vault: Page, watch: Watch) -> None:
    number, _ = open_weapon(vault)
    press(vault, "Move", "Hunter")
    vault.locator("#move-told").get_by_role("button", name="Undo").click()
    expect(vault.locator(f"#found [data-item-id='{number}']")).to_be_visible()
    vault.locator("#move-told").get_by_role("button", name="Close").click()
    expect(vault.locator("#move-told [data-move]")).to_have_count(0)
    assert watch.troubles == []


@pytest.mark.parametrize("width", [390, 1440])
def test_without_scripts_the_same_forms_lead_to_the_page_of_the_move(
    open_browser: OpenBrowser, live_server: str, player_id: str, width: int
) -> None:
    page = open_browser(width, java_script_enabled=False).new_page()
    sign_in(page, live_server, player_id)
    a_weapon(page).click()
    assert too_wide(page) == []
    page.locator(".move-panel form", has_text="Move").get_by_role("button", name="Hunter").click()
    expect(page.locator("[data-move]")).to_have_attribute("data-state", "done")
    page.get_by_role("link", name="Moves", exact=True).click()
    expect(page.locator(".move-history li")).to_have_count(1)
    assert too_wide_at_any_width(page) == []
