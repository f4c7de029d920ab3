"""Searches that a person keeps: remembered when asked, saved under names, put in order, and nobody else's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
import requests
from bs4 import BeautifulSoup
from sqlalchemy.orm import Session, scoped_session

from app.models import User
from app.sandbox import SandboxServer
from app.services.searches import MOST_RECENT, MOST_SAVED, SaveError, SearchBook
from tests.fixtures.clock import MovingClock
from tests.visitor import Visitor, soup

pytestmark = pytest.mark.usefixtures("definitions")
PART = {"HX-Request": "true", "HX-Target": "found"}


@pytest.fixture
def visitor(live_server: str, sandbox: SandboxServer) -> Visitor:
    player = max(sandbox.app.state.players.values(), key=lambda player: player.item_count())
    signed_in = Visitor(live_server)
    signed_in.sign_in(player.membership_id)
    return signed_in


def menu(page: BeautifulSoup, title: str) -> list[str]:
    """The searches under a heading of the menu."""
    for heading in page.select(".search-menu h2"):
        if heading.get_text() == title:
            lines = heading.find_next_sibling("ul")
            assert lines is not None
            return [str(link["href"]).partition("?q=")[2] for link in lines.select("a")]  # type: ignore[union-attr]
    return []


def ask(visitor: Visitor, text: str, path: str = "/vault") -> BeautifulSoup:
    return visitor.page(f"{path}?q={quote(text)}")


def save(visitor: Visitor, text: str, name: str = "") -> object:
    return visitor.submit(visitor.get("/searches"), "/searches", q=text, name=name)


def test_what_was_asked_is_in_the_menu_newest_first_and_once(visitor: Visitor) -> None:
    for text in ("is:bow", "is:sword", "is:bow"):
        ask(visitor, text)
    ask(visitor, "is:glaive", "/characters")
    assert menu(visitor.page("/vault"), "Last asked") == ["is%3Aglaive", "is%3Abow", "is%3Asword"]


@pytest.mark.parametrize("text", ["is:weapn", "(", "   ", "/* only a name */", "a" * 600, "is:new", "is:focusable"])
def test_what_is_no_search_or_stands_there_anyway_is_not_remembered(visitor: Visitor, text: str) -> None:
    ask(visitor, text)
    assert menu(visitor.page("/vault"), "Last asked") == []


def test_while_somebody_types_nothing_is_remembered_until_the_script_says_so(visitor: Visitor) -> None:
    for text in ("is:bow", "is:bow is:exotic"):
        visitor.get(f"/vault?q={quote(text)}", headers=PART)
    assert menu(visitor.page("/vault"), "Last asked") == []
    page = visitor.page("/vault")
    asker = page.select_one("[hx-post='/searches/recent']")
    assert asker is not None
    token = str(asker["hx-headers"]).split('"')[3]
    answer = visitor.session.post(
        visitor.site + "/searches/recent", data={"q": "is:bow is:exotic"}, headers={"X-CSRFToken": token}, timeout=10
    )
    assert answer.status_code == 204
    assert menu(visitor.page("/vault"), "Last asked") == ["is%3Abow+is%3Aexotic"]


def test_a_search_is_saved_under_its_name_or_its_comment_and_leads_back(visitor: Visitor) -> None:
    link = ask(visitor, "/* My bows */ is:bow").find("a", string="Save this search")
    form = visitor.get(str(link["href"]))  # type: ignore[index]
    visitor.submit(form, "/searches", name="")
    save(visitor, "is:exotic", "Shiny <b>things</b>")
    page = visitor.page("/vault")
    lines = [" ".join(each.get_text(" ").split()) for each in page.select(".search-menu ul")[0].select("a")]
    assert lines == ["My bows /* My bows */ is:bow", "Shiny <b>things</b> is:exotic"]
    link = page.select(".search-menu ul")[0].select("a")[1]
    assert visitor.tiles(str(link["href"])) == visitor.tiles("/vault?q=is:exotic")


def test_saved_searches_are_renamed_put_in_order_and_removed(visitor: Visitor) -> None:
    for text in ("is:bow", "is:sword", "is:glaive"):
        save(visitor, text)
    page = visitor.get("/searches")
    forms = [str(each["action"]) for each in soup(page).select(".kept form")]
    up = [each for each in forms if each.endswith("/up")]
    first = next(each for each in forms if each.endswith("/remove"))
    visitor.submit(page, up[-1])
    assert menu(visitor.page("/vault"), "Saved") == ["is%3Abow", "is%3Aglaive", "is%3Asword"]
    visitor.submit(page, first.replace("remove", "rename"), name="Bows")
    assert "Bows" in visitor.page("/vault").select_one(".search-menu").get_text()  # type: ignore[union-attr]
    visitor.submit(page, first)
    assert menu(visitor.page("/vault"), "Saved") == ["is%3Aglaive", "is%3Asword"]


@pytest.mark.parametrize("text", ["is:weapn", "(", "", "/* nothing */", "a" * 513])
def test_what_is_no_search_is_not_saved_and_what_was_typed_stays(visitor: Visitor, text: str) -> None:
    answer = visitor.submit(visitor.get("/searches"), "/searches", q=text, name="A name")
    assert answer.status_code == 400
    form = soup(answer).select_one("#save-text")
    assert form is not None
    assert form["aria-invalid"] == "true"
    assert soup(answer).select_one("#save-name")["value"] == "A name"  # type: ignore[index]
    assert not soup(answer).select(".kept")


def test_a_form_that_is_sent_many_times_at_once_saves_one_search(visitor: Visitor) -> None:
    token = soup(visitor.get("/searches")).select_one("[name=csrf_token]")["value"]  # type: ignore[index]
    texts = [f"power:>{number}" for number in range(6)]

    def send(text: str) -> int:
        form, cookies = {"csrf_token": token, "q": text}, visitor.session.cookies
        return requests.post(visitor.site + "/searches", data=form, cookies=cookies, timeout=30).status_code

    with ThreadPoolExecutor(6) as threads:
        assert {code for text in texts for code in threads.map(send, [text] * 6)} == {200}
    assert len(menu(visitor.page("/vault"), "Saved")) == len(texts)


def test_nobody_changes_what_is_another_players(visitor: Visitor, live_server: str, sandbox: SandboxServer) -> None:
    save(visitor, "is:bow")
    forms = [str(each["action"]) for each in visitor.page("/searches").select(".kept form")]
    other = Visitor(live_server)
    other.sign_in(min(sandbox.app.state.players.values(), key=lambda player: player.item_count()).membership_id)
    save(other, "is:sword")
    token = soup(other.get("/searches")).select_one("[name=csrf_token]")["value"]  # type: ignore[index]
    for path in [*forms, "/searches/99999/remove", "/searches/-1/up", "/searches/x/rename", f"/searches/{10**30}/up"]:
        answer = other.session.post(live_server + path, data={"csrf_token": token, "name": "mine"}, timeout=10)
        assert answer.status_code == 404, path
    assert menu(visitor.page("/vault"), "Saved") == ["is%3Abow"]
    assert menu(other.page("/vault"), "Saved") == ["is%3Asword"]


def test_every_ready_made_search_can_be_answered(visitor: Visitor) -> None:
    ready = menu(visitor.page("/vault"), "Ready-made")
    assert len(ready) >= 8
    for each in ready:
        page = visitor.page(f"/vault?q={each}")
        assert not page.select("#search-status mark"), each


def test_recent_ones_are_forgotten_at_a_word(visitor: Visitor) -> None:
    ask(visitor, "is:bow")
    visitor.submit(visitor.get("/searches"), "/searches/recent/clear")
    assert menu(visitor.page("/vault"), "Last asked") == []


def options(visitor: Visitor, text: str) -> list[tuple[str, str]]:
    page = visitor.page(f"/search/words?q={quote(text)}")
    return [(str(each["value"]), str(each.get("label", ""))) for each in page.select("option")]


def test_kept_searches_are_suggested_with_a_mark_before_words_are(visitor: Visitor) -> None:
    save(visitor, "is:bow is:exotic", "Ticuu")
    ask(visitor, "is:bow is:legendary")
    found = options(visitor, "is:bow is:e")
    assert found[0] == ("is:bow is:exotic", "Saved: Ticuu")
    assert ("is:bow is:energy", "") in found
    assert options(visitor, "ticu")[0] == ("is:bow is:exotic", "Saved: Ticuu")
    assert ("is:bow is:legendary", "Asked before") in options(visitor, "is:bow is:l")
    assert [value for value, _ in options(visitor, "")] == ["is:bow is:exotic", "is:bow is:legendary"]


@pytest.fixture
def book(db_session: scoped_session[Session]) -> tuple[SearchBook, int]:
    clock = MovingClock()
    user = User(role="player", created_at=clock())
    db_session.add(user)
    db_session.commit()
    return SearchBook(db_session, clock), user.id


def test_no_more_than_the_most_are_kept(book: tuple[SearchBook, int]) -> None:
    kept, user_id = book
    for number in range(MOST_RECENT + 5):
        kept.remember(user_id, f"power:>{number}")
    assert kept.of(user_id).recent[0] == f"power:>{MOST_RECENT + 4}"
    assert len(kept.of(user_id).recent) == MOST_RECENT
    for number in range(MOST_SAVED):
        kept.save(user_id, f"power:>{number}", "")
    with pytest.raises(SaveError, match="too-many"):
        kept.save(user_id, "is:bow", "")
    assert kept.save(user_id, "power:>1", "Again") == "Again"
    assert len(kept.of(user_id).saved) == MOST_SAVED
