"""The unbound extension objects, and the habits of every database connection. Of ours it knows the tables' base."""

from __future__ import annotations

import sqlite3
from typing import Any

from flask_babel import Babel
from flask_bcrypt import Bcrypt
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.models.base import Base

db = SQLAlchemy(metadata=Base.metadata)
migrate = Migrate(render_as_batch=True, compare_type=True)
login_manager = LoginManager()
csrf = CSRFProtect()
bcrypt = Bcrypt()
babel = Babel()
compress = Compress()
# The first request that finds Redis gone makes the limiter count in this process; the others that wait with it at that
# very moment would each be a 500 unless errors are swallowed. Every later one is counted.
limiter = Limiter(
    get_remote_address,
    strategy="moving-window",
    in_memory_fallback_enabled=True,
    swallow_errors=True,
)

_PRAGMAS = ("foreign_keys=ON", "journal_mode=WAL", "busy_timeout=5000", "synchronous=NORMAL", "secure_delete=ON")


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """SQLite as a server's database: foreign keys on, readers beside one writer, waiting instead of failing.

    What is deleted is written over, so that "deleted" is also true of the file.
    """
    if not isinstance(connection, sqlite3.Connection):
        return
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
