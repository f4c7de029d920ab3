"""Many at once: a page that needs no scripts finds items, has a box for each, and sends what is ticked to one place."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
import requests

from app.inventory.moves.plan import ACCOUNT_STORE, VAULT_STORE, Wish
from app.sandbox import SandboxServer
from app.sandbox.player import POSTMASTER, VAULT, Player
from app.services.moves.service import MoveRequest
from app.wiring import Services
from tests.integration.move_shapes import HUNTER, KINETIC, TITAN, belongings, the_viewer
from tests.visitor import Visitor, find_form, soup

pytestmark = pytest.mark.usefixtures("definitions")

ACE_OF_SPADES, ENHANCEMENT_CORE, QUESTS = 347366834, 3853748946, 1345459588
# A weapon for the first slot in the Titan's postmaster, and a stack that belongs to the whole account.
UNLOCKED_IN_POSTMASTER, OF_THE_ACCOUNT = "6917529100001000211", 353704689


@pytest.fixture
def visitor(live_server: str, player: Player) -> Iterator[Visitor]:
    signed_in = Visitor(live_server)
    signed_in.sign_in(player.membership_id)
    owned = belongings(player)
    yield signed_in
    assert belongings(player) == owned
    signed_in.session.close()


def send(visitor: Visitor, target: str, items: list[str], **more: str) -> requests.Response:
    return post(visitor, "/moves/batch", items, to=target, **more)


def post(visitor: Visitor, path: str, items: list[str], **more: str) -> requests.Response:
    token = visitor.page("/account").select_one("input[name=csrf_token]")
    assert token
    fields = {"csrf_token": str(token["value"]), "key": secrets.token_hex(8)} | more
    named = [("item", item) for item in items]
    return visitor.session.post(visitor.site + path, data=[*fields.items(), *named], timeout=30)


def state(visitor: Visitor, answer: requests.Response) -> str:
    found = visitor.page(answer.url).select_one("[data-move]")
    assert found
    return str(found["data-state"])


def boxes(visitor: Visitor, address: str) -> dict[str, bool]:
    """Value of every box, and whether it is ticked."""
    found = visitor.page(address).select("input[name=item]")
    return {str(each["value"]): each.has_attr("checked") for each in found}


def test_all_that_a_search_finds_is_ticked_and_moved(visitor: Visitor, player: Player, services: Services) -> None:
    ticked = boxes(visitor, "/moves/select?q=is:handcannon&all=1")
    assert ticked
    assert set(ticked.values()) == {True}
    answer = send(visitor, "vault", list(ticked))
    services.moves.go_on(1)
    assert state(visitor, answer) == "done"
    vaulted = {each.get("itemInstanceId") for each in player.account_items() if each["bucketHash"] == VAULT}
    assert {each for each in ticked if len(each) > 10} <= vaulted


def test_the_history_names_the_place_that_several_items_go_to(visitor: Visitor, player: Player) -> None:
    copies = [each["itemInstanceId"] for each in player.carried(TITAN) if each["bucketHash"] == KINETIC][:2]
    answer = send(visitor, "vault", copies)
    latest = visitor.page("/moves").select_one(".move-history a")
    assert latest
    assert latest.get_text() == "2 items to the vault"
    assert soup(visitor.get(answer.url)).select_one("h1").get_text() == "2 items to the vault"  # type: ignore[union-attr]


def test_a_link_of_the_search_leads_there(visitor: Visitor) -> None:
    link = visitor.page("/vault?q=is:handcannon").select_one("#search-status a[href^='/moves/select']")
    assert link
    assert True in boxes(visitor, str(link["href"])).values()


def test_nothing_is_ticked_unless_all_was_asked_for(visitor: Visitor) -> None:
    assert set(boxes(visitor, "/moves/select").values()) == {False}


def test_at_most_two_hundred_are_ticked_and_the_page_says_so(visitor: Visitor) -> None:
    found = boxes(visitor, "/moves/select?all=1")
    assert len(found) > 200
    assert sum(found.values()) == 200
    assert "At most 200 at once." in visitor.page("/moves/select?all=1").get_text()


def test_what_is_worn_or_cannot_leave_has_no_box(visitor: Visitor, player: Player) -> None:
    found = boxes(visitor, "/moves/select")
    worn = {each["itemInstanceId"] for owner in player.character_ids for each in player.worn(owner)}
    assert not worn & set(found)
    kinetic = [each for each in player.carried(TITAN) if each["bucketHash"] == KINETIC]
    assert {each["itemInstanceId"] for each in kinetic} <= set(found)


def test_a_whole_stack_goes_with_the_rest(visitor: Visitor, player: Player, services: Services) -> None:
    copy = next(each for each in player.carried(TITAN) if each["bucketHash"] == KINETIC)
    stack = next(each for each in player.account_items() if each["bucketHash"] == 1469714392 and each["quantity"] > 5)
    answer = send(visitor, "vault", [copy["itemInstanceId"], str(stack["itemHash"])])
    services.moves.go_on(1)
    assert state(visitor, answer) == "done"
    places = {each["bucketHash"] for each in player.account_items() if each["itemHash"] == stack["itemHash"]}
    assert places == {VAULT}


def test_a_stack_is_collected_from_the_postmaster_whole(visitor: Visitor, player: Player, services: Services) -> None:
    waiting = [each for each in player.carried(TITAN) if each["bucketHash"] == POSTMASTER]
    cores = next(each for each in waiting if each["itemHash"] == ENHANCEMENT_CORE)
    copies = [each["itemInstanceId"] for each in waiting if each["itemHash"] == ACE_OF_SPADES]
    answer = send(visitor, TITAN, [str(cores["itemHash"]), *copies])
    services.moves.go_on(1)
    assert state(visitor, answer) == "done"
    left = [each for each in player.carried(TITAN) if each["bucketHash"] == POSTMASTER]
    assert len(left) == len(waiting) - 1 - len(copies)
    assert cores["itemHash"] not in {each["itemHash"] for each in left}


def test_a_full_postmaster_is_emptied_and_what_is_worn_stays_on(
    visitor: Visitor, player: Player, services: Services
) -> None:
    worn = [each["itemInstanceId"] for each in player.worn(TITAN)]
    waiting = soup(visitor.get(f"/characters/{TITAN}")).select("form[action='/moves/batch'] input[name=item]")
    assert len(waiting) > 10
    answer = send(visitor, TITAN, [str(each["value"]) for each in waiting])
    services.moves.go_on(1)
    assert state(visitor, answer) == "done"
    left = {each.get("itemInstanceId", str(each["itemHash"])) for each in carried_in_postmaster(player)}
    assert not left & {str(each["value"]) for each in waiting}
    assert [each["itemInstanceId"] for each in player.worn(TITAN)] == worn


def test_what_was_collected_stays_where_it_was_wished_although_all_else_there_is_locked(
    visitor: Visitor, player: Player, services: Services, sandbox: SandboxServer
) -> None:
    crowd_with_locked(player)
    services.profiles.renew(1, player.membership_type, player.membership_id)
    belongs = sandbox.app.state.definitions.item
    copies = (each for each in player.account_items() if each["bucketHash"] == VAULT and "itemInstanceId" in each)
    stored = next(each for each in copies if (facts := belongs(each["itemHash"])) and facts.bucket_hash == KINETIC)
    wished = {UNLOCKED_IN_POSTMASTER, stored["itemInstanceId"]}
    answer = send(visitor, TITAN, [UNLOCKED_IN_POSTMASTER, stored["itemInstanceId"]])
    services.moves.go_on(1)
    assert state(visitor, answer) == "done"
    assert "to make room" in visitor.page(answer.url).get_text()
    assert wished <= {each["itemInstanceId"] for each in player.carried(TITAN) if each["bucketHash"] == KINETIC}


def crowd_with_locked(player: Player) -> None:
    """Fills the Titan's first weapon slot with what the others have there, and locks all of it."""
    for owner in player.character_ids:
        for item in [each for each in player.carried(owner) if each["bucketHash"] == KINETIC]:
            if sum(each["bucketHash"] == KINETIC for each in player.carried(TITAN)) < 9 and owner != TITAN:
                player.carried(owner).remove(item)
                player.carried(TITAN).append(item)
            item["state"] |= 1


