"""Tags and notes go out in files and come in from files, of this site and of other clients, and nothing is lost."""

from __future__ import annotations

import csv
import io
import json

import pytest
import requests
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.inventory.annotations.files import MOST_BYTES
from app.models import AnnotationImport, AnnotationRow
from app.sandbox import SandboxServer
from app.sandbox.player import Player
from tests.integration.test_tags import copies, found, panel, post, stack, undo
from tests.visitor import Visitor, soup

pytestmark = pytest.mark.usefixtures("definitions")

ABSENT = "6917529999999999999"


@pytest.fixture
def player(sandbox: SandboxServer) -> Player:
    return max(sandbox.app.state.players.values(), key=lambda each: each.item_count())


def send(visitor: Visitor, data: bytes | str, name: str = "file.json") -> requests.Response:
    token = visitor.page("/account").select_one("input[name=csrf_token]")
    assert token
    address, fields = visitor.site + "/tags/import", {"csrf_token": str(token["value"])}
    return visitor.session.post(address, data=fields, files={"file": (name, data)}, timeout=30)


def numbers(answer: requests.Response) -> dict[str, str]:
    """What the page tells about a file before it is taken in."""
    lines = soup(answer).select("#files .counts div")
    return {each.dt.get_text(): each.dd.get_text(strip=True) for each in lines}  # type: ignore[union-attr]


def backup(player: Player, *annotations: dict[str, object], hashes: tuple[dict[str, object], ...] = ()) -> str:
    """As the leading client writes it."""
    tags = [
        {"platformMembershipId": player.membership_id, "destinyVersion": 2, "annotation": each} for each in annotations
    ]
    return json.dumps({"settings": {}, "loadouts": [], "tags": tags, "itemHashTags": hashes, "searches": []})


def test_a_backup_of_another_client_is_told_about_first_and_then_taken_in(visitor: Visitor, player: Player) -> None:
    first, second, third = copies(visitor)[:3]
    item_hash = stack(visitor)
    post(visitor, "/tags", item=first, tag="keep")
    file = backup(
        player,
        {"id": first, "tag": "junk", "notes": "from the file"},
        {"id": second, "tag": "favorite", "notes": "#pvp"},
        {"id": third, "tag": "nonsense that is much longer than a label"},
        {"id": ABSENT, "tag": "infuse"},
        hashes=({"hash": int(item_hash), "notes": "for the clan"},),
    )
    answer = send(visitor, file)
    assert numbers(answer) == {
        "New here": "3", "Say something else here": "1", "Rows that were passed over": "1",
        "Not among your items now; kept all the same": "1",
    }  # fmt: skip
    assert "Row 3: A label can have" in answer.text
    assert panel(visitor, first) == ("keep", "")
    answer = visitor.submit(answer, "/tags/import/apply", policy="mine")
    assert "Taken in: 4 items." in answer.text
    assert panel(visitor, first) == ("keep", "from the file")
    assert panel(visitor, second) == ("favorite", "#pvp")
    assert panel(visitor, item_hash) == ("", "for the clan")
    assert not numbers(visitor.get("/tags"))
    undo(visitor, soup(answer))
    assert panel(visitor, first) == ("keep", "")
    assert found(visitor, "is:tagged or is:hasnotes") == {first}


@pytest.mark.parametrize(("policy", "kept"), [("mine", ("keep", "mine")), ("file", ("junk", "theirs"))])
def test_where_both_say_something_their_owner_decides(
    visitor: Visitor, player: Player, policy: str, kept: tuple[str, str]
) -> None:
    item = copies(visitor)[0]
    post(visitor, "/tags", item=item, tag="keep")
    post(visitor, "/notes", item=item, notes="mine")
    answer = send(visitor, backup(player, {"id": item, "tag": "junk", "notes": "theirs"}))
    chosen = soup(answer).select("[name=policy]")
    assert [each["value"] for each in chosen if each.has_attr("checked")] == ["mine"]
    visitor.submit(answer, "/tags/import/apply", policy=policy)
    assert panel(visitor, item) == kept


def test_our_own_backup_brings_everything_back_with_labels_and_dates(visitor: Visitor) -> None:
    first, second = copies(visitor)[:2]
    post(visitor, "/tags/labels", name="Raid gear", colour="violet")
    post(visitor, "/tags", item=first, tag="Raid gear")
    post(visitor, "/notes", item=second, notes="=1+1")
    saved = visitor.get("/tags/export.json")
    assert saved.headers["Content-Disposition"] == "attachment; filename=vault-raider-tags.json"
    assert {each["id"]: each["tag"] for each in saved.json()["items"]} == {first: "Raid gear", second: ""}
    post(visitor, "/tags", item=[first], tag="junk")
    post(visitor, "/tags/labels/remove", label="Raid gear")
    post(visitor, "/notes", item=second, notes="newer")
    answer = send(visitor, saved.content)
    assert "take what is newer" in answer.text
    visitor.submit(answer, "/tags/import/apply", policy="newer")
    assert (panel(visitor, first), panel(visitor, second)) == (("junk", ""), ("", "newer"))
    visitor.submit(send(visitor, saved.content), "/tags/import/apply", policy="file")
    assert (panel(visitor, first), panel(visitor, second)) == (("Raid gear", ""), ("", "=1+1"))
    assert visitor.page("/tags").select_one("#labels .label-7")


