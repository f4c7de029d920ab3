"""What a search may ask of the player's own visits and choices, put together from the services that keep them."""

from __future__ import annotations

from app.inventory.search.own import Own
from app.services.loadouts.shelf import Shelf
from app.services.new_items import NewItems
from app.services.sessions import Viewer
from app.services.vault import VaultSnapshot
from app.services.wishes import Wishes


class OwnAnswers:
    """Made once; every search asks it for the answers that belong to who searches."""

    def __init__(self, new_items: NewItems, wishes: Wishes, shelf: Shelf) -> None:
        self._new_items = new_items
        self._wishes = wishes
        self._shelf = shelf

    def of(self, viewer: Viewer, snapshot: VaultSnapshot, locale: str) -> Own:
        known = self._new_items.known_up_to(viewer.seen)
        return Own(
            is_new=lambda instance_id: known is not None and int(instance_id) > known,
            known_by=lambda since: self._new_items.known_by(viewer.account_id or 0, viewer.seen, since),
            annotations=snapshot.annotations,
            loadouts=lambda: self._shelf.holders(viewer),
            wish_book=lambda: self._wishes.book(viewer.user_id),
            wishes=lambda: self._wishes.of_copies(viewer.user_id, snapshot, locale),
        )
