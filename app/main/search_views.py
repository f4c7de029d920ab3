"""What belongs to the search box: how its language is written, and what could be typed next."""

from __future__ import annotations

from flask import render_template, request

from app.inventory.search.parser import MOST_CHARACTERS
from app.main.blueprint import bp
from app.main.present_search import help_chapters
from app.web.access import PLAYER, PUBLIC, access, require_viewer
from app.web.languages import item_locale
from app.wiring import services

MOST_KEPT, _MOST_NAMES = 5, 10


@bp.get("/search/help")
@access(PUBLIC)
def search_help() -> str:
    return render_template("main/search_help.html", chapters=help_chapters())


@bp.get("/search/words")
@access(PLAYER)
def search_words() -> str:
    """The options of the box's list, for the text so far: searches that the person keeps, then words."""
    text, person = request.args.get("q", "")[:MOST_CHARACTERS], require_viewer()
    kept = services().searches.of(person.user_id).matching(text, MOST_KEPT)
    words = services().search.complete(person, item_locale(), text)
    return render_template("components/search_words.html", kept=kept, words=words)


@bp.get("/database/words")
@access(PUBLIC)
def database_words() -> str:
    """The options of the list under the box of the item database: names of what fits best so far, or values."""
    text = request.args.get("q", "")[:MOST_CHARACTERS].strip()
    words = services().database.complete(item_locale(), text, _MOST_NAMES) if text else ()
    return render_template("components/search_words.html", kept=(), words=words)
