"""Our settings -> the configuration keys of Flask and its extensions."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from app.services.redis_breaker import Breaker
from config import Settings

# How long a page waits for a connection that others have.
_POOL_TIMEOUT_S = 3
# Redis must never hold a page up: a limiter that waits is worse than one that counts alone.
_REDIS_OPTIONS = {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}


def apply(app: Flask, settings: Settings, breaker: Breaker) -> None:
    """`breaker` is shared with the services: what one learns of Redis spares the other a time-out."""
    secure = settings.is_production
    app.config.update(
        ENVIRONMENT=settings.environment,
        TESTING=settings.environment == "testing",
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        SESSION_COOKIE_NAME="__Host-vault_raider" if secure else "vault_raider",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",  # Strict would lose the sign-in attempt on the way back from Bungie
        PERMANENT_SESSION_LIFETIME=timedelta(days=1),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings.database_url),
        MAX_CONTENT_LENGTH=64 * 1024,
        MAX_FORM_PARTS=200,
        WTF_CSRF_SSL_STRICT=False,  # the token protects; some privacy tools strip the Referer that this asks for
        WTF_CSRF_TIME_LIMIT=None,  # a tab may stay open overnight; the token lives as long as the session
        RATELIMIT_STORAGE_URI=settings.redis_url,
        RATELIMIT_STORAGE_OPTIONS={**_REDIS_OPTIONS, "retry": breaker},
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=4,
        COMPRESS_LEVEL=5,
        COMPRESS_STREAMS=False,
        BUNGIE_ROOT=settings.bungie.root,
        IMAGE_ROOT=settings.bungie.image_root,
        LOCALES=settings.manifest.locales,
    )


def _engine_options(url: str) -> dict[str, object]:
    # Errors of the database must not tell the values of the statement: they are password hashes and sealed tokens.
    common: dict[str, object] = {"hide_parameters": True}
    if not url.startswith("postgresql"):
        return common
    from app.postgres import Connector  # noqa: PLC0415 - loads libpq: only where it is used

    return common | {"pool_pre_ping": True, "pool_timeout": _POOL_TIMEOUT_S, "creator": Connector(url)}
