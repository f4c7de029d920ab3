"""Every recorded account, through the whole product: what Bungie lists is what the pages show, each once, by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.sandbox import World, load_world
from tests import recorded
from tests.shared import requires_shared, shared_dir
from tests.visitor import Visitor

pytestmark = [requires_shared, pytest.mark.usefixtures("definitions")]

WORLD = (shared_dir() or Path("nowhere")) / "worlds" / "june-2026"
ACCOUNTS = recorded.accounts(WORLD)


@pytest.fixture(scope="session")
def world() -> World:
    return load_world(WORLD)


@pytest.fixture(scope="module")
def real_names() -> dict[int, str]:
    return recorded.real_names(WORLD)


def test_the_world_is_the_one_that_was_recorded() -> None:
    assert len(ACCOUNTS) == 6


@pytest.mark.parametrize("membership_id", ACCOUNTS)
def test_the_pages_show_exactly_the_profile_s_items_under_their_real_names(
    live_server: str, membership_id: str, real_names: dict[int, str]
) -> None:
    found = recorded.check(Visitor(live_server), WORLD, membership_id, real_names)
    assert found.shown == found.listed
    assert found.named > 250
    assert found.share_named_right >= recorded.ENOUGH


@pytest.mark.parametrize("membership_id", ACCOUNTS)
def test_an_item_without_a_definition_is_shown_by_its_number(
    live_server: str, membership_id: str, real_names: dict[int, str]
) -> None:
    visitor = Visitor(live_server)
    visitor.sign_in(membership_id)
    unknown = {
        tile[0]: name
        for path in recorded.pages(visitor)
        for tile, name in recorded.named_tiles(visitor, path)
        if tile[0] not in real_names
    }
    assert unknown
    assert all(str(item_hash) in name for item_hash, name in unknown.items())


@pytest.mark.parametrize("membership_id", ACCOUNTS)
def test_every_page_of_every_item_answers(live_server: str, membership_id: str) -> None:
    visitor = Visitor(live_server)
    visitor.sign_in(membership_id)
    copies = sorted({instance_id for _, instance_id, _ in visitor.tiles("/vault") if instance_id})
    for instance_id in copies[:: max(1, len(copies) // 40)]:
        page = visitor.page(f"/items/{instance_id}")
        assert page.select_one("h1")
        assert page.select(f"[data-item-id='{instance_id}']")
