"""Tagging in a browser: in the dialog over the vault, by key, and what the tile behind shows."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.sandbox import SandboxServer
from tests.browser.journey import sign_in

pytestmark = pytest.mark.usefixtures("definitions")


@pytest.fixture
def vault(page: Page, live_server: str, sandbox: SandboxServer) -> Page:
    player = max(sandbox.app.state.players.values(), key=lambda each: each.item_count())
    sign_in(page, live_server, player.membership_id)
    return page


def test_keys_tag_the_open_item_and_the_tile_behind_shows_it(vault: Page) -> None:
    tile = vault.locator(".tile[data-item-id]").first
    tile.click()
    dialog = vault.locator("#item-dialog")
    expect(dialog.locator("#tag-panel")).to_be_visible()
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
    vault.locator(".tile[data-item-id]").first.click()
    expect(vault.locator("#tag-panel")).to_be_visible()
    vault.keyboard.press("n")
    expect(vault.locator("#note")).to_be_focused()
    vault.keyboard.type("keep for #raid ! N")
    vault.keyboard.press("Tab")
    vault.keyboard.press("Enter")
    expect(vault.locator("#tag-panel [role=status]")).to_contain_text("The note is kept.")
    expect(vault.locator("#note-keep")).to_be_focused()
    expect(vault.locator("#note")).to_have_value("keep for #raid ! N")
