"""The characters: side by side, and each on a page of its own."""

from __future__ import annotations

from flask import abort, request
from werkzeug.wrappers import Response

from app.main.blueprint import bp
from app.main.character.viewmodels import CharacterPage, CharactersPage
from app.main.present_characters import CharacterPresenter
from app.main.present_search import search_view
from app.main.searched import laid_out_context, searched_or_news
from app.services.search import Found
from app.web.access import PLAYER, access, require_viewer
from app.web.languages import item_locale
from app.wiring import services


@bp.get("/characters")
@access(PLAYER)
def characters() -> Response:
    found = _found()
    company = services().characters.compare(found.snapshot, item_locale())
    page = CharacterPresenter(found, laid_out_context(found), company).characters()
    return _answer("characters", page, found)


@bp.get("/characters/<character_id>")
@access(PLAYER)
def character(character_id: str) -> Response:
    found = _found()
    told = services().characters.tell(found.snapshot, item_locale(), character_id)
    page = CharacterPresenter(found, laid_out_context(found), told.company).character(told) if told else None
    if page is None:
        abort(404)
    return _answer("character", page, found)


def _found() -> Found:
    return services().search.load(require_viewer(), item_locale(), request.args.get("q", ""))


def _answer(name: str, page: CharactersPage | CharacterPage, found: Found) -> Response:
    search = search_view(found, page.frame.characters, request.path, request.args)
    return searched_or_news(name, page, search, found)
