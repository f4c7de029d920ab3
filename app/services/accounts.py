"""Players' accounts: connecting one or several through Bungie, and choosing which Destiny membership is shown."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, scoped_session

from app.bungie.client import BungieClient
from app.bungie.errors import BungieError
from app.bungie.http import Deadline
from app.bungie.oauth import BungieOAuth, TokenPair
from app.bungie.payloads import BungieUser, Membership
from app.models import BungieAccount, DestinyMembership, User
from app.services.audit import AuditService, Kind
from app.services.clock import Clock
from app.services.tokens import TokenService

# Bungie: no Destiny account there; a legacy platform that cannot be read.
_NO_DESTINY = {1601, 1670}
_CONNECT_S = 12.0


class NoDestinyAccountError(Exception):
    """The person signed in, but has no Destiny 2 account that can be shown."""


class AlreadyConnectedError(Exception):
    """The Bungie account belongs to another person's login here; neither of the two was changed."""


class AccountService:
    def __init__(
        self,
        session: scoped_session[Session],
        oauth: BungieOAuth,
        client: BungieClient,
        tokens: TokenService,
        audit: AuditService,
        clock: Clock,
        *,
        uses_pkce: bool = False,
    ) -> None:
        self._session = session
        self._oauth = oauth
        self._client = client
        self._tokens = tokens
        self._audit = audit
        self._clock = clock
        self._uses_pkce = uses_pkce

    def authorize_url(self, state: str, *, verifier: str = "", reauthorize: bool = False) -> str:
        return self._oauth.authorize_url(state, verifier=verifier if self._uses_pkce else "", reauthorize=reauthorize)

    def connect(self, code: str, link_to: int | None = None, *, verifier: str = "") -> int:
        """Exchanges a code, finds the person's memberships and keeps both; returns the user's id.

        `link_to` is the user who asked for one more account; without it the account's own user is found or made.
        Identity is the Bungie.net membership id of the token answer and nothing else. Raises BungieErrors,
        NoDestinyAccountError when there is nothing to show, and AlreadyConnectedError when the account is another's.
        """
        deadline = Deadline(_CONNECT_S)
        pair = self._oauth.exchange(code, deadline, verifier=verifier if self._uses_pkce else "")
        user = self._client.get_memberships_for_current_user(pair.access_token, deadline)
        memberships, primary = self._memberships(user, pair, deadline)
        if not memberships:
            raise NoDestinyAccountError
        try:
            return self._store(pair, user.name, memberships, primary, link_to)
        except IntegrityError:
            self._session.rollback()  # another tab of the same new player was first: now the rows are there
            return self._store(pair, user.name, memberships, primary, link_to)

    def _store(
        self, pair: TokenPair, name: str, memberships: list[Membership], primary: str, link_to: int | None
    ) -> int:
        account = self._account(pair.membership_id, link_to)
        account.name = name
        self._keep(account, memberships, primary)
        self._tokens.store(account, pair)
        self._session.flush()
        self._owner(account.user_id).shown_account_id = account.id
        self._session.commit()
        return account.user_id

    def linked(self, user_id: int) -> tuple[BungieAccount, ...]:
        """A person's Bungie accounts with their memberships, in the order in which they were first connected."""
        query = select(BungieAccount).where(BungieAccount.user_id == user_id).order_by(BungieAccount.id)
        return tuple(self._session.scalars(query))

    def choose(self, user_id: int, membership_id: str) -> bool:
        """Shows another membership of any linked account from now on; False when it is not this person's."""
        for account in self.linked(user_id):
            for card in account.memberships:
                if card.membership_id == membership_id:
                    account.chosen_membership_id = membership_id
                    self._owner(user_id).shown_account_id = account.id
                    self._audit.record(Kind.CHOSE_MEMBERSHIP, user_id, card.name)
                    self._session.commit()
                    return True
        return False

    def _memberships(self, user: BungieUser, pair: TokenPair, deadline: Deadline) -> tuple[list[Membership], str]:
        """Memberships worth showing, and the one to begin with: Bungie's primary, else the last played.

        LinkedProfiles knows what is overridden and when it was played; where it does not answer, the cards of the
        current user must do.
        """
        try:
            linked = self._client.get_linked_profiles(pair.membership_id, pair.access_token, deadline=deadline)
        except BungieError:
            if not user.memberships:
                raise
            linked = user.memberships
        usable = [card for card in linked if not card.is_overridden and card.error_code not in _NO_DESTINY]
        return usable, user.primary_membership_id or _best(usable)

    def _account(self, membership_id: str, link_to: int | None) -> BungieAccount:
        found = self._session.scalar(select(BungieAccount).where(BungieAccount.membership_id == membership_id))
        if found is None:
            return self._new_account(membership_id, link_to or self._new_user())
        if link_to not in {None, found.user_id}:
            self._audit.record(Kind.LINK_REFUSED, link_to, "it belongs to another login")
            self._session.commit()
            raise AlreadyConnectedError
        return found

    def _new_user(self) -> int:
        user = User(role="player", created_at=self._clock())
        self._session.add(user)
        self._session.flush()
        return user.id

    def _new_account(self, membership_id: str, user_id: int) -> BungieAccount:
        now = self._clock()
        account = BungieAccount(
            user_id=user_id, membership_id=membership_id, access_ends_at=now, refresh_ends_at=now, connected_at=now
        )
        self._session.add(account)
        self._audit.record(Kind.CONNECTED, user_id, f"Bungie account {membership_id}")
        return account

    def _owner(self, user_id: int) -> User:
        return self._session.get_one(User, user_id)

    def _keep(self, account: BungieAccount, memberships: list[Membership], primary: str) -> None:
        account.connected_at = self._clock()
        known = {card.membership_id: card for card in account.memberships}
        account.memberships = [_updated(known.get(card.membership_id), card) for card in memberships]
        ids = {card.membership_id for card in memberships}
        if account.chosen_membership_id not in ids:
            account.chosen_membership_id = primary if primary in ids else _best(memberships)


def _best(cards: Iterable[Membership]) -> str:
    best = max(
        cards, key=lambda card: (card.error_code == 0, card.is_cross_save_primary, card.last_played), default=None
    )
    return best.membership_id if best else ""


def _updated(row: DestinyMembership | None, card: Membership) -> DestinyMembership:
    row = row or DestinyMembership(membership_id=card.membership_id)
    row.membership_type = card.membership_type
    row.name = card.name
    row.last_played = card.last_played
    row.is_cross_save_primary = card.is_cross_save_primary
    return row
