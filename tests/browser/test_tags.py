"""Tagging in a browser: in the dialog over the vault, by key, and what the tile behind shows."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from app.sandbox import SandboxServer
from tests.browser.journey import sign_in, too_wide
from tests.browser.test_accessibility import serious

pytestmark = pytest.mark.usefixtures("definitions")


@pytest.fixture
def vault(page: Page, live_server: str, sandbox: SandboxServer) -> Page:
    player = max(sandbox.app.state.players.values(), key=lambda each: each.item_count())
    sign_in(page, live_server, player.membership_id)
    return page


def opened(page: Page, tile: Locator) -> Locator:
    """The dialog with the item in it, once htmx has taken over its forms."""
    tile.click()
    dialog = page.locator("#item-dialog")
    expect(dialog.locator(".item:not(.htmx-added) #tag-panel")).to_be_visible()
    return dialog


def test_keys_tag_the_open_item_and_the_tile_behind_shows_it(vault: Page) -> None:
    tile = vault.locator(".tile[data-item-id]").first
    dialog = opened(vault, tile)
    vault.keyboard.press("Shift+Digit4")
    expect(dialog.locator("[aria-pressed=true]")).to_have_text("Junk")
    expect(tile.locator("i.tag-junk")).to_have_count(1)
    expect(tile).to_have_accessible_name(re.compile("tagged Junk"))
    vault.keyboard.press("Shift+Digit1")
    expect(dialog.locator("[aria-pressed=true]")).to_have_text("Favorite")
    expect(tile.locator("i.tag-junk")).to_have_count(0)
    dialog.get_by_role("button", name="Undo").click()
    expect(dialog.locator("[aria-pressed=true]")).to_have_text("Junk")
    vault.keyboard.press("Shift+Digit0")
    expect(dialog.locator("[aria-pressed=true]")).to_have_count(0)
    expect(tile.locator("i")).to_have_count(0)


def test_a_note_is_written_by_keyboard_alone_and_the_place_is_kept(vault: Page) -> None:
    opened(vault, vault.locator(".tile[data-item-id]").first)
    vault.keyboard.press("n")
    expect(vault.locator("#note")).to_be_focused()
    vault.keyboard.type("keep for #raid ! N")
    vault.keyboard.press("Tab")
    vault.keyboard.press("Enter")
    expect(vault.locator("#tag-panel [role=status]")).to_contain_text("The note is kept.")
    expect(vault.locator("#note-keep")).to_be_focused()
    expect(vault.locator("#note")).to_have_value("keep for #raid ! N")


BACKUP = {
    "tags": [{"annotation": {"id": "6917529999999999999", "tag": "keep"}}, {"annotation": {"id": "x", "tag": "junk"}}],
    "itemHashTags": [],
}


@pytest.mark.parametrize("width", [390, 1440])
def test_the_page_about_tags_is_for_everybody(vault: Page, live_server: str, width: int) -> None:
    vault.set_viewport_size({"width": width, "height": 900})
    vault.goto(f"{live_server}/tags")
    vault.locator("form[action='/tags/labels'] [name=name]").fill("W" * 24)
    vault.get_by_role("button", name="Make a label").click()
    vault.goto(f"{live_server}/tags?q=is:weapon")
    vault.locator("form.tag-choices button", has_text="Archive").click()
    vault.get_by_label("Read a file").set_input_files(
        {"name": "dim.json", "mimeType": "application/json", "buffer": json.dumps(BACKUP).encode()}
    )
    vault.get_by_role("button", name="Read it").click()
    expect(vault.get_by_text("Nothing is changed yet")).to_be_visible()
    vault.goto(f"{live_server}/tags?q=is:weapon")
    assert serious(vault) + too_wide(vault) == []
    vault.get_by_role("button", name="Take it in").click()
    expect(vault.get_by_text("Taken in: 1 item.")).to_be_visible()
    vault.goto(f"{live_server}/vault?q=is:weapon&group=tag")
    assert serious(vault) + too_wide(vault) == []
