"""What every test may ask for; the fixtures themselves live in tests/fixtures, one kind of service a file."""

from __future__ import annotations

pytest_plugins = [
    "tests.fixtures.network",
    "tests.fixtures.garbage",
    "tests.fixtures.redis_server",
    "tests.fixtures.postgres",
    "tests.fixtures.site",
    "tests.fixtures.player",
    "tests.fixtures.logs",
    "tests.fixtures.mail",
    "tests.fixtures.clock",
    "tests.fixtures.worker",
    "tests.fixtures.dying",
    "tests.fixtures.tokens",
    "tests.fixtures.browser",
]
