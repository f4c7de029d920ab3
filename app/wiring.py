"""The one place where the parts are joined. Building them opens no connection: clients connect when first used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

import redis
from flask import Flask, current_app
from flask.ctx import AppContext
from sqlalchemy.orm import Session, scoped_session

from app import connections
from app.bungie.actions import BungieActions
from app.bungie.client import BungieClient
from app.bungie.http import BungieHttp
from app.bungie.oauth import BungieOAuth
from app.extensions import bcrypt, db
from app.manifest.finding import FinderStore
from app.manifest.singles import SingleRecords
from app.manifest.store import DefinitionStore
from app.services.accounts import AccountService
from app.services.annotations.book import AnnotationBook, Owner
from app.services.annotations.imports import AnnotationFiles
from app.services.annotations.labels import LabelService
from app.services.annotations.service import AnnotationService
from app.services.announcements import Announcer
from app.services.audit import AuditService
from app.services.changes import ChangesService
from app.services.characters import CharacterService
from app.services.clock import Clock, utc_now
from app.services.credentials import Credentials
from app.services.database import DatabaseService
from app.services.flights import Flights
from app.services.item import ItemService
from app.services.known_places import KnownPlaces
from app.services.later import Beside, Job, Later
from app.services.letters import Letter, LetterService
from app.services.loadouts.ingame import InGameLoadouts
from app.services.loadouts.service import LoadoutService
from app.services.loadouts.shelf import Shelf
from app.services.loadouts.table import Tables
from app.services.mail import Mailer
from app.services.manifest import ManifestService
from app.services.manifest_changes import ChangeLog
from app.services.moves.farming import FarmingService
from app.services.moves.hand import Hand
from app.services.moves.journal import MoveJournal
from app.services.moves.pictures import Pictures
from app.services.moves.queue import MoveQueues
from app.services.moves.runner import MoveRunner
from app.services.moves.service import MoveService
from app.services.moves.truth import MoveTruth
from app.services.naming import Naming
from app.services.new_items import NewItems
from app.services.organizer import ColumnChoices, OrganizerService
from app.services.own import OwnAnswers
from app.services.password_reset import PasswordReset
from app.services.passwords import Passwords
from app.services.preferences import PreferenceService
from app.services.privacy import PrivacyService
from app.services.profile_cache import ProfileCache
from app.services.profiles import ProfileService
from app.services.readiness import ReadinessService
from app.services.readings import Readings
from app.services.redis_breaker import Breaker
from app.services.registration import RegistrationService, Rules
from app.services.remembered import Remembered
from app.services.rescue import DefinitionRescue
from app.services.samples import SampleService
from app.services.sealing import Sealer
from app.services.search import SearchService
from app.services.searches import SearchBook
from app.services.sentences import Translate, in_english
from app.services.sessions import SessionService
from app.services.signed_links import CONFIRM, RESET, MailLinks
from app.services.staff import StaffService
from app.services.staff_admin import StaffAdmin
from app.services.tokens import TokenService
from app.services.troubles import Troubles
from app.services.unknown_items import SingleDefinitions, UnknownItems
from app.services.vault import VaultService
from app.services.vendors.cache import MarketCache
from app.services.vendors.service import VendorService
from app.services.vendors.stock import StockService
from app.services.webhook import Webhook
from app.services.wish_lists import WishListService
from app.services.wish_sources import SourceRules, WishListSource
from app.services.wishes import Wishes
from app.services.worse_copies import WorseCopies
from config import Settings

_EXTENSION = "vault_raider"


@dataclass(frozen=True, slots=True)
class Services:
    """Every use case, ready to be called."""

    accounts: AccountService
    annotation_files: AnnotationFiles
    annotations: AnnotationService
    announcer: Announcer
    audit: AuditService
    changes: ChangesService
    characters: CharacterService
    clock: Clock
    column_choices: ColumnChoices
    database: DatabaseService
    farming: FarmingService
    in_game: InGameLoadouts
    items: ItemService
    known_places: KnownPlaces
    labels: LabelService
    letters: LetterService
    loadouts: LoadoutService
    manifest: ManifestService
    moves: MoveService
    new_items: NewItems
    organizer: OrganizerService
    password_reset: PasswordReset
    preferences: PreferenceService
    privacy: PrivacyService
    profiles: ProfileService
    readiness: ReadinessService
    registration: RegistrationService
    samples: SampleService
    search: SearchService
    searches: SearchBook
    sessions: SessionService
    single_definitions: SingleDefinitions
    staff: StaffService
    staff_admin: StaffAdmin
    tokens: TokenService
    vault: VaultService
    vendors: VendorService
    wish_lists: WishListService
    wishes: Wishes
    worse_copies: WorseCopies


@dataclass(frozen=True, slots=True)
class Hooks:
    """What services need from the layers above them, handed down so that nothing points back.

    `request_id` names the request being answered; `wish_for_refresh` asks the workers for definitions,
    `wish_for_names` for single ones; `hand_over_moves` asks them to go on with an account's moves and tells whether
    they could be reached; `http` replaces the door to Bungie.net, for measurements that leave the wire out; `clock`
    tells the time; `breaker` is what is known of a failing Redis; `later` does what no page waits for,
    `beside` what waits for the network itself;
    `hand_over_wish_list` asks the workers for a wish list, and `wish_sources` are the hosts that those may come from.
    """

    request_id: Callable[[], str]
    wish_for_refresh: Callable[[], None]
    hand_over_moves: Callable[[int], bool] = lambda _account_id: False
    http: BungieHttp | None = None
    clock: Clock = utc_now
    wish_for_names: Callable[[str, Sequence[int]], None] = lambda _locale, _hashes: None
    breaker: Breaker = field(default_factory=Breaker)
    later: Callable[[Job], None] = field(default_factory=Later)
    beside: Callable[[str, Job], None] | None = None
    translate: Translate = in_english
    hand_over_wish_list: Callable[[int], bool] = lambda _list_id: False
    wish_sources: SourceRules = field(default_factory=SourceRules)


def init_app(app: Flask, settings: Settings, hooks: Hooks) -> None:
    def context() -> AppContext:
        """For work beside a request: what it writes down goes under the id of that request."""
        own = app.app_context()
        own.g.request_id = hooks.request_id()
        return own

    app.extensions[_EXTENSION] = build(settings, replace(hooks, beside=Beside(context)))


def services() -> Services:
    """The services of the current application."""
    found = current_app.extensions[_EXTENSION]
    assert isinstance(found, Services)  # noqa: S101 - narrows the type
    return found


@dataclass(frozen=True, slots=True)
class _Ground:
    """What nearly everything stands on."""

    settings: Settings
    hooks: Hooks
    session: scoped_session[Session]
    pages: redis.Redis
    http: BungieHttp
    client: BungieClient
    oauth: BungieOAuth
    definitions: DefinitionStore
    finders: FinderStore
    rescue: DefinitionRescue
    naming: Naming
    audit: AuditService
    tokens: TokenService
    profiles: ProfileService
    stock: StockService
    journal: MoveJournal
    truth: MoveTruth


@dataclass(frozen=True, slots=True)
class _People:
    """How staff prove who they are, and how letters reach people."""

    sessions: SessionService
    credentials: Credentials
    confirming: MailLinks
    resetting: MailLinks
    mailer: Mailer


@dataclass(frozen=True, slots=True)
class _Things:
    """What players own, what they say of it, and what they look for in it."""

    book: AnnotationBook
    shelf: Shelf
    vault: VaultService
    new_items: NewItems
    readings: Readings
    wishes: Wishes
    own: OwnAnswers
    search: SearchService
    annotations: AnnotationService


@dataclass(frozen=True, slots=True)
class _Hands:
    """What changes something in the game."""

    actions: BungieActions
    queues: MoveQueues
    pictures: Pictures
    moves: MoveService
    tables: Tables


def build(settings: Settings, hooks: Hooks) -> Services:
    ground = _ground(settings, hooks)
    people, things = _people(ground), _things(ground)
    hands = _hands(ground, things)
    session, clock, naming, profiles = ground.session, hooks.clock, ground.naming, ground.profiles
    changes = ChangeLog(session, clock)
    webhook = Webhook(settings.slack_webhook_url)
    letters = {Letter.CONFIRM: people.confirming, Letter.RESET: people.resetting}
    rules = Rules(is_open=settings.registration, needs_mail=people.mailer.is_on)
    wish_source = WishListSource(hooks.wish_sources)
    return Services(
        accounts=_accounts(ground),
        annotation_files=AnnotationFiles(session, things.book, things.annotations, clock),
        annotations=things.annotations,
        announcer=Announcer(
            session, people.mailer, webhook, settings.site_url, changes, hooks.translate, settings.manifest.locales[0]
        ),
        audit=ground.audit,
        changes=ChangesService(changes, naming),
        characters=CharacterService(naming),
        clock=clock,
        column_choices=ColumnChoices(settings.secret_key),
        database=DatabaseService(ground.finders, naming, ground.rescue, profiles, ground.truth),
        farming=FarmingService(session, hands.moves, hands.pictures, clock, ground.audit),
        items=ItemService(profiles, naming, ground.rescue, ground.truth, things.book.of),
        known_places=KnownPlaces(ground.pages, settings.secret_key),
        labels=LabelService(session, things.book),
        in_game=InGameLoadouts(hands.tables, hands.moves, hands.queues, hands.actions, ground.tokens, profiles),
        letters=LetterService(session, people.mailer, letters, settings.site_url, hooks.translate),
        loadouts=LoadoutService(things.shelf, hands.tables, hands.moves),
        manifest=connections.manifest_of(settings, session, ground.pages, ground.definitions),
        moves=hands.moves,
        new_items=things.new_items,
        organizer=OrganizerService(things.search),
        password_reset=PasswordReset(session, people.credentials, people.resetting),
        preferences=PreferenceService(session),
        privacy=PrivacyService(session, Remembered(profiles, ground.stock), ground.audit),
        profiles=profiles,
        readiness=ReadinessService(session, ground.pages, ground.definitions),
        registration=RegistrationService(session, people.credentials, people.confirming, ground.audit, clock, rules),
        samples=SampleService(naming),
        search=things.search,
        searches=SearchBook(session, clock),
        sessions=people.sessions,
        single_definitions=_single_definitions(ground),
        staff=StaffService(session, people.credentials, ground.audit, clock),
        staff_admin=StaffAdmin(session, people.credentials, people.sessions, ground.audit),
        tokens=ground.tokens,
        vault=things.vault,
        vendors=VendorService(things.vault, ground.stock, naming, things.wishes),
        wish_lists=WishListService(session, wish_source, clock, hooks.hand_over_wish_list),
        wishes=things.wishes,
        worse_copies=WorseCopies(things.readings, things.own),
    )


def _ground(settings: Settings, hooks: Hooks) -> _Ground:
    pages = connections.redis_of(settings.redis_url, connections.PAGE_PATIENCE_S, hooks.breaker)
    http = hooks.http or connections.bungie_of(settings.bungie, pages)
    oauth = BungieOAuth(http, settings.bungie.client_id, settings.bungie.client_secret)
    client = BungieClient(http)
    session = cast("scoped_session[Session]", db.session)
    definitions, finders = connections.definitions_of(settings, pages)
    audit = AuditService(session, hooks.clock, hooks.request_id)
    tokens = TokenService(session, oauth, Sealer(settings.token_keys), audit, hooks.clock)
    troubles = Troubles(pages, pause_s=settings.bungie.player_pause_s, look_every_s=settings.bungie.outage_look_s)
    cache, journal = ProfileCache(pages, hooks.later), MoveJournal(session, hooks.clock)
    return _Ground(
        settings=settings,
        hooks=hooks,
        session=session,
        pages=pages,
        http=http,
        client=client,
        oauth=oauth,
        definitions=definitions,
        finders=finders,
        rescue=DefinitionRescue(hooks.wish_for_refresh),
        naming=Naming(definitions, settings.manifest.locales[0], UnknownItems(hooks.wish_for_names)),
        audit=audit,
        tokens=tokens,
        profiles=ProfileService(
            client, tokens, cache, Flights(pages), troubles, settings.profile_ttl_s, beside=hooks.beside
        ),
        stock=StockService(client, tokens, MarketCache(pages), Flights(pages), troubles),
        journal=journal,
        truth=MoveTruth(journal, hooks.clock),
    )


def _people(ground: _Ground) -> _People:
    settings, session, clock = ground.settings, ground.session, ground.hooks.clock
    sessions = SessionService(session, ground.audit, clock)
    passwords = Passwords(bcrypt, settings.bcrypt_rounds)
    return _People(
        sessions=sessions,
        credentials=Credentials(session, passwords, sessions, ground.audit),
        confirming=MailLinks(session, settings.secret_key, clock, CONFIRM),
        resetting=MailLinks(session, settings.secret_key, clock, RESET),
        mailer=Mailer(settings.smtp_url, settings.mail_from),
    )


def _things(ground: _Ground) -> _Things:
    session, naming, clock = ground.session, ground.naming, ground.hooks.clock
    book, shelf = AnnotationBook(session, clock), Shelf(session, clock)
    vault = VaultService(ground.profiles, naming, ground.rescue, ground.truth, book.of)
    new_items, readings = NewItems(session, clock), Readings(naming)
    wishes = Wishes(session, naming, readings)
    own = OwnAnswers(new_items, wishes, shelf)
    search = SearchService(vault, readings, own)
    annotations = AnnotationService(book, ground.profiles, search, naming)
    return _Things(book, shelf, vault, new_items, readings, wishes, own, search, annotations)


def _hands(ground: _Ground, things: _Things) -> _Hands:
    hooks, profiles, naming = ground.hooks, ground.profiles, ground.naming
    pictures = Pictures(
        profiles,
        naming,
        ground.truth,
        ground.settings.manifest.locales[0],
        hooks.clock,
        lambda batch: things.book.tags(Owner(batch.account_id, batch.membership_id)),
        lambda batch: things.shelf.held(batch.account_id, batch.membership_id),
        ground.journal.moved_at,
    )
    actions, queues = BungieActions(ground.http), MoveQueues(ground.session, hooks.clock)
    runner = MoveRunner(ground.journal, queues, pictures, lambda: Hand(actions, ground.tokens))
    moves = MoveService(
        ground.journal, runner, pictures, hooks.clock, ground.audit, hooks.request_id, hooks.hand_over_moves
    )
    return _Hands(actions, queues, pictures, moves, Tables(profiles, naming, ground.truth))


def _accounts(ground: _Ground) -> AccountService:
    return AccountService(
        ground.session,
        ground.oauth,
        ground.client,
        ground.tokens,
        ground.audit,
        ground.hooks.clock,
        uses_pkce=ground.settings.bungie.uses_pkce,
    )


def _single_definitions(ground: _Ground) -> SingleDefinitions:
    return SingleDefinitions(ground.client, ground.definitions, SingleRecords(ground.pages), ground.pages)
