"""What belongs to the search box: how its language is written, and what could be typed next."""

from __future__ import annotations

from flask import render_template, request

from app.inventory.search.parser import MOST_CHARACTERS
from app.main.blueprint import bp
from app.main.present_search import help_chapters
from app.web.access import PLAYER, PUBLIC, access, require_viewer
from app.web.languages import item_locale
from app.wiring import services


@bp.get("/search/help")
@access(PUBLIC)
def search_help() -> str:
    return render_template("main/search_help.html", chapters=help_chapters())


@bp.get("/search/words")
@access(PLAYER)
def search_words() -> str:
    """The options of the box's list, for the text so far."""
    text = request.args.get("q", "")[:MOST_CHARACTERS]
    return render_template(
        "components/search_words.html", words=services().search.complete(require_viewer(), item_locale(), text)
    )
