"""The characters: side by side, and each on a page of its own."""

from __future__ import annotations

from flask import Response, abort, request

from app.main.blueprint import bp
from app.main.present_characters import CharacterPresenter
from app.main.present_search import search_view
from app.main.searched import page_context, searched
from app.services.search import Found
from app.web.access import PLAYER, access, require_viewer
from app.web.languages import item_locale
from app.wiring import services


@bp.get("/characters")
@access(PLAYER)
def characters() -> Response:
    found = _found()
    loadouts = services().characters.compare(found.snapshot)
    page = CharacterPresenter(found.snapshot, page_context(found.snapshot), found.whole).characters(loadouts)
    return searched("characters", page, search_view(found, page.characters, request.path))


@bp.get("/characters/<character_id>")
@access(PLAYER)
def character(character_id: str) -> Response:
    found = _found()
    told = services().characters.tell(found.snapshot, item_locale(), character_id)
    presenter = CharacterPresenter(found.snapshot, page_context(found.snapshot), found.whole)
    page = presenter.character(told) if told else None
    if page is None:
        abort(404)
    return searched("character", page, search_view(found, page.characters, request.path))


def _found() -> Found:
    return services().search.load(require_viewer(), item_locale(), request.args.get("q", ""))
