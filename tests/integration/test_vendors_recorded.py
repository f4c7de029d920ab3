"""The recorded vendors, through the whole product: everybody who is here is shown, with every offer, by name."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import orjson
import pytest

from app.sandbox import World, load_world
from tests.shared import requires_shared, shared_dir
from tests.visitor import Visitor, soup

pytestmark = [requires_shared, pytest.mark.usefixtures("definitions")]

WORLD = (shared_dir() or Path("nowhere")) / "worlds" / "june-2026"
ACCOUNTS = sorted(path.parent.name for path in WORLD.glob("accounts/*/vendors.json"))


@pytest.fixture(scope="session")
def world() -> World:
    return load_world(WORLD)


def answer(membership_id: str) -> dict[str, Any]:
    body = orjson.loads((WORLD / "accounts" / membership_id / "vendors.json").read_bytes())
    return body.get("Response", body)  # type: ignore[no-any-return]


def test_every_vendor_and_every_offer_is_a_step_away(live_server: str) -> None:
    assert len(ACCOUNTS) == 3
    for membership_id in ACCOUNTS:
        told, visitor = answer(membership_id), Visitor(live_server)
        visitor.sign_in(membership_id)
        page = visitor.page("/vendors")
        stands = {str(each["data-vendor"]) for each in page.select("[data-vendor]")}
        screens = {str(each["href"]).rpartition("/")[2] for each in page.select(".screens a")}
        sales = {key: len(each["saleItems"]) for key, each in told["sales"]["data"].items()}
        here = set(told["vendors"]["data"])
        assert stands | screens >= {each for each in here if sales.get(each)}
        assert not (stands | screens) - here
        for vendor in ("3361454721", "672118013", "2255782930"):
            shown = sum(
                len(visitor.page(f"/vendors/{vendor}?page={number}").select(".sales > li"))
                for number in range(1, 1 + -(-sales[vendor] // 120))
            )
            assert shown == sales[vendor]


def test_two_hundred_finds_are_swapped_in_thirty_kilobytes(live_server: str) -> None:
    visitor = Visitor(live_server)
    visitor.sign_in(ACCOUNTS[0])
    part = visitor.get("/vendors", params={"q": "is:exotic"}, headers={"HX-Request": "true", "HX-Target": "found"})
    tiles = soup(part).select("[data-item-hash]")
    assert len(tiles) >= 200
    assert len(gzip.compress(part.content, 6)) <= 30_000
