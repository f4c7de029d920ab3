"""Alembic's environment: the application's own database and the tables of app.models."""

from alembic import context
from flask import current_app

import app.models  # noqa: F401 - makes every table known
from app.models.base import Base, UtcDateTime


def _engine():
    return current_app.extensions["migrate"].db.engine


def _render_item(kind, thing, _autogen_context):
    """Migrations stay readable by later releases: plain SQL types instead of ours."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run_offline() -> None:
    context.configure(
        url=_engine().url.render_as_string(hide_password=False), target_metadata=Base.metadata, literal_binds=True
    )
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    options = current_app.extensions["migrate"].configure_args
    with _engine().connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.connection.driver_connection.take_time()
        context.configure(connection=connection, target_metadata=Base.metadata, render_item=_render_item, **options)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
