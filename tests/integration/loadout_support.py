"""A signed-in player with loadouts: what the tests of several files do with them."""

from __future__ import annotations

import secrets
from collections import Counter

import requests
from bs4 import BeautifulSoup

from app.sandbox.envelope import Json
from app.sandbox.player import VAULT, Player
from app.wiring import Services
from tests.visitor import Visitor, soup

TITAN, HUNTER = "2305843009000000100", "2305843009000000101"
KINETIC, ENERGY, HELMET, SUBCLASS = 1498876634, 2465295065, 3448274439, 3284755031


def belongings(player: Player) -> Counter[tuple[int, str]]:
    owned: Counter[tuple[int, str]] = Counter()
    for place in player.places():
        for item in place.items:
            owned[item["itemHash"], item.get("itemInstanceId", "")] += item["quantity"]
    return owned


def post(visitor: Visitor, path: str, *more: tuple[str, str], **fields: str) -> requests.Response:
    """A form with a fresh token, as a page would send it."""
    token = visitor.page("/account").select_one("input[name=csrf_token]")
    assert token
    sent = [("csrf_token", str(token["value"])), *fields.items(), *more]
    return visitor.session.post(visitor.site + path, data=sent, timeout=30)


def make(visitor: Visitor, character_id: str = TITAN, name: str = "Raid night") -> str:
    """A loadout of what a character wears; its path."""
    answer = post(visitor, "/loadouts/create", character=character_id, name=name)
    assert answer.status_code == 200, answer.text[:500]
    return answer.url.removeprefix(visitor.site)


def apply(visitor: Visitor, services: Services, path: str, character_id: str = TITAN) -> BeautifulSoup:
    """The page of the batch, once the worker is done with it."""
    answer = post(visitor, f"{path}/apply", to=character_id, key=secrets.token_hex(8))
    assert answer.status_code == 200, answer.text[:500]
    return finished(visitor, services, answer)


def finished(visitor: Visitor, services: Services, answer: requests.Response) -> BeautifulSoup:
    for account_id in services.moves.waiting_accounts():
        assert services.moves.go_on(account_id) is None
    return visitor.page(answer.url) if "/moves/" in answer.url else soup(answer)


def state(page: BeautifulSoup) -> str:
    found = page.select_one("[data-move]")
    assert found, page.get_text()[:500]
    return str(found["data-state"])


def worn(player: Player, bucket_hash: int, owner: str = TITAN) -> Json:
    return next(item for item in player.worn(owner) if item["bucketHash"] == bucket_hash)


def carried(player: Player, bucket_hash: int = KINETIC, owner: str = TITAN) -> list[Json]:
    return [item for item in player.carried(owner) if item["bucketHash"] == bucket_hash]


def store_of(player: Player, item_id: str) -> str:
    found = player.find(item_id)
    assert found
    return found[0].character_id or ("vault" if found[1]["bucketHash"] == VAULT else "account")


def sockets(player: Player, item: Json) -> list[Json]:
    row = player.instance_data("sockets", item["itemInstanceId"])
    assert row
    found: list[Json] = row["sockets"]
    return found


def free_choice(player: Player, item_id: str) -> tuple[int, int]:
    """A socket of a copy and a plug that it offers there beside the one that sits in it."""
    offered = (player.instance_data("reusablePlugs", item_id) or {})["plugs"]
    own = (player.instance_data("sockets", item_id) or {})["sockets"]
    for index, plugs in offered.items():
        for plug in plugs:
            if plug["plugItemHash"] != own[int(index)].get("plugHash"):
                return int(index), plug["plugItemHash"]
    raise AssertionError("nothing to choose")