def carried_in_postmaster(player: Player) -> list[dict[str, object]]:
    return [each for each in player.carried(TITAN) if each["bucketHash"] == POSTMASTER]


def test_what_one_item_meets_does_not_stop_the_others(visitor: Visitor, player: Player, services: Services) -> None:
    bound = next(
        each for each in player.carried(TITAN) if each["bucketHash"] == 1345459588 and "itemInstanceId" in each
    )
    copy = next(each for each in player.carried(TITAN) if each["bucketHash"] == KINETIC)
    answer = send(visitor, HUNTER, [bound["itemInstanceId"], copy["itemInstanceId"]])
    services.moves.go_on(1)
    assert state(visitor, answer) == "partly"
    page = soup(visitor.get(answer.url))
    assert [str(each["data-order"]) for each in page.select("[data-order]")] == ["refused", "done"]
    assert len(page.select(".move-reason")) == 1


def test_what_was_not_done_stands_first_is_counted_and_can_be_asked_for_again(
    visitor: Visitor, player: Player, services: Services, sandbox: SandboxServer
) -> None:
    items = [each["itemInstanceId"] for each in player.carried(TITAN) if each["bucketHash"] == KINETIC][:3]
    sandbox.app.state.faults.set(refuse={"path": "*/Items/TransferItem/", "times": 1}, refuse_code=1663)
    answer = send(visitor, "vault", items)
    services.moves.go_on(1)
    page = visitor.page(answer.url)
    assert [str(each["data-order"]) for each in page.select("[data-order]")] == ["refused", "done", "done"]
    assert "2 done, 1 not" in page.get_text()
    again = visitor.submit(visitor.get(answer.url), "/moves")
    assert state(visitor, again) == "done"
    assert set(items) <= {each.get("itemInstanceId") for each in player.account_items()}
    assert not soup(again).select("form[action='/moves'], form[action='/moves/batch']")


