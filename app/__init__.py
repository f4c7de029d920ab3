"""Destiny Vault Raider: the application factory. It reads like a table of contents and performs no I/O."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import configuration, wiring
from app.api.views import bp as api
from app.auth import register_views, reset_views, staff_views  # noqa: F401 - importing them adds their views
from app.auth import views as auth_views  # noqa: F401
from app.auth.blueprint import bp as auth
from app.extensions import bcrypt, compress, csrf, db, limiter, login_manager, migrate
from app.main import (  # noqa: F401 - importing them adds their views
    account_views,
    admin,
    changes_views,
    character_views,
    database_views,
    language_views,
    move_farming_views,
    move_many_views,
    move_views,
    search_views,
    styleguide,
    vault_views,
    views,
)
from app.main.annotations import views as annotation_views  # noqa: F401
from app.main.blueprint import bp as main
from app.main.compare import views as compare_views  # noqa: F401
from app.main.loadouts import apply_views, ingame_views, piece_views  # noqa: F401
from app.main.loadouts import views as loadout_views  # noqa: F401
from app.main.organizer import views as organizer_views  # noqa: F401
from app.main.searches import views as searches_views  # noqa: F401
from app.main.vendors import views as vendor_views  # noqa: F401
from app.main.wishes import views as wish_views  # noqa: F401
from app.services.redis_breaker import Breaker
from app.tasks import create_celery, hand_over_moves, wish_for_refresh
from app.tasks.unknown_items import wish_for_names
from app.tasks.wish_lists import hand_over_wish_list
from app.web import access, assets, errors, headers, identity, languages, logs, origin, templating, uploads
from config import Settings, from_env


def create_app(settings: Settings | None = None) -> Flask:
    """The whole application for these settings (the environment's by default).

    Raises config.SettingsError that names everything missing. Opens no connection: it succeeds without a database,
    Redis or network.
    """
    settings = settings or from_env()
    app = Flask(__name__, instance_relative_config=True)
    breaker = Breaker()
    configuration.apply(app, settings, breaker)
    if settings.is_production:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    uploads.init_app(app)
    for extension in (db, login_manager, csrf, bcrypt, limiter, compress):
        extension.init_app(app)
    migrate.init_app(app, db)
    hooks = wiring.Hooks(
        headers.current_request_id,
        wish_for_refresh,
        wish_for_names=wish_for_names,
        hand_over_moves=hand_over_moves,
        breaker=breaker,
        translate=languages.translated,
        hand_over_wish_list=hand_over_wish_list,
    )
    wiring.init_app(app, settings, hooks)
    logs.init_app(app, settings.secrets)
    origin.init_app(app)
    access.init_app(app)
    identity.init_app(app)
    languages.init_app(app)
    templating.init_app(app)
    assets.init_app(app)
    for blueprint in (main, auth, api):
        app.register_blueprint(blueprint)
    errors.init_app(app)
    headers.init_app(app)
    app.extensions["celery"] = create_celery(app, settings)
    return app
