"""The data of a page has an age, can be asked for anew, and comes in by itself: only when something has changed."""

from __future__ import annotations

import secrets
import time
from dataclasses import replace

import pytest
import requests

from app.main.news import IDLE_S, PLAYING_S
from app.sandbox import SandboxServer
from app.sandbox.player import Player
from app.services.vault import JUST_FETCHED_S
from app.wiring import Services
from config import Settings
from tests.visitor import Visitor, soup, tiles_of

pytestmark = pytest.mark.usefixtures("definitions")

KINETIC = 1498876634


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """A test may ask for data that is old after so many seconds."""
    return replace(settings, profile_ttl_s=getattr(request, "param", settings.profile_ttl_s))


def profile_calls(sandbox: SandboxServer) -> int:
    return sandbox.app.state.requests.counts["profile"]


def refresh(visitor: Visitor) -> requests.Response:
    return visitor.submit(visitor.get("/vault?q=is:weapon"), "/vault/refresh")


def news(visitor: Visitor, tag: str = "", path: str = "/vault") -> requests.Response:
    return visitor.get(path, headers={"X-News": "1"} | ({"If-None-Match": tag} if tag else {}))


def test_refresh_asks_bungie_at_once_and_leads_back_to_the_search(visitor: Visitor, sandbox: SandboxServer) -> None:
    visitor.page("/vault")
    time.sleep(JUST_FETCHED_S)
    before = profile_calls(sandbox)
    answer = refresh(visitor)
    assert answer.url.endswith("/vault?q=is%3Aweapon")
    assert profile_calls(sandbox) == before + 1