def test_what_can_never_be_done_is_not_offered_again(visitor: Visitor, player: Player, services: Services) -> None:
    bound = [each for each in player.carried(TITAN) if each["bucketHash"] == QUESTS and "itemInstanceId" in each][:2]
    answer = send(visitor, "vault", [each["itemInstanceId"] for each in bound])
    services.moves.go_on(1)
    assert state(visitor, answer) == "failed"
    assert not visitor.page(answer.url).select("form[action^='/moves']:not([action$='/undo'])")


@pytest.mark.parametrize("is_known", [False, True], ids=["of-no-kind-that-we-know", "gone"])
def test_what_nobody_could_find_a_way_for_is_not_offered_again(
    visitor: Visitor, player: Player, services: Services, is_known: bool
) -> None:
    item = next(each for each in player.account_items() if each["bucketHash"] == VAULT and "itemInstanceId" in each)
    item_hash = item["itemHash"]
    item["itemHash"] = item_hash if is_known else 1
    services.profiles.renew(1, player.membership_type, player.membership_id)
    if is_known:
        player.account_items().remove(item)
    page = visitor.page(send(visitor, TITAN, [item["itemInstanceId"]]).url)
    item["itemHash"] = item_hash
    if is_known:
        player.account_items().append(item)
    (order,) = services.moves.latest(the_viewer(player))[0].orders
    assert (order.state, order.obstacle) == ("refused", "gone" if is_known else "unknown")
    assert not page.select("form[action='/moves'], form[action='/moves/batch']")


def test_pieces_that_have_left_already_are_not_offered_again(
    visitor: Visitor, player: Player, services: Services, sandbox: SandboxServer
) -> None:
    pieces = next(each for each in player.account_items() if each["itemHash"] == OF_THE_ACCOUNT)
    player.account_items().remove(pieces)
    player.carried(TITAN).append(pieces | {"bucketHash": POSTMASTER})
    services.profiles.renew(1, player.membership_type, player.membership_id)
    sandbox.app.state.faults.set(refuse="*/Items/TransferItem/", refuse_code=1663)
    way = {"from": TITAN, "to": "vault", "quantity": "3", "equip": "0"}
    answer = post(visitor, "/moves", [str(OF_THE_ACCOUNT)], **way)
    (order,) = services.moves.latest(the_viewer(player))[0].orders
    assert [(step.kind, step.state) for step in order.steps] == [("pull", "done"), ("store", "refused")]
    assert not visitor.page(answer.url).select("form[action='/moves'], form[action='/moves/batch']")


def test_several_that_were_not_done_are_one_new_batch(
    visitor: Visitor, player: Player, services: Services, sandbox: SandboxServer
) -> None:
    items = [each["itemInstanceId"] for each in player.carried(TITAN) if each["bucketHash"] == KINETIC][:3]
    sandbox.app.state.faults.set(maintenance="api")
    answer = send(visitor, "vault", items)
    services.moves.go_on(1)
    assert state(visitor, answer) == "failed"
    sandbox.app.state.faults.clear()
    form = find_form(visitor.page(answer.url), "/moves/batch")
    named = [str(each["value"]) for each in form.select("input[name=item]")]
    assert named == items
    again = send(visitor, str(form.select("input[name=to]")[0]["value"]), named)
    assert again.url != answer.url
    assert len(soup(again).select("[data-order]")) == 3


def test_the_vault_has_a_way_to_the_boxes_that_keeps_the_search(visitor: Visitor) -> None:
    link = visitor.page("/vault?q=is:handcannon").select_one("a[data-select]")
    assert link
    page = visitor.page(str(link["href"]))
    assert page.select("input[name=item]")
    back = page.select_one("a[href^='/vault?q=']")
    assert back
    assert boxes(visitor, str(link["href"])) == boxes(visitor, "/moves/select?q=is:handcannon")


