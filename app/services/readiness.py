"""Whether this process could serve a player now: database, Redis, definitions."""

from __future__ import annotations

from collections.abc import Iterable

import redis
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, scoped_session

from app.manifest.store import DefinitionStore


class ReadinessService:
    def __init__(self, session: scoped_session[Session], client: redis.Redis, definitions: DefinitionStore) -> None:
        self._session = session
        self._redis = client
        self._definitions = definitions

    def check(self, locales: Iterable[str]) -> dict[str, bool]:
        """What works, by name: database, redis, manifest."""
        return {
            "database": self._database(),
            "redis": self._redis_answers(),
            "manifest": all(self._has_definitions(locale) for locale in locales),
        }

    def _database(self) -> bool:
        try:
            self._session.execute(text("SELECT 1"))
        except SQLAlchemyError:
            self._session.rollback()
            return False
        return True

    def _redis_answers(self) -> bool:
        try:
            return bool(self._redis.ping())
        except redis.RedisError:
            return False

    def _has_definitions(self, locale: str) -> bool:
        """The copy on disk is as good: pages name everything from it."""
        return not self._definitions.resolve(locale, {}).missing
