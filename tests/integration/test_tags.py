"""Tags and notes by real forms: kept for ever, seen by search and order, taken back, each player's own."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
import requests
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.inventory.annotations.marks import MOST_LABELS, MOST_NOTES
from app.models import AnnotationChange, AnnotationRow, AnnotationStep, BungieAccount, TagLabel
from app.sandbox import SandboxServer
from app.sandbox.envelope import Json
from app.sandbox.player import Player
from app.services.annotations.book import STEPS_OF_AN_ITEM
from app.services.vault import JUST_FETCHED_S
from tests.fixtures.clock import MovingClock
from tests.visitor import Visitor, soup, tiles_of

pytestmark = pytest.mark.usefixtures("definitions")

NOBODYS = "6917529999999999999"


@pytest.fixture
def players(sandbox: SandboxServer) -> list[Player]:
    """Those who own something, the one with the most first."""
    return sorted(sandbox.app.state.players.values(), key=lambda each: -each.item_count())


@pytest.fixture
def visitor(live_server: str, players: list[Player]) -> Iterator[Visitor]:
    made = Visitor(live_server)
    made.sign_in(players[0].membership_id)
    yield made
    made.session.close()


def post(visitor: Visitor, path: str, **fields: object) -> requests.Response:
    """A form with a fresh token, as a page would send it."""
    token = visitor.page("/account").select_one("input[name=csrf_token]")
    assert token
    return visitor.session.post(visitor.site + path, data={"csrf_token": str(token["value"])} | fields, timeout=30)


def copies(visitor: Visitor, query: str = "") -> list[str]:
    """The instance ids on the vault's page, in its order."""
    page = visitor.page(f"/vault{query}")
    return [str(each["data-item-id"]) for each in page.select("[data-item-id]")]


def found(visitor: Visitor, query: str) -> set[str]:
    """The keys of everything that a search finds anywhere."""
    page = visitor.page("/vault?" + urlencode({"view": "together", "q": query}))
    return {item_id or str(item_hash) for item_hash, item_id, _ in tiles_of(page)}


def stack(visitor: Visitor) -> str:
    """The hash of a stack in the vault."""
    return str(visitor.page("/vault").select_one("[data-quantity]")["data-item-hash"])  # type: ignore[index]


def panel(visitor: Visitor, item: str) -> tuple[str, str]:
    """Tag and note as the item's page shows them."""
    page = visitor.page(f"/items/{item}")
    chosen = page.select_one(".tag-choices [aria-pressed=true]")
    note = page.select_one("#note")
    assert note is not None
    return str(chosen["value"]) if chosen else "", note.get_text().strip()


def undo(visitor: Visitor, page: BeautifulSoup) -> requests.Response:
    """Presses the button that came with the last message."""
    form = page.select_one(".notice form[action='/tags/undo']")
    assert form is not None
    return post(visitor, "/tags/undo", change=str(form.select_one("[name=change]")["value"]))  # type: ignore[index]


def test_a_tag_and_a_note_are_given_on_the_item_s_page_and_stay(visitor: Visitor) -> None:
    item = copies(visitor)[0]
    page = visitor.get(f"/items/{item}")
    answer = visitor.submit(page, "/tags", tag="junk")
    assert answer.url.endswith(f"/items/{item}")
    assert "1 item is tagged: Junk." in answer.text
    answer = visitor.submit(answer, "/notes", notes="  gift of Ikora\r\nfor #pvp ")
    assert "The note is kept." in answer.text
    assert panel(visitor, item) == ("junk", "gift of Ikora\nfor #pvp")
    visitor.submit(visitor.get(f"/items/{item}"), "/tags", tag="none")
    assert panel(visitor, item) == ("", "gift of Ikora\nfor #pvp")


def test_all_copies_of_what_has_none_share_their_tag(visitor: Visitor) -> None:
    item_hash = stack(visitor)
    assert post(visitor, "/tags", item=item_hash, tag="keep").status_code == 200
    assert panel(visitor, item_hash) == ("keep", "")
    assert found(visitor, "tag:keep") == {item_hash}


def test_many_are_tagged_at_once_found_by_search_and_taken_back_at_once(visitor: Visitor) -> None:
    items = copies(visitor)[:7]
    post(visitor, "/tags", item=items[0], tag="favorite")
    answer = post(visitor, "/tags", item=items, tag="infuse", next="/vault?q=tag:infuse")
    assert "7 items are tagged: Infuse." in answer.text
    assert {str(each["data-item-id"]) for each in soup(answer).select("[data-item-id]")} == set(items)
    assert found(visitor, "is:tagged") == set(items)
    assert not set(items) & found(visitor, "tag:none")
    undo(visitor, soup(answer))
    assert found(visitor, "is:tagged") == found(visitor, "tag:favorite") == {items[0]}


