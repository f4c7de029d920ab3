"""Made-up accounts, runs, moves, searches and forms in every state: what the style guide shows beside items."""

from __future__ import annotations

from dataclasses import dataclass

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField

from app.inventory.layout import Layout
from app.inventory.sorting import read_order
from app.main.framing import CapacityView, PageFrame
from app.main.present_farming import FarmingView
from app.main.present_layout import layout_view
from app.main.present_moves import OrderView, StepView
from app.main.present_search import PlaceCount, SearchErrorView, SearchView
from app.main.present_selection import Target
from app.main.searches.menu import MenuLine, SearchMenu
from app.main.viewmodels import AccountChoice, FreshnessView, RunView, SessionView
from app.main.wishes.present import WishView

_MOMENT = "2026-06-09T19:41:00+00:00"
_RUN_STATES = ("queued", "running", "switched", "unchanged", "skipped", "failed")
_MOVE_STATES = ("waiting", "running", "done", "partly", "refused", "failed", "unsure", "asked")


class ExampleForm(FlaskForm):  # type: ignore[misc]
    name = StringField("Name")
    password = PasswordField("Password")


@dataclass(frozen=True, slots=True)
class Examples:
    form: ExampleForm
    freshness: tuple[FreshnessView, ...]
    memberships: tuple[AccountChoice, ...]
    sessions: tuple[SessionView, ...]
    runs: tuple[RunView, ...]
    languages: tuple[tuple[str, str, str], ...]
    orders: tuple[OrderView, ...]
    targets: tuple[Target, ...]
    farming: FarmingView
    search: SearchView
    found: tuple[SearchView, ...]
    menu: SearchMenu
    wishes: tuple[WishView, ...]
    vault: PageFrame


def examples() -> Examples:
    return Examples(
        form=_form(),
        freshness=(FreshnessView("12 seconds ago", _MOMENT, False), FreshnessView("3 hours ago", _MOMENT, True)),
        memberships=(_membership("1", is_chosen=True), _membership("2", is_chosen=False)),
        sessions=(_session(1, is_current=True), _session(2, is_current=False)),
        runs=tuple(_run(state) for state in _RUN_STATES),
        languages=(("en", "Switched", ""), ("de", "Failed", "Bungie does not have it today.")),
        orders=tuple(_order(state) for state in _MOVE_STATES),
        targets=(Target("vault", "Vault"), Target("1", "Titan")),
        farming=_farming(),
        search=_search("is:weapon is:exotic"),
        found=(_found(), _mistyped()),
        menu=_menu(),
        wishes=(_wish("wish-up", "A roll that a wish list recommends"), _wish("wish-down", "A roll to throw away")),
        vault=_nearly_full_vault(),
    )


def _nearly_full_vault() -> PageFrame:
    return PageFrame(
        notices=(), freshness=FreshnessView("12 seconds ago", _MOMENT, False), characters=(), missing=(),
        capacity=CapacityView("697 of 700", 99, "Only 3 slots are free."), new_text="3 new items",
        tabs=(("#main", "Vault", True), ("#main", "Duplicates", False)),
        layout=layout_view(Layout(read_order(["power,-name"]), "rarity"), (("stat.range", "Range"),), "", "/vault"),
        ask_again_s=300,
    )  # fmt: skip


def _farming() -> FarmingView:
    says = ("It has ended by itself after two hours.", "12 items went to the vault.")
    return FarmingView(False, says, "0123456789abcdef", "example", (("1", "Titan", True),), ((3, True), (4, False)))


def _form() -> ExampleForm:
    """The second field was filled in wrongly."""
    form = ExampleForm(formdata=None)
    form.password.errors = ["Enter your password."]
    return form


def _membership(membership_id: str, *, is_chosen: bool) -> AccountChoice:
    return AccountChoice(membership_id, "Wayfarer#0042", "Steam", "2 hours ago", is_chosen, is_chosen)


def _session(session_id: int, *, is_current: bool) -> SessionView:
    return SessionView(session_id, "Firefox on Linux", "3 days ago", "1 minute ago", is_current)


def _run(state: str) -> RunView:
    return RunView(
        id=state, href="#main", state=state, state_text=state.capitalize(), is_active=state in {"queued", "running"},
        trigger="beat", who="", started="2 hours ago", started_iso=_MOMENT, duration="42 s",
        version="237713.26.06.09.1941-1-bnet", counts=(("items", "38,894"), ("plugs", "12,004")), bytes_text="118 MB",
        rows_text="66,120", stage="Reading" if state == "running" else "",
        error="The file ended too early." if state == "failed" else "", languages=(),
    )  # fmt: skip


def _order(state: str) -> OrderView:
    steps = (
        StepView("done", "Done", "To the vault", "The Hunter has no free slot."),
        StepView(state, state.capitalize(), "To the Titan", ""),
    )
    reason = "Bungie says that there is no room." if state in {"failed", "refused"} else ""
    return OrderView(state, state.capitalize(), "Ace of Spades to the Titan", reason, "#main", "", steps)


def _search(text: str, *, summary: str = "", error: SearchErrorView | None = None) -> SearchView:
    places = (PlaceCount("Vault", "12", "#main"), PlaceCount("Hunter", "3", "#main")) if summary else ()
    return SearchView("#main", text, 1000, summary, places, error)


def _menu() -> SearchMenu:
    bows, new = MenuLine("My bows", "is:bow is:legendary"), MenuLine("New since my last visit", "is:new")
    return SearchMenu((bows,), (MenuLine("perk:outlaw", "perk:outlaw"),), (new,))


def _wish(look: str, title: str) -> WishView:
    return WishView(look, title, "Good where many stand together.", "A list of the clan", frozenset(), "")


def _found() -> SearchView:
    return _search("is:weapon", summary="15 items found")


def _mistyped() -> SearchView:
    error = SearchErrorView("There is no such word.", "is:weapon ", "is:exotc", " power:>400", "is:exotic", "#main")
    return _search("is:weapon is:exotc power:>400", error=error)
