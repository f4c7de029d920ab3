"""Choosing what goes into the sockets of one piece of a loadout."""

from __future__ import annotations

import re

from flask import abort, render_template, request
from werkzeug.wrappers import Response

from app.inventory.loadouts.model import MOST_PLUGS
from app.main.blueprint import bp
from app.main.loadouts.forms import ChooseForm
from app.main.loadouts.sockets import socket_page
from app.main.loadouts.views import bad_form, to_page
from app.web.access import PLAYER, access, require_viewer
from app.web.languages import item_locale
from app.web.urls import picture_urls
from app.wiring import services

_SOCKET = re.compile(r"socket-(\d{1,2})")
_PLUG = re.compile(r"\d{1,10}")
_HASHES = 2**32


@bp.get("/loadouts/<string(length=16):public_id>/pieces/<piece>")
@access(PLAYER)
def piece_sockets(public_id: str, piece: str) -> str:
    found = services().loadouts.sockets(require_viewer(), public_id, piece, item_locale()) or abort(404)
    return render_template("loadouts/piece.html", page=socket_page(found, picture_urls()))


@bp.post("/loadouts/<string(length=16):public_id>/pieces/<piece>")
@access(PLAYER, rate="change")
def choose_plugs(public_id: str, piece: str) -> Response:
    """`socket-3` is the plug for the fourth socket, 0 to leave it; or all as they are in the copy now."""
    form, chosen = ChooseForm(), _chosen()
    if not form.validate() or chosen is None:
        return bad_form(form)
    if form.all.data == "now":
        kept = services().loadouts.choose_as_now(require_viewer(), public_id, piece, item_locale())
    else:
        kept = services().loadouts.choose(require_viewer(), public_id, piece, chosen)
    return to_page(kept)


def _chosen() -> dict[int, int] | None:
    """None for a form that no page of ours has sent."""
    found: dict[int, int] = {}
    for name, value in request.form.items():
        if socket := _SOCKET.fullmatch(name):
            if not _PLUG.fullmatch(value) or int(value) >= _HASHES:
                return None
            found[int(socket[1])] = int(value)
    return found if len(found) <= MOST_PLUGS else None