def account_id(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(select(BungieAccount.id)).one()


def test_who_removes_everything_and_comes_back_sees_none_of_their_old_tags(
    visitor: Visitor, app: Flask, players: list[Player]
) -> None:
    """SQLite gives the new account the number of the old one, and each has been changed once."""
    first, second = copies(visitor)[:2]
    post(visitor, "/tags", item=first, tag="junk")
    assert found(visitor, "is:tagged") == {first}
    before = account_id(app)
    visitor.submit(visitor.get("/account/delete"), "/account/delete", word="delete")
    visitor.sign_in(players[0].membership_id)
    with app.app_context():
        assert db.engine.name != "sqlite" or account_id(app) == before
    assert not found(visitor, "is:tagged")
    post(visitor, "/tags", item=second, tag="keep")
    assert found(visitor, "is:tagged") == {second}
    assert panel(visitor, first) == ("", "")


def test_everything_that_a_search_finds_is_tagged(visitor: Visitor) -> None:
    wanted = found(visitor, "is:exotic is:weapon")
    assert len(wanted) > 1
    answer = post(visitor, "/tags", q="is:exotic is:weapon", tag="archive")
    assert answer.status_code == 200
    assert found(visitor, "tag:archive") == wanted
    assert post(visitor, "/tags", q="is:exotc", tag="junk").status_code == 400
    assert post(visitor, "/tags", q="name:nothinghasthisname", tag="junk").status_code == 404
    assert not found(visitor, "tag:junk")


def test_tiles_carry_the_mark_of_their_tag_and_say_it(visitor: Visitor) -> None:
    first, second = copies(visitor)[:2]
    post(visitor, "/tags/labels", name="Duels", colour="violet")
    post(visitor, "/tags", item=first, tag="junk")
    post(visitor, "/tags", item=second, tag="duels")
    page = visitor.page("/vault")
    for item, look, said in ((first, "tag-junk", "tagged Junk"), (second, "label-7", "tagged Duels")):
        tile = page.select_one(f"[data-item-id='{item}']")
        assert tile is not None
        assert tile.select_one(f".{look}") or look in tile["class"]
        assert said in str(tile["aria-label"])


def test_words_of_a_note_and_hashtags_are_found(visitor: Visitor) -> None:
    first, second = copies(visitor)[:2]
    post(visitor, "/notes", item=first, notes="Übergabe an den Clan #GodRoll")
    post(visitor, "/notes", item=second, notes="for #godroll-pve")
    assert found(visitor, "is:hasnotes") == {first, second}
    assert found(visitor, "notes:ubergabe") == found(visitor, "ubergabe") == {first}
    assert found(visitor, "#godroll") == {first, second}
    words = visitor.get("/search/words?q=%23go").text
    assert "#GodRoll" in words
    assert "#godroll-pve" in visitor.get("/search/words?q=notes:%23godroll-").text


def test_order_and_groups_go_by_tag(visitor: Visitor) -> None:
    kinetic = "[data-store=vault] section[data-bucket='1498876634']"
    page = visitor.page("/vault")
    ids = [str(each["data-item-id"]) for each in page.select(f"{kinetic} [data-item-id]")]
    post(visitor, "/tags/labels", name="Duels", colour="red")
    post(visitor, "/tags", item=ids[-1], tag="junk")
    post(visitor, "/tags", item=ids[-2], tag="Duels")
    post(visitor, "/tags", item=ids[-3], tag="favorite")
    sorted_page = visitor.page("/vault?sort=tag")
    now = [str(each["data-item-id"]) for each in sorted_page.select(f"{kinetic} [data-item-id]")]
    assert now[:3] == [ids[-3], ids[-1], ids[-2]]
    heaps = [each.get_text(" ").split()[0] for each in visitor.page("/vault?group=tag").select(f"{kinetic} .heap")]
    assert heaps == ["Favorite", "Junk", "Duels", "Not"]
    assert tiles_of(visitor.page("/vault?group=tag&sort=tag")) == tiles_of(page)


def lose(player: Player, item: str) -> Json:
    """The item is gone from Bungie's answer, as in an outage of a component or after it was dismantled."""
    for place in player.places():
        for each in place.items:
            if each.get("itemInstanceId") == item:
                place.items.remove(each)
                return each
    raise AssertionError(item)


def test_what_is_said_of_an_item_outlives_its_absence(
    app: Flask, clock: MovingClock, visitor: Visitor, players: list[Player]
) -> None:
    items = players[0].account_items()
    item = copies(visitor)[0]
    post(visitor, "/tags", item=item, tag="keep")
    post(visitor, "/notes", item=item, notes="#raid")
    gone = lose(players[0], item)
    time.sleep(JUST_FETCHED_S)
    visitor.submit(visitor.get("/vault"), "/vault/refresh")
    assert item not in copies(visitor)
    assert post(visitor, "/tags", item=item, tag="favorite").status_code == 200
    items.append(gone)
    time.sleep(JUST_FETCHED_S)
    visitor.submit(visitor.get("/vault"), "/vault/refresh")
    assert panel(visitor, item) == ("favorite", "#raid")


def test_the_history_tells_every_change_and_each_can_be_taken_back(visitor: Visitor) -> None:
    item = copies(visitor)[0]
    post(visitor, "/tags", item=item, tag="keep")
    post(visitor, "/notes", item=item, notes="one")
    post(visitor, "/tags", item=item, tag="junk")
    lines = visitor.page("/tags").select(".change")
    assert [re.sub(r"\s+", " ", each.select_one("ul li").get_text()).partition(": ")[2].strip() for each in lines] == [  # type: ignore[union-attr]
        "Keep, “one” → Junk, “one”", "Keep → Keep, “one”", "nothing → Keep"
    ]  # fmt: skip
    changes = [str(each.select_one("[name=change]")["value"]) for each in lines]  # type: ignore[index]
    post(visitor, "/tags/undo", change=changes[0])
    assert panel(visitor, item) == ("keep", "one")
    post(visitor, "/tags/undo", change=changes[1])
    assert panel(visitor, item) == ("keep", "")
    redo = str(visitor.page("/tags").select_one(".change [name=change]")["value"])  # type: ignore[index]
    post(visitor, "/tags/undo", change=redo)
    assert panel(visitor, item) == ("keep", "one")


def test_undo_leaves_what_was_changed_since(visitor: Visitor) -> None:
    first, second = copies(visitor)[:2]
    answer = post(visitor, "/tags", item=[first, second], tag="junk")
    post(visitor, "/tags", item=first, tag="favorite")
    answer = undo(visitor, soup(answer))
    assert "stays as it is" in answer.text
    assert (panel(visitor, first)[0], panel(visitor, second)[0]) == ("favorite", "")


def test_saying_the_same_again_is_no_change(visitor: Visitor) -> None:
    item = copies(visitor)[0]
    post(visitor, "/tags", item=item, tag="keep")
    answer = post(visitor, "/tags", item=item, tag="keep")
    assert "nothing has changed" in answer.text
    assert len(visitor.page("/tags").select(".change")) == 1


def test_of_one_item_the_newest_changes_are_remembered(app: Flask, visitor: Visitor) -> None:
    first, second = copies(visitor)[:2]
    post(visitor, "/tags", item=second, tag="keep")
    for number in range(STEPS_OF_AN_ITEM + 3):
        post(visitor, "/notes", item=first, notes=f"note {number}")
    with app.app_context():
        steps = db.session.execute(select(AnnotationStep.item, func.count()).group_by(AnnotationStep.item)).all()
        assert dict(map(tuple, steps)) == {first: STEPS_OF_AN_ITEM, second: 1}
        assert db.session.scalar(select(func.count()).select_from(AnnotationChange)) == STEPS_OF_AN_ITEM + 1


def test_labels_are_tags_of_one_s_own(visitor: Visitor) -> None:
    item = copies(visitor)[0]
    assert post(visitor, "/tags/labels", name=" Raid   gear ", colour="red").status_code == 200
    answer = post(visitor, "/tags", item=item, tag="raid gear")
    assert panel(visitor, item) == ("Raid gear", "")
    assert found(visitor, 'tag:"raid gear"') == {item}
    words = visitor.get("/search/words?q=tag:ra").text
    assert "Raid gear" in words
    post(visitor, "/tags/labels/change", label="Raid gear", name="Vow", colour="violet")
    assert panel(visitor, item) == ("Vow", "")
    assert "still carry it" in post(visitor, "/tags/labels/remove", label="Vow").text
    undo(visitor, soup(answer))
    assert panel(visitor, item) == ("", "")
    assert post(visitor, "/tags/labels/remove", label="Vow").status_code == 200
    assert post(visitor, "/tags/labels/remove", label="Vow").status_code == 404


def test_a_label_that_cannot_be_is_refused_with_the_reason(visitor: Visitor) -> None:
    for number in range(MOST_LABELS):
        assert post(visitor, "/tags/labels", name=f"label {number}", colour="teal").status_code == 200
    for name, colour, told in (
        ("one more", "teal", "at most"), ("LABEL 1", "teal", "already"), ("junk", "teal", "usual"),
        ("", "teal", "needs a name"), ("x" * 99, "teal", "at most"), ("x" * 2000, "teal", "at most"),
        ("fine", "url(x)", "no colour"),
    ):  # fmt: skip
        answer = post(visitor, "/tags/labels", name=name, colour=colour)
        assert (answer.status_code, told in answer.text) == (400, True), name
    assert post(visitor, "/tags/labels/change", label="nothing", name="x", colour="teal").status_code == 404


HOSTILE = "<script>alert(1)</script>\"'&{{7*7}} \U0001f525"


def test_hostile_words_stay_words(visitor: Visitor) -> None:
    item = copies(visitor)[0]
    post(visitor, "/notes", item=item, notes=HOSTILE)
    post(visitor, "/tags/labels", name="<b>x</b>", colour="teal")
    post(visitor, "/tags", item=item, tag="b x /b")
    assert panel(visitor, item)[1] == HOSTILE
    for path in ("/tags", f"/items/{item}", "/vault?group=tag"):
        text = visitor.get(path).text
        assert "<script>alert" not in text
        assert "<b>x" not in text


def test_what_makes_no_sense_is_refused_and_changes_nothing(app: Flask, visitor: Visitor) -> None:
    item = copies(visitor)[0]
    for path, fields, status in (
        ("/tags", {"item": item}, 400),
        ("/tags", {"tag": "junk"}, 400),
        ("/tags", {"item": item, "q": "is:weapon", "tag": "junk"}, 400),
        ("/tags", {"item": item, "tag": "trash"}, 400),
        ("/tags", {"item": item, "tag": "x" * 5000}, 400),
        ("/tags", {"item": ["x", "-1", "1 OR 1=1", "9" * 30], "tag": "junk"}, 404),
        ("/notes", {"item": item, "notes": "x" * (MOST_NOTES + 1)}, 400),
        ("/notes", {"notes": "x"}, 404),
        ("/tags/undo", {"change": "9" * 12}, 404),
        ("/tags/undo", {"change": "x"}, 404),
    ):
        assert post(visitor, path, **fields).status_code == status, (path, fields)
    with app.app_context():
        assert not db.session.scalars(select(AnnotationRow.item)).all()


def test_nobody_tags_or_takes_back_what_is_another_players(
    live_server: str, visitor: Visitor, players: list[Player]
) -> None:
    other = Visitor(live_server)
    other.sign_in(players[1].membership_id)
    theirs = copies(other)[0]
    answer = post(other, "/tags", item=theirs, tag="favorite")
    change = soup(answer).select_one(".notice [name=change]")["value"]  # type: ignore[index]
    for thing in (theirs, NOBODYS):
        assert post(visitor, "/tags", item=thing, tag="junk").status_code == 404
        assert post(visitor, "/notes", item=thing, notes="x").status_code == 404
    assert post(visitor, "/tags/undo", change=str(change)).status_code == 404
    assert panel(other, theirs)[0] == "favorite"
    assert not found(visitor, "is:tagged")


def test_a_script_gets_only_the_panel(visitor: Visitor) -> None:
    item = copies(visitor)[0]
    visitor.session.headers["HX-Request"] = "true"
    token = soup(visitor.get("/account")).select_one("input[name=csrf_token]")["value"]  # type: ignore[index]
    data = {"csrf_token": str(token), "item": item, "tag": "keep", "next": f"/items/{item}"}
    answer = visitor.session.post(visitor.site + "/tags", data=data, timeout=30)
    page = soup(answer)
    assert page.select_one("#tag-panel")["data-tag"] == "keep"  # type: ignore[index]
    assert page.select_one("form[action='/tags/undo']")
    assert not page.select("header, main")


def test_everything_that_was_said_is_in_one_s_data_and_goes_with_it(app: Flask, visitor: Visitor) -> None:
    item = copies(visitor)[0]
    post(visitor, "/tags/labels", name="Duels", colour="red")
    post(visitor, "/tags", item=item, tag="Duels")
    post(visitor, "/notes", item=item, notes="a word of mine")
    kept = visitor.submit(visitor.get("/account"), "/account/export").json()
    assert [(row["item"], row["tag"], row["notes"]) for row in kept["annotations"]] == [
        (item, "Duels", "a word of mine")
    ]
    assert [row["name"] for row in kept["tag_labels"]] == ["Duels"]
    assert [row["notes_after"] for row in kept["annotation_steps"]] == ["", "a word of mine"]
    answer = visitor.submit(visitor.get("/account/delete"), "/account/delete", word="delete")
    assert answer.status_code == 200
    with app.app_context():
        for table in (AnnotationRow, AnnotationChange, AnnotationStep, TagLabel):
            assert not db.session.scalars(select(table.id)).all()
