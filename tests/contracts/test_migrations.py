"""Migrations lead exactly to the tables of app.models, up, down and up again, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect

from app import create_app
from app.extensions import db
from app.models import Base
from config import from_env
from tests.shared import ROOT

FOLDER = str(ROOT / "migrations")


@pytest.fixture(params=["sqlite", "postgres"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    url = f"sqlite:///{tmp_path}/m.sqlite3" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    made = create_app(from_env({"FLASK_CONFIG": "testing", "DATABASE_URL": url}))
    with made.app_context():
        yield made
        db.engine.dispose()


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def shape() -> dict[str, list[tuple[str, str, bool]]]:
    look = inspect(db.engine)
    return {
        table: [(column["name"], str(column["type"]), column["nullable"]) for column in look.get_columns(table)]
        for table in sorted(tables())
    }


def test_the_newest_migration_equals_the_models(app: Flask) -> None:
    flask_migrate.upgrade(directory=FOLDER)
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_up_down_and_up_again_ends_in_the_same_shape(app: Flask) -> None:
    flask_migrate.upgrade(directory=FOLDER)
    first = shape()
    assert set(first) == set(Base.metadata.tables)
    flask_migrate.downgrade(directory=FOLDER, revision="base")
    assert tables() == set()
    flask_migrate.upgrade(directory=FOLDER)
    assert shape() == first


def test_each_single_step_goes_up_and_down(app: Flask) -> None:
    script = ScriptDirectory(FOLDER)
    revisions = [revision.revision for revision in script.walk_revisions()][::-1]
    assert len(script.get_heads()) == 1
    for revision in revisions:
        flask_migrate.upgrade(directory=FOLDER, revision=revision)
        flask_migrate.downgrade(directory=FOLDER, revision="-1")
        flask_migrate.upgrade(directory=FOLDER, revision=revision)
