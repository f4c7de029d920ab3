"""The thumbs on tiles: up for rolls that a wish list recommends, down for those to throw away."""

from __future__ import annotations

from flask_babel import gettext

from app.main.tile_marks import Marks, TileMark
from app.services.sessions import Viewer
from app.services.vault import VaultSnapshot
from app.web.languages import item_locale
from app.wiring import services


def wish_marks(viewer: Viewer, snapshot: VaultSnapshot) -> Marks:
    wishes = services().wishes.of_copies(viewer.user_id, snapshot, item_locale())
    if not wishes:
        return {}
    up = TileMark(("wish-up",), gettext("on a wish list"))
    down = TileMark(("wish-down",), gettext("a wish list says to throw it away"))
    return {key: down if wish.is_trash else up for key, wish in wishes.items()}