def test_whoever_clicks_on_and_on_is_asked_to_wait(visitor: Visitor) -> None:
    token = visitor.page("/vault").select_one("[name=csrf_token]")["value"]  # type: ignore[index]
    answers = [
        visitor.session.post(
            visitor.site + "/vault/refresh", data={"csrf_token": token}, allow_redirects=False, timeout=30
        )
        for _ in range(11)
    ]
    assert [each.status_code for each in answers] == [303] * 10 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_who_has_what_the_page_shows_is_told_so_without_a_page(visitor: Visitor) -> None:
    first = news(visitor)
    assert tiles_of(soup(first)) == visitor.tiles("/vault")
    again = news(visitor, first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["X-Fetched-At"] == first.headers["X-Fetched-At"]
    assert again.headers["Cache-Control"] == "no-store"


def test_the_token_of_a_form_is_no_news(visitor: Visitor, player: Player) -> None:
    visitor.page("/vault")
    items = player.account_items()
    items.append(next(each for each in items if "itemInstanceId" in each) | {"itemInstanceId": "6917529999999999999"})
    time.sleep(JUST_FETCHED_S)
    refresh(visitor)
    first = news(visitor)
    assert soup(first).select("form [name=csrf_token]")
    time.sleep(1)  # a token tells the second that it was made in
    assert news(visitor, first.headers["ETag"]).status_code == 304


@pytest.mark.parametrize("encoding", ["gzip", "br", "identity"])
def test_a_compressed_answer_is_recognised_too(visitor: Visitor, encoding: str) -> None:
    headers = {"X-News": "1", "Accept-Encoding": encoding}
    tag = visitor.get("/vault", headers=headers).headers["ETag"]
    assert visitor.get("/vault", headers=headers | {"If-None-Match": tag}).status_code == 304


def test_news_are_those_of_the_address(visitor: Visitor) -> None:
    for path in ("/vault?q=is:weapon", "/vault?view=together", "/vault?view=duplicates"):
        assert tiles_of(soup(news(visitor, path=path))) == visitor.tiles(path)


def test_a_page_is_not_a_page_of_news(visitor: Visitor) -> None:
    page = visitor.get("/vault")
    assert "X-News" in page.headers["Vary"]
    assert "<html" in page.text
    assert "<html" not in news(visitor).text


def move_to_the_vault(visitor: Visitor, player: Player) -> str:
    owner = player.character_ids[0]
    item = next(each for each in player.carried(owner) if each["bucketHash"] == KINETIC)["itemInstanceId"]
    token = visitor.page("/account").select_one("[name=csrf_token]")["value"]  # type: ignore[index]
    fields = {"item": item, "from": owner, "to": "vault", "quantity": "1", "equip": "0", "key": secrets.token_hex(8)}
    visitor.session.post(visitor.site + "/moves", data={"csrf_token": token} | fields, timeout=30)
    return str(item)


def test_one_s_own_move_is_news_and_no_older_answer_of_bungie_takes_it_back(
    visitor: Visitor, player: Player, sandbox: SandboxServer, services: Services
) -> None:
    sandbox.app.state.faults.set(stale_reads_s=60.0)
    tag = news(visitor).headers["ETag"]
    moved = move_to_the_vault(visitor, player)
    for _ in range(2):
        answer = news(visitor, tag)
        assert answer.status_code == 200
        assert soup(answer).select(f"[data-item-id='{moved}']")
        services.profiles.renew(1, player.membership_type, player.membership_id)  # an answer from before the move


def test_one_s_own_move_stays_on_the_character_s_page_and_in_the_item_s_dialog(
    visitor: Visitor, player: Player, sandbox: SandboxServer, services: Services
) -> None:
    sandbox.app.state.faults.set(stale_reads_s=60.0)
    carrier = f"/characters/{player.character_ids[0]}"
    moved = move_to_the_vault(visitor, player)
    for _ in range(2):
        told = soup(news(visitor, path=carrier))
        assert told.select("[data-item-id]")
        assert not told.select(f"[data-item-id='{moved}']")
        dialog = soup(visitor.get(f"/items/{moved}", headers={"HX-Request": "true"}))
        assert dialog.select(".move-panel [name=from][value=vault]")
        services.profiles.renew(1, player.membership_type, player.membership_id)  # an answer from before the move


def test_news_of_a_character_tell_all_that_its_page_says_of_it(visitor: Visitor, player: Player) -> None:
    path = f"/characters/{player.character_ids[0]}"
    page, part = visitor.page(path), soup(news(visitor, path=path))
    for place in ("switcher", "character-title", "panels", "counts", "search-status", "notices"):
        on_page, told = page.select_one(f"#{place}"), part.select_one(f"#{place}")
        assert on_page is not None, place
        assert told is not None, place
        assert on_page.get_text(" ", strip=True) == told.get_text(" ", strip=True)


def test_whoever_refreshes_in_vain_is_told_why(visitor: Visitor, sandbox: SandboxServer) -> None:
    visitor.page("/vault")
    time.sleep(JUST_FETCHED_S)
    sandbox.app.state.faults.set(maintenance="api")
    answer = refresh(visitor)
    assert answer.status_code == 200
    assert "maintenance" in soup(answer).select_one("main [role=status]").get_text().lower()  # type: ignore[union-attr]


@pytest.mark.parametrize("settings", [1], indirect=True)
def test_trouble_is_news(visitor: Visitor, sandbox: SandboxServer) -> None:
    tag = news(visitor).headers["ETag"]
    sandbox.app.state.faults.set(maintenance="api")
    time.sleep(1)
    answer = news(visitor, tag)
    assert answer.status_code == 200
    assert soup(answer).select("#notices [data-notice=maintenance]")
    assert answer.headers["X-Ask-Again"] == str(PLAYING_S)


def test_a_page_asks_often_while_somebody_plays_and_seldom_otherwise(visitor: Visitor, player: Player) -> None:
    activities = (player.data("characterActivities") or {}).values()
    is_playing = any(each.get("currentActivityHash") for each in activities) or player.data("profileTransitoryData")
    asks = visitor.page("/vault").select_one("[data-ask-again]")["data-ask-again"]  # type: ignore[index]
    assert asks == str(PLAYING_S if is_playing else IDLE_S)
