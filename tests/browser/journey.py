"""The visit that everybody makes, by clicks on what stands on the pages, and what a test may ask of any page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import requests
from playwright.sync_api import Page, expect

from app.sandbox import SandboxServer
from tests.fixtures.waiting import wait_until
from tests.visitor import Tile, listed_items

WIDTHS = (390, 834, 1440, 2560)
_TILES = """() => [...document.querySelectorAll("[data-item-hash]")].map(
    (tile) => [Number(tile.dataset.itemHash), tile.dataset.itemId ?? "", Number(tile.dataset.quantity ?? 1)])"""

# <main> cuts off what is too wide, so the page's own width would not tell: every element is measured, except what lies
# inside a box that scrolls or cuts by itself (the jump bar, tables, the text of a tile).
_TOO_WIDE = """() => {
    const root = document.documentElement, width = root.clientWidth, found = [];
    const folded = [...document.querySelectorAll("details.more:not([open])")];
    for (const each of folded) each.open = true;
    const isHeld = (element) => {
        for (let box = element.parentElement; box && box !== document.body; box = box.parentElement)
            if (box.tagName !== "MAIN" && getComputedStyle(box).overflowX !== "visible") return true;
        return false;
    };
    if (root.scrollWidth > width) found.push(`the page scrolls sideways: ${root.scrollWidth} of ${width} pixels`);
    for (const element of document.body.querySelectorAll("*")) {
        if (!element.checkVisibility()) continue;  // what is folded has a box that nobody sees
        const { left, right } = element.getBoundingClientRect();
        if ((right > width + 1 || left < -1) && !isHeld(element))
            found.push(`${element.tagName}.${element.getAttribute("class")} from ${left} to ${right} of ${width}`);
    }
    for (const each of folded) each.open = false;
    return found;
}"""


def wait_in(page: Page, condition: Callable[[], bool], what: str) -> None:
    """`wait_until` for what a page does. Playwright hears the browser meanwhile: who sleeps hears nothing of it."""
    wait_until(condition, what, limit_s=20, sleep=lambda seconds: page.wait_for_timeout(1000 * seconds))


def begin_to_sign_in(page: Page, site: str) -> None:
    """From the front page to Bungie's account picker."""
    page.goto(site)
    page.get_by_role("button", name="Sign in with Bungie.net").click()
    page.locator("button[name=account]").first.wait_for()


def pick(page: Page, site: str, membership_id: str) -> None:
    """From the account picker to the vault."""
    page.locator(f"button[name=account][value='{membership_id}']").click()
    page.wait_for_url(f"{site}/vault")


def sign_in(page: Page, site: str, membership_id: str) -> None:
    begin_to_sign_in(page, site)
    pick(page, site, membership_id)


def journey(page: Page, site: str, membership_id: str) -> Iterator[str]:
    """Stops at every page of the visit and yields its name; the next step starts from whatever the page shows then."""
    page.goto(site)
    yield "front page"
    begin_to_sign_in(page, site)
    yield "account picker"
    pick(page, site, membership_id)
    yield "vault"
    page.get_by_role("link", name="Characters", exact=True).click()
    page.wait_for_url(f"{site}/characters")
    yield "characters"
    page.locator("[data-character] a.banner").first.click()
    page.wait_for_url(f"{site}/characters/*")
    yield "character"
    page.locator("a[data-item-id]").first.click()
    page.wait_for_url(f"{site}/items/*")
    page.locator("#item-name").wait_for()
    yield "item over the page"
    page.reload()  # the address that the dialog shows is that of the item's own page
    yield "item"
    page.locator(".me-name a").click()
    page.wait_for_url(f"{site}/account")
    yield "account"
    page.locator(".me").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in with Bungie.net")).to_be_visible()
    yield "signed out"


STOPS = (
    "front page", "account picker", "vault", "characters", "character", "item over the page", "item", "account",
    "signed out",
)  # fmt: skip


def tiles(page: Page) -> Counter[Tile]:
    """The tiles of the page as the browser holds it."""
    return Counter((item_hash, instance_id, quantity) for item_hash, instance_id, quantity in page.evaluate(_TILES))


def everything(page: Page, site: str) -> Counter[Tile]:
    """The tiles of /vault and of every character's page, in the browser."""
    page.goto(f"{site}/vault", wait_until="domcontentloaded")
    found = tiles(page)
    page.goto(f"{site}/characters", wait_until="domcontentloaded")
    addresses = page.locator("[data-character] a.banner").evaluate_all("(links) => links.map((link) => link.href)")
    for address in addresses:
        page.goto(address, wait_until="domcontentloaded")
        found += tiles(page)
    return found


def too_wide(page: Page) -> list[str]:
    """What sticks out of the screen at its present width."""
    return page.evaluate(_TOO_WIDE)


def too_wide_at_any_width(page: Page) -> list[str]:
    """The same at every width, as if the reader turned and resized the screen; the page is left as it was."""
    before, found = page.viewport_size, []
    assert before is not None
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found += too_wide(page)
    page.set_viewport_size(before)
    return found


def listed_by_bungie(sandbox: SandboxServer, membership_id: str) -> Counter[Tile]:
    """What the sandbox itself answers to the owner."""
    player, grants = sandbox.app.state.players[membership_id], sandbox.app.state.grants
    pair = grants.exchange(grants.new_code(player.bungie_id))
    url = f"{sandbox.url}/Platform/Destiny2/{player.membership_type}/Profile/{membership_id}/"
    headers = {"X-API-Key": "sandbox-key", "Authorization": f"Bearer {pair['access_token']}", "User-Agent": "test"}
    answer = requests.get(url, params={"components": "102,103,201,205"}, headers=headers, timeout=10)
    return listed_items(answer.json()["Response"])
