"""Gear as a table: every copy once, in any order, found by its cells, as a file, and many acted on at once."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import requests
from bs4 import BeautifulSoup, Tag

from app.inventory.organizer.cautious import cautious
from app.inventory.organizer.column import Kind
from app.inventory.organizer.table import MOST_COLUMNS, choices_of
from app.sandbox import SandboxServer
from app.sandbox.player import Player
from tests.visitor import Visitor, find_form, soup, tiles_of

pytestmark = pytest.mark.usefixtures("definitions")

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
HOSTILE = ["<script>", "'\"", "\0", "%00", "a" * 3000, "-1", "💥", "../../etc", "{{7*7}}"]


@pytest.fixture
def player(sandbox: SandboxServer) -> Player:
    """The account with the most items."""
    return max(sandbox.app.state.players.values(), key=lambda each: each.item_count())


@pytest.fixture
def visitor(live_server: str, player: Player) -> Visitor:
    return signed_in(live_server, player)


def signed_in(site: str, player: Player) -> Visitor:
    made = Visitor(site)
    made.sign_in(player.membership_id)
    return made


def other_than(player: Player, sandbox: SandboxServer) -> Player:
    """The one with the next most."""
    others = (each for each in sandbox.app.state.players.values() if each is not player)
    return max(others, key=lambda each: each.item_count())


def ids(page: BeautifulSoup) -> list[str]:
    return [str(each["data-item-id"]) for each in page.select(".sheet a[data-item-id]")]


def heads(page: BeautifulSoup) -> list[str]:
    return [each.get_text(strip=True) for each in page.select(".sheet thead th")]


def rows(page: BeautifulSoup) -> list[list[str]]:
    return [[cell.get_text(", ", strip=True) for cell in row.select("td")] for row in page.select(".sheet tbody tr")]


def column(page: BeautifulSoup, head: str) -> list[str]:
    place = heads(page).index(head) - 1
    return [row[place] for row in rows(page)]


def head_link(page: BeautifulSoup, words: str) -> str:
    return next(str(each["href"]) for each in page.select(".sheet thead a") if each.get_text(strip=True) == words)


def table(answer: requests.Response) -> list[list[str]]:
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    return list(csv.reader(io.StringIO(answer.content.decode(), newline="")))


def act(visitor: Visitor, page: BeautifulSoup, items: list[str], what: str) -> requests.Response:
    """Ticks these rows and sends the form as a browser without scripts does."""
    form = find_form(page, "/organizer/act")
    data = {name: str(form.select_one(f"[name={name}]")["value"]) for name in ("csrf_token", "key", "next")}  # type: ignore[index]
    return visitor.session.post(
        visitor.site + "/organizer/act", data=data | {"item": items, "do": what}, timeout=30, allow_redirects=False
    )


# --- what it shows ---------------------------------------------------------------------------------------------------


def test_every_piece_of_gear_stands_in_one_table_once(visitor: Visitor) -> None:
    everything = {each[1] for each in visitor.everything() if each[1]}
    shown = [each for kind in Kind for each in ids(visitor.page(f"/organizer?type={kind}"))]
    assert len(shown) == len(set(shown)) > 100
    assert set(shown) <= everything
    found = {
        each[1] for path in ("/vault", *cards(visitor)) for each in visitor.tiles(f"{path}?q=is:weapon+or+is:armor")
    }
    assert found <= set(shown)


def cards(visitor: Visitor) -> list[str]:
    return [f"/characters/{each['data-character']}" for each in visitor.page("/characters").select("[data-character]")]


def test_a_head_sorts_and_turns_the_order_round(visitor: Visitor) -> None:
    page = visitor.page("/organizer?sort=name")
    by_power = visitor.page(head_link(page, "Power"))
    powers = [int(each) for each in column(by_power, "Power") if each]
    assert powers == sorted(powers, reverse=True) != powers[::-1]
    turned = visitor.page(head_link(by_power, "Power"))
    assert [int(each) for each in column(turned, "Power") if each] == powers[::-1]
    assert by_power.select_one("th[aria-sort=descending]").get_text(strip=True) == "Power"  # type: ignore[union-attr]
    assert sorted(ids(by_power)) == sorted(ids(turned)) == sorted(ids(page))


def test_columns_come_in_the_order_of_the_address_and_can_be_moved_and_hidden(visitor: Visitor) -> None:
    page = visitor.page("/organizer?cols=season,power,perks")
    assert heads(page) == ["Name", "Season", "Power", "Perks"]
    later = page.select_one(".chosen a[aria-label='Season: further right']")
    gone = page.select_one(".chosen a[aria-label='Power: hide']")
    assert later
    assert gone
    assert heads(visitor.page(str(later["href"]))) == ["Name", "Power", "Season", "Perks"]
    assert heads(visitor.page(str(gone["href"]))) == ["Name", "Season", "Perks"]
    added = next(each for each in page.select(".chooser .picks a") if each.get_text() == "Element")
    assert heads(visitor.page(str(added["href"]))) == ["Name", "Season", "Power", "Perks", "Element"]


@pytest.mark.parametrize("kind", Kind)
def test_every_column_can_be_shown(visitor: Visitor, kind: Kind) -> None:
    choices = choices_of(kind)
    for start in range(0, len(choices), 40):
        some = choices[start : start + 40]
        page = visitor.page(f"/organizer?type={kind}&cols={','.join(some)}")
        width = len(heads(page)) - 1
        assert width > 0
        assert {len(row) for row in rows(page)} == {width}


def test_a_click_on_a_cell_adds_its_search_to_the_box(visitor: Visitor) -> None:
    page = visitor.page("/organizer?q=is:weapon&cols=element,type,perks")
    row = page.select(".sheet tbody tr")[3]
    for link in row.select("td a")[:4]:
        narrower = visitor.page(str(link["href"]))
        assert str(narrower.select_one("#search")["value"]).startswith("is:weapon ")  # type: ignore[index]
        assert narrower.select_one(".search-error") is None
        assert row.select_one("a[data-item-id]")["data-item-id"] in ids(narrower)  # type: ignore[index]
        assert 0 < len(ids(narrower)) < len(ids(page))


def test_a_pick_narrows_and_the_same_pick_again_takes_it_back(visitor: Visitor) -> None:
    page = visitor.page("/organizer?type=armor")
    titan = next(each for each in page.select(".picks a") if each.get_text(" ", strip=True).startswith("Titan"))
    narrowed = visitor.page(str(titan["href"]))
    assert len(ids(narrowed)) == int(re.findall(r"\d+", titan.get_text())[-1])
    assert set(column(visitor.page(str(titan["href"]) + "&cols=class"), "Class")) == {"Titan"}
    back = narrowed.select_one(".picks a[aria-current='true']")
    assert back
    assert len(ids(visitor.page(str(back["href"])))) == len(ids(page))


def test_a_search_with_a_slip_says_so_and_shows_everything(visitor: Visitor) -> None:
    page = visitor.page("/organizer?q=is:weapn")
    assert page.select_one(".search-error")
    assert len(ids(page)) == len(ids(visitor.page("/organizer")))


def test_while_somebody_types_only_the_table_is_sent(visitor: Visitor) -> None:
    part = {"HX-Request": "true", "HX-Target": "found"}
    answer = visitor.get("/organizer?q=is:exotic", headers=part)
    assert "<html" not in answer.text
    assert set(ids(soup(answer))) == set(ids(visitor.page("/organizer?q=is:exotic")))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_addresses_get_a_table(visitor: Visitor, text: str) -> None:
    for name in ("type", "q", "cols", "sort", "of", "page", "all"):
        answer = visitor.get(f"/organizer?{name}={quote(text)}")
        assert answer.status_code in {200, 400}, (name, answer.status_code)
        assert "<script>alert" not in answer.text
    assert visitor.get(f"/organizer/export/{quote(text, safe='')}.csv").status_code in {400, 404}


def test_a_page_beyond_the_last_is_empty_and_friendly(visitor: Visitor) -> None:
    assert "Nothing found here" in visitor.page("/organizer?page=99").get_text()


def test_whoever_owns_nothing_of_a_kind_is_not_told_of_a_search(live_server: str, sandbox: SandboxServer) -> None:
    poor = min(sandbox.app.state.players.values(), key=lambda each: each.item_count())
    visitor = signed_in(live_server, poor)
    (bare, *_) = (kind for kind in Kind if not ids(visitor.page(f"/organizer?type={kind}")))
    assert "Nothing here yet" in visitor.page(f"/organizer?type={bare}").get_text()
    assert "Nothing found here" in visitor.page(f"/organizer?type={bare}&q=is:exotic").get_text()


# --- what is kept ----------------------------------------------------------------------------------------------------


def keep(visitor: Visitor, path: str) -> None:
    form = find_form(visitor.page(path), "/organizer/columns")
    data = {str(each["name"]): str(each["value"]) for each in form.select("input[name]")}
    visitor.session.post(visitor.site + "/organizer/columns", data=data, timeout=30)


def test_columns_and_order_are_kept_for_this_person_alone(
    visitor: Visitor, live_server: str, sandbox: SandboxServer, player: Player
) -> None:
    keep(visitor, "/organizer?cols=season,perks&sort=-name")
    assert heads(visitor.page("/organizer")) == ["Name", "Season", "Perks"]
    assert ids(visitor.page("/organizer")) == ids(visitor.page("/organizer?sort=-name"))
    assert heads(visitor.page("/organizer?type=armor")) != ["Name", "Season", "Perks"]
    stranger = signed_in(live_server, other_than(player, sandbox))
    stranger.session.cookies.set("columns", visitor.session.cookies["columns"])
    assert heads(stranger.page("/organizer")) != ["Name", "Season", "Perks"]


def test_a_choice_always_fits_into_a_cookie_whatever_was_sent(visitor: Visitor) -> None:
    """Browsers drop a cookie of more than 4,096 bytes without a word."""
    for kind in Kind:
        most = sorted(choices_of(kind), key=len, reverse=True)[:MOST_COLUMNS]
        form = find_form(visitor.page(f"/organizer?type={kind}"), "/organizer/columns")
        data = {str(each["name"]): str(each["value"]) for each in form.select("input[name]")}
        none = "".join(map(chr, range(0x4E00, 0x4E00 + 900)))  # no two alike, so that no packing helps
        columns = ",".join((*most, none)) + ";-name,-season,-power,\N{SNOWMAN}"
        sent = visitor.session.post(visitor.site + "/organizer/columns", data=data | {"columns": columns}, timeout=30)
        assert sent.status_code == 200
    assert len(visitor.session.cookies["columns"]) < 2000
    assert len(heads(visitor.page("/organizer?type=ghosts"))) == len(choices_of(Kind.GHOSTS)) + 1


@pytest.mark.parametrize("text", ["", "x", "WzEse31d.forged", "💥".encode().decode("latin-1")])
def test_a_forged_choice_is_no_choice(visitor: Visitor, text: str) -> None:
    usual = heads(visitor.page("/organizer"))
    visitor.session.cookies.set("columns", text)
    assert heads(visitor.page("/organizer")) == usual


def test_no_column_at_all_is_a_choice_too(visitor: Visitor) -> None:
    keep(visitor, "/organizer?cols=none")
    assert heads(visitor.page("/organizer")) == ["Name"]


# --- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", ["type=weapons", "type=armor&cols=class,stats,total", "q=is:exotic&sort=name&cols=perks,tier"]
)
def test_the_file_of_a_table_says_exactly_what_the_table_says(visitor: Visitor, query: str) -> None:
    page, answer = visitor.page(f"/organizer?{query}"), visitor.get(f"/organizer.csv?{query}")
    assert answer.content.startswith("\ufeff".encode())
    head, *lines = table(answer)
    assert [head[0].lstrip("\ufeff"), *head[1:]] == heads(page)
    names = [each.get_text() for each in page.select(".sheet tbody th span")]
    assert [line[0] for line in lines] == [cautious(each) for each in names]
    shown = [[re.sub(r"[,()]", "", cell) for cell in row] for row in rows(page)]
    assert [[re.sub(r"[,()]", "", cell) for cell in line[1:]] for line in lines] == shown


@pytest.mark.parametrize("kind", Kind)
def test_an_export_has_a_row_for_each_copy_with_its_id_in_quotation_marks(visitor: Visitor, kind: Kind) -> None:
    answer = visitor.get(f"/organizer/export/{kind}.csv")
    assert answer.content.startswith(b"Name,Hash,Id,Tag,Rarity,Tier,")
    _, *lines = table(answer)
    assert sorted(line[2] for line in lines) == sorted(
        f'"{each}"' for each in ids(visitor.page(f"/organizer?type={kind}"))
    )
    assert not [cell for line in lines for cell in line if cell.startswith(FORMULAS)]


# --- many at once ----------------------------------------------------------------------------------------------------


def test_ticked_rows_are_tagged_as_one_change(visitor: Visitor) -> None:
    page = visitor.page("/organizer?cols=tag")
    chosen = ids(page)[:3]
    answer = act(visitor, page, chosen, "tag:keep")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/organizer?type=weapons&cols=tag")
    after = visitor.page("/organizer?cols=tag")
    assert [each for each, tag in zip(ids(after), column(after, "Tag"), strict=True) if tag == "Keep"] == chosen
    assert set(ids(visitor.page("/organizer?q=tag:keep"))) == set(chosen)
    act(visitor, after, chosen, "tag:none")
    assert not any(column(visitor.page("/organizer?cols=tag"), "Tag"))


def test_ticked_rows_are_locked_and_moved_as_one_order(visitor: Visitor) -> None:
    page = visitor.page("/organizer?q=-is:locked+is:invault+is:unlocked")
    chosen = ids(page)[:2]
    answer = act(visitor, page, chosen, "lock")
    assert answer.status_code == 303
    assert re.fullmatch(r"/moves/[\w-]{16}", answer.headers["Location"])
    told = visitor.page(answer.headers["Location"])
    assert len(told.select(".move-order")) == 2
    target = next(str(each["value"]) for each in page.select("option[value^='to:']") if each["value"] != "to:vault")
    moved = act(visitor, visitor.page("/organizer"), chosen, target)
    assert len(visitor.page(moved.headers["Location"]).select(".move-order")) == 2


def test_the_same_form_acts_once_and_another_choice_on_the_same_page_acts_too(visitor: Visitor) -> None:
    page = visitor.page("/organizer?q=-is:locked+is:invault+is:unlocked")
    first, again, other = (
        act(visitor, page, chosen, "lock") for chosen in (ids(page)[:2], ids(page)[:2], ids(page)[2:4])
    )
    assert first.headers["Location"] == again.headers["Location"] != other.headers["Location"]


def test_nothing_ticked_is_told_kindly(visitor: Visitor) -> None:
    answer = act(visitor, visitor.page("/organizer"), [], "lock")
    assert answer.status_code == 303
    assert "Tick the items first" in visitor.get(answer.headers["Location"]).text


@pytest.mark.parametrize("what", ["", "dismantle", "to:", "to:nowhere", "lock;", "tag:", "tag:no such tag"])
def test_what_cannot_be_done_is_refused(visitor: Visitor, what: str) -> None:
    page = visitor.page("/organizer")
    assert act(visitor, page, ids(page)[:1], what).status_code == 400


def test_too_many_or_odd_items_are_refused(visitor: Visitor) -> None:
    page = visitor.page("/organizer")
    assert act(visitor, page, ["6917529100001000001"] * 201, "lock").status_code == 400
    assert act(visitor, page, ["1 or 1=1"], "lock").status_code == 400


@pytest.mark.parametrize("what", ["lock", "tag:keep", "to:vault"])
def test_what_belongs_to_somebody_else_answers_like_what_belongs_to_nobody(
    visitor: Visitor, live_server: str, sandbox: SandboxServer, player: Player, what: str
) -> None:
    theirs = ids(signed_in(live_server, other_than(player, sandbox)).page("/organizer"))[:1]
    page = visitor.page("/organizer")
    assert theirs
    assert theirs[0] not in ids(page)
    for items in (theirs, ["6917529999999999999"]):
        assert act(visitor, page, items, what).status_code == 404


def test_a_link_ticks_every_row_without_a_script(visitor: Visitor) -> None:
    page = visitor.page("/organizer?q=is:exotic")
    link = page.select_one("[data-tick-all]")
    assert link
    ticked = visitor.page(str(link["href"]))
    assert len(ticked.select(".sheet input:checked")) == len(ids(page))
    assert not page.select(".sheet input:checked")


# --- comparing -------------------------------------------------------------------------------------------------------


def compared(page: BeautifulSoup) -> list[str]:
    return [str(each["data-item-id"]) for each in page.select(".compare thead a[data-item-id]")]


def line(page: BeautifulSoup, title: str) -> list[Tag]:
    row = next(each for each in page.select(".compare tbody tr") if each.select_one("th").get_text(strip=True) == title)  # type: ignore[union-attr]
    return row.select("td")


@pytest.fixture
def doubled(visitor: Visitor) -> str:
    """The instance id of a weapon that the player has more than once."""
    return ids(visitor.page("/organizer?q=is:dupe"))[0]


def test_copies_of_a_name_stand_side_by_side_with_the_best_marked(visitor: Visitor, doubled: str) -> None:
    page = visitor.page(f"/compare?item={doubled}")
    assert compared(page)[0] == doubled
    assert len(compared(page)) > 1
    powers = line(page, "Power")
    best = max(int(re.findall(r"\d+", each.get_text())[0]) for each in powers)
    for each in powers:
        assert bool(each.select_one(".best")) == (str(best) in each.get_text())


def test_wider_ways_find_more_and_a_copy_can_be_put_aside(visitor: Visitor, doubled: str) -> None:
    by_name = compared(visitor.page(f"/compare?item={doubled}"))
    page = visitor.page(f"/compare?item={doubled}&by=type")
    assert set(by_name) < set(compared(page)) or set(by_name) == set(compared(page))
    aside = page.select_one(".compare thead a[aria-label$='put aside']")
    assert aside
    fewer = visitor.page(str(aside["href"]))
    assert len(compared(fewer)) == len(compared(page)) - 1
    assert "1 is put aside" in fewer.get_text()


def test_armor_is_compared_as_it_is_bare_and_masterworked(visitor: Visitor) -> None:
    piece = ids(visitor.page("/organizer?type=armor&q=is:armor3.0"))[0]
    totals = []
    for values in ("base", "masterworked"):
        cells = line(visitor.page(f"/compare?item={piece}&by=type&values={values}"), "Total")
        totals.append(int(re.findall(r"\d+", cells[0].get_text())[0]))
    assert totals[1] == totals[0] + 15


def test_a_copy_is_locked_and_tagged_from_its_column(visitor: Visitor, doubled: str) -> None:
    path = f"/compare?item={doubled}"
    for what, expected in (("tag:junk", "Junk"), ("tag:none", "")):
        form = find_form(visitor.page(path), "/organizer/act")
        data = {str(each["name"]): str(each["value"]) for each in form.select("input[name]")}
        answer = visitor.session.post(visitor.site + "/organizer/act", data=data | {"do": what}, timeout=30)
        assert answer.status_code == 200
        assert urlsplit(answer.url).path == "/compare"
        pressed = soup(answer).select_one(".compare thead th form [aria-pressed=true]")
        assert (pressed.get_text() if pressed else "") == expected
    button = find_form(visitor.page(path), "/organizer/act").select_one("[value$=lock]")
    assert button
    form = find_form(visitor.page(path), "/organizer/act")
    data = {str(each["name"]): str(each["value"]) for each in form.select("input[name]")}
    answer = visitor.session.post(visitor.site + "/organizer/act", data=data | {"do": str(button["value"])}, timeout=30)
    assert "Lock: Done." in answer.text
    assert find_form(soup(answer), "/organizer/act").select_one("[value$=lock]")["value"] != button["value"]  # type: ignore[index]


def test_a_comparison_starts_from_the_item_and_from_the_database(visitor: Visitor, doubled: str) -> None:
    page = visitor.page(f"/items/{doubled}")
    link = page.select_one("a[data-compare]")
    assert link
    assert compared(visitor.page(str(link["href"])))[0] == doubled
    hashed = visitor.page("/organizer?q=is:dupe").select_one(".sheet a[data-item-hash]")
    assert hashed
    link = visitor.page(f"/database/{hashed['data-item-hash']}").select_one("a[data-compare]")
    assert link
    assert doubled in compared(visitor.page(str(link["href"])))


@pytest.mark.parametrize("query", ["", "item=1", "item=x", "hash=0", "item=6917529999999999999", "item=" + "9" * 500])
@pytest.mark.parametrize("path", ["/compare", "/infuse"])
def test_what_nobody_has_is_not_found(visitor: Visitor, path: str, query: str) -> None:
    assert visitor.get(f"{path}?{query}").status_code == 404


@pytest.mark.parametrize("path", ["/compare", "/infuse"])
def test_what_somebody_else_has_is_not_found(
    visitor: Visitor, live_server: str, sandbox: SandboxServer, player: Player, path: str
) -> None:
    theirs = ids(signed_in(live_server, other_than(player, sandbox)).page("/organizer"))[0]
    assert visitor.get(f"{path}?item={theirs}").status_code == 404


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_questions_are_compared_all_the_same(visitor: Visitor, doubled: str, text: str) -> None:
    for name in ("by", "values", "without"):
        assert visitor.get(f"/compare?item={doubled}&{name}={quote(text)}").status_code in {200, 400}


# --- infusion --------------------------------------------------------------------------------------------------------


def test_infusion_finds_what_is_stronger_and_what_is_weaker_in_the_same_slot(visitor: Visitor) -> None:
    page = visitor.page("/organizer?q=is:kineticslot&sort=power")
    middle = len(ids(page)) // 2
    chosen, powers = ids(page)[middle], [int(each) for each in column(page, "Power") if each]
    power = powers[middle]
    sections = visitor.page(f"/infuse?item={chosen}").select("#found section")
    fuel, fed = ({tile[1] for tile in tiles_of(each)} for each in sections)  # type: ignore[arg-type]
    stronger = {each for each, has in zip(ids(page), powers, strict=False) if has > power}
    weaker = {each for each, has in zip(ids(page), powers, strict=False) if has < power}
    assert (fuel, fed) == (stronger, weaker)
    told = [section.select_one("p").get_text() for section in sections]  # type: ignore[union-attr]
    assert told[0].startswith(f"{len(stronger)} items are stronger.")
    assert f"from {power} to {powers[0]} power: {powers[0] - power} more" in told[0]
    assert told[1] == f"{len(weaker)} items are weaker."
    link = visitor.page(f"/items/{chosen}").select_one("a[data-infuse]")
    assert link
    assert parse_qs(urlsplit(str(link["href"])).query) == {"item": [chosen]}
