"""How a person wants the site, in every browser of theirs."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session, scoped_session

from app.inventory.grouping import GROUPINGS
from app.inventory.layout import Layout
from app.inventory.sorting import Order, read_order, written
from app.models import User

# A profile has some sixty sections on its pages; whoever folds more than this has written the requests by hand.
MOST_FOLDED = 200


def kept_layout(user: User) -> Layout:
    """The layout that a person has kept. A grouping that is gone by now is none."""
    group = user.vault_group if user.vault_group in GROUPINGS else ""
    return Layout(read_order([user.vault_sort]), group, frozenset(user.vault_folded.split()))


class PreferenceService:
    def __init__(self, session: scoped_session[Session]) -> None:
        self._session = session

    def choose_language(self, user_id: int, locale: str) -> None:
        """`locale` is Bungie's name of a language, such as "pt-br"."""
        self._set(user_id, language=locale)

    def keep_layout(self, user_id: int, order: Order, group: str) -> None:
        self._set(user_id, vault_sort=written(order), vault_group=group if group in GROUPINGS else "")

    def fold(self, user_id: int, section: str, *, is_folded: bool) -> None:
        """Keeps a section closed, or open. Of too many the one that was closed first opens again."""
        # Locked, because two sections may be folded in one moment.
        text = self._session.scalar(select(User.vault_folded).where(User.id == user_id).with_for_update()) or ""
        names = [name for name in text.split() if name != section] + [section] * is_folded
        self._set(user_id, vault_folded=" ".join(names[-MOST_FOLDED:]))

    def _set(self, user_id: int, **values: str) -> None:
        self._session.execute(update(User).where(User.id == user_id).values(**values))
        self._session.commit()