def test_what_is_ticked_is_locked_and_unlocked_and_stacks_are_left_out(
    visitor: Visitor, player: Player, services: Services
) -> None:
    copies = [each for each in player.carried(TITAN) if each["bucketHash"] == KINETIC and each.get("lockable")][:3]
    stack = next(each for each in player.account_items() if each["bucketHash"] == 1469714392)
    ticked = [*(each["itemInstanceId"] for each in copies), str(stack["itemHash"])]
    for locked in ("1", "0"):
        answer = post(visitor, "/moves/lock", ticked, locked=locked)
        services.moves.go_on(1)
        assert state(visitor, answer) == "done"
        assert [each["state"] & 1 for each in copies] == [int(locked)] * 3


def test_what_is_ticked_is_worn_by_whom_can_wear_it(visitor: Visitor, player: Player, services: Services) -> None:
    weapon = next(each for each in player.carried(TITAN) if each["bucketHash"] == KINETIC)
    helmet = next(each for each in player.carried(TITAN) if each["bucketHash"] == 3448274439)
    answer = send(visitor, HUNTER, [weapon["itemInstanceId"], helmet["itemInstanceId"]], equip="1")
    services.moves.go_on(1)
    assert state(visitor, answer) == "done"
    worn = {each["itemInstanceId"] for each in player.worn(HUNTER)}
    assert weapon["itemInstanceId"] in worn
    assert helmet["itemInstanceId"] in {each.get("itemInstanceId") for each in player.carried(HUNTER)}


def test_the_same_form_sent_twice_is_one_batch_and_another_choice_on_the_same_page_another(
    visitor: Visitor, player: Player, services: Services
) -> None:
    item = next(each for each in player.carried(TITAN) if each["bucketHash"] == KINETIC)["itemInstanceId"]
    sent = [send(visitor, target, [item], key="of-one-page").url for target in ("vault", "vault", HUNTER)]
    assert sent[0] == sent[1] != sent[2]


@pytest.mark.parametrize(
    ("path", "items", "more"),
    [
        ("/moves/batch", [], {"to": "vault"}),
        ("/moves/batch", ["<b>"], {"to": "vault"}),
        ("/moves/batch", ["1"] * 201, {"to": "vault"}),
        ("/moves/batch", ["1"], {"to": "nowhere"}),
        ("/moves/batch", ["1"], {"to": "vault", "equip": "7"}),
        ("/moves/lock", [], {"locked": "1"}),
        ("/moves/lock", ["1" * 30], {"locked": "1"}),
        ("/moves/lock", ["1"], {"locked": "maybe"}),
        ("/moves/lock", ["1"], {"locked": "1", "key": "x"}),
    ],
    ids=["none", "no-id", "too-many", "nowhere", "worn-maybe", "none-to-lock", "long-id", "maybe", "short-key"],
)
def test_a_form_that_makes_no_sense_is_refused(
    visitor: Visitor, path: str, items: list[str], more: dict[str, str]
) -> None:
    assert post(visitor, path, items, **more).status_code == 400


def test_what_is_not_the_players_is_locked_by_nobody(visitor: Visitor) -> None:
    assert post(visitor, "/moves/lock", ["6917529000000000001"], locked="1").status_code == 404


def test_all_pieces_of_a_stack_are_gathered_from_its_page(visitor: Visitor, player: Player, services: Services) -> None:
    stack = next(each for each in player.account_items() if each["bucketHash"] == 1469714392 and each["quantity"] > 5)
    item_hash = stack["itemHash"]
    wish = Wish(item_hash, "", ACCOUNT_STORE, VAULT_STORE, 2)
    services.moves.order(the_viewer(player), "some-of-them", [MoveRequest(wish)])
    page = visitor.get(f"/items/{item_hash}")
    form = find_form(soup(page), "/moves/stack")
    assert [button["value"] for button in form.select("button")] == [ACCOUNT_STORE, VAULT_STORE]
    answer = visitor.submit(page, "/moves/stack", to=VAULT_STORE)
    services.moves.go_on(1)
    assert state(visitor, answer) == "done"
    places = {each["bucketHash"] for each in player.account_items() if each["itemHash"] == item_hash}
    assert places == {VAULT}
    assert not soup(visitor.get(f"/items/{item_hash}")).select("form[action='/moves/stack']")


@pytest.mark.parametrize(
    ("item", "target", "status"),
    [("x", "vault", 400), ("1", "nowhere", 400), ("9" * 11, "vault", 400), ("1", "vault", 404), ("1", "spread", 404)],
)
def test_a_stack_that_is_none_is_refused(visitor: Visitor, item: str, target: str, status: int) -> None:
    assert post(visitor, "/moves/stack", [item], to=target).status_code == status
