"""Items whose names and texts are written to break pages: they are read as text and stay in their boxes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenBrowser
from tests.browser.journey import sign_in, too_wide, too_wide_at_any_width
from tests.browser.watch import Watch
from tests.shared import ROOT

pytestmark = pytest.mark.usefixtures("definitions")

HOSTILE: dict[int, dict[str, Any]] = {
    row["hash"]: row
    for row in json.loads((ROOT / "app" / "sandbox" / "demo" / "data" / "hostile.json").read_text("utf-8"))
}
_TILES = """() => [...document.querySelectorAll("[data-item-hash]")].map((tile) => ({
    hash: Number(tile.dataset.itemHash),
    href: tile.getAttribute("href"),
    name: (tile.querySelector(".tile-name") ?? tile.querySelector("h1")).textContent,
    label: tile.getAttribute("aria-label"),
    attributes: tile.getAttributeNames().sort(),
    inside: [...tile.querySelectorAll("*")].map((element) => element.tagName),
    box: tile.getBoundingClientRect().toJSON(),
}))"""
_EVIL = """() => [...document.querySelectorAll("*")].filter((element) =>
    element.getAttributeNames().some((name) => name.startsWith("on") || name === "style")
    || ["IFRAME", "OBJECT", "EMBED", "BASE"].includes(element.tagName)
    || element.tagName === "B" && element.textContent.includes("bold")
    || element.tagName === "SCRIPT" && !element.getAttribute("src")?.startsWith("/static/")
    || [element.getAttribute("src"), element.getAttribute("href")].some(
        (address) => address && /^(javascript:|\\/\\/|data:text)|evil\\.invalid/i.test(address))
).map((element) => element.outerHTML.slice(0, 200))"""


def hostile_tiles(page: Page) -> list[dict[str, Any]]:
    return [tile for tile in page.evaluate(_TILES) if tile["hash"] in HOSTILE]


def pages_with_items(page: Page, site: str) -> list[str]:
    page.goto(f"{site}/characters")
    links = page.locator("[data-character] a.banner").evaluate_all("(all) => all.map((each) => each.href)")
    return [f"{site}/vault", *links]


def visible(text: str) -> str:
    """Without what HTML cannot carry (NUL becomes U+FFFD in attributes) or shows as a space: the rest must be there."""
    letters = (letter for letter in text if letter != "\ufffd" and (letter.isprintable() or letter.isspace()))
    return " ".join("".join(letters).split())


def test_hostile_names_are_letters_on_every_page(
    open_browser: OpenBrowser, watch: Watch, live_server: str, player_id: str
) -> None:
    page = open_browser(390).new_page()
    sign_in(page, live_server, player_id)
    met: dict[int, str] = {}
    for address in pages_with_items(page, live_server):
        page.goto(address)
        for tile in hostile_tiles(page):
            met[tile["hash"]] = tile["href"]
            told = visible(tile["name"])
            assert told
            if name := HOSTILE[tile["hash"]]["name"]:
                assert told == visible(name)
            assert visible(tile["label"]).startswith(told)
            assert tile["attributes"] == ["aria-label", "class", "data-item-hash", "data-item-id", "href"]
            assert set(tile["inside"]) <= {"IMG", "SPAN"}
            assert tile["box"]["height"] < 120
        assert page.evaluate(_EVIL) == []
        assert too_wide_at_any_width(page) == []
    assert set(met) == set(HOSTILE)
    for item_hash, href in met.items():
        page.goto(live_server + href)
        assert page.evaluate(_EVIL) == []
        assert too_wide(page) == [], HOSTILE[item_hash]
        assert "Vault Raider" in page.title()
    assert watch.troubles == []


def test_icons_only_keeps_hostile_names_in_their_boxes(vault: Page) -> None:
    vault.set_viewport_size({"width": 390, "height": 900})
    vault.locator("#compact").check()
    assert vault.evaluate("document.documentElement.scrollWidth") <= 390
    for tile in vault.locator("a[data-item-id]").all()[:12]:
        tile.hover()
        name = tile.locator(".tile-name").bounding_box()
        assert name is not None
        assert name["width"] <= 200