def test_a_table_is_safe_in_a_spreadsheet_and_reads_back(visitor: Visitor) -> None:
    item = copies(visitor)[0]
    post(visitor, "/notes", item=item, notes='=HYPERLINK("x")\nsecond line')
    post(visitor, "/tags", item=item, tag="infuse")
    saved = visitor.get("/tags/export.csv")
    head, row = list(csv.reader(io.StringIO(saved.text, newline="")))
    assert head == ["Name", "Hash", "Id", "Tag", "Notes"]
    name = visitor.page(f"/items/{item}").select_one("#item-name")
    assert name is not None
    assert [row[0], *row[2:]] == [name.get_text(strip=True), f'"{item}"', "infuse", '\'=HYPERLINK("x")\nsecond line']
    answer = send(visitor, saved.content, "vault-raider-tags.csv")
    assert numbers(answer) == {"The same here": "1"}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "There was no file"),
        (b"\x89PNG\r\n", "neither a backup"),
        (b"{" * 50_000, "neither a backup"),
        (b'{"tags": []}', "not a single tag"),
        (b"Name,Power\nAce,10\n", "neither a backup"),
        (b"x" * (MOST_BYTES + 1), "too large"),
    ],
)
def test_what_is_no_such_file_is_refused_and_nothing_is_lost(visitor: Visitor, data: bytes, told: str) -> None:
    item = copies(visitor)[0]
    post(visitor, "/tags", item=item, tag="keep")
    answer = send(visitor, data)
    assert (answer.status_code, told in answer.text) == (400, True), answer.text[:800]
    assert panel(visitor, item) == ("keep", "")
    assert not numbers(visitor.get("/tags"))


@pytest.mark.parametrize("item", [{"id": "\ud800", "tag": "junk"}, {"id": ABSENT, "tag": "\ud800"}, {"id": "\0"}])
def test_rows_that_nothing_can_write_down_are_passed_over_and_told(visitor: Visitor, item: dict[str, str]) -> None:
    rows = [item, {"id": ABSENT, "tag": "junk", "notes": "a\ud800\0b"}]
    answer = send(visitor, json.dumps({"format": "vault-raider-tags", "version": 1, "items": rows}))
    assert answer.status_code == 200
    post(visitor, "/tags/import/apply", policy="file")
    assert json.loads(visitor.get("/tags/export.json").text)["items"][0]["notes"] == "ab"


def test_a_file_beyond_all_measure_is_not_even_read(visitor: Visitor) -> None:
    assert send(visitor, b"x" * (MOST_BYTES + 100_000)).status_code == 413
    assert post(visitor, "/notes", item="1", notes="x" * 100_000).status_code == 413


def test_a_file_waits_for_its_owner_alone_and_can_be_left(
    app: Flask, live_server: str, sandbox: SandboxServer, visitor: Visitor, player: Player
) -> None:
    other_player = next(each for each in sandbox.app.state.players.values() if each is not player)
    other = Visitor(live_server)
    other.sign_in(other_player.membership_id)
    answer = send(visitor, backup(player, {"id": copies(visitor)[0], "tag": "junk"}))
    assert not numbers(other.get("/tags"))
    assert post(other, "/tags/import/apply").status_code == 404
    visitor.submit(answer, "/tags/import/drop")
    assert post(visitor, "/tags/import/apply").status_code == 404
    with app.app_context():
        assert not db.session.scalars(select(AnnotationImport.account_id)).all()
        assert not db.session.scalars(select(AnnotationRow.id)).all()


def test_rows_of_another_account_are_passed_over(visitor: Visitor, player: Player) -> None:
    file = json.loads(backup(player, {"id": copies(visitor)[0], "tag": "junk"}))
    file["tags"].append({"platformMembershipId": "1", "destinyVersion": 2, "annotation": {"id": ABSENT, "tag": "keep"}})
    assert numbers(send(visitor, json.dumps(file))) == {"New here": "1", "Rows of other accounts, passed over": "1"}


def test_a_large_backup_is_taken_in_within_seconds(visitor: Visitor, player: Player) -> None:
    many = [{"id": str(6917530000000000000 + number), "tag": "junk", "notes": f"n {number}"} for number in range(5000)]
    answer = send(visitor, backup(player, *many))
    assert numbers(answer)["New here"] == "5,000"
    answer = visitor.submit(answer, "/tags/import/apply")
    assert "Taken in: 5000 items." in answer.text
    assert answer.elapsed.total_seconds() < 5
    assert visitor.get("/tags").elapsed.total_seconds() < 2
