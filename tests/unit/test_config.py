"""Settings: read once, typed, and every fault named at once, never its value."""

from __future__ import annotations

import base64

import pytest

from config import INSTANCE, SettingsError, from_env

# The same in every process, because it stands in the names of tests.
KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
PRODUCTION = {
    "FLASK_CONFIG": "production", "SECRET_KEY": "0123456789abcdef0123", "TOKEN_KEYS": KEY, "BUNGIE_API_KEY": "k",
    "BUNGIE_CLIENT_ID": "1", "BUNGIE_CLIENT_SECRET": "s",
}  # fmt: skip


def problems(environ: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as caught:
        from_env(environ)
    return str(caught.value)


def test_production_names_every_missing_setting_at_once() -> None:
    told = problems({"FLASK_CONFIG": "production"})
    for name in ("SECRET_KEY", "TOKEN_KEYS", "BUNGIE_API_KEY", "BUNGIE_CLIENT_ID", "BUNGIE_CLIENT_SECRET"):
        assert name in told


def test_production_needs_nothing_beyond_the_required_settings() -> None:
    settings = from_env(PRODUCTION)
    assert (settings.port, settings.profile_ttl_s, settings.manifest.refresh_s) == (5000, 30, 300)
    assert settings.bungie.root == settings.bungie.image_root == "https://www.bungie.net"
    assert settings.celery_broker_url == settings.redis_url


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "http"), ("PORT", "0"), ("PROFILE_TTL_S", "-1"), ("MANIFEST_REFRESH_S", "1e9"), ("BUNGIE_ROOT", "bungie"),
     ("BUNGIE_ROOT", "http://bungie.example"), ("TOKEN_KEYS", "secret-canary"), ("SECRET_KEY", "canary"),
     ("MANIFEST_LOCALES", "tlh"), ("FLASK_CONFIG", "prod")],
)  # fmt: skip
def test_an_unusable_value_is_named_without_being_shown(name: str, value: str) -> None:
    told = problems(PRODUCTION | {name: value})
    assert name in told
    assert "canary" not in told


def test_the_copy_of_the_definitions_lies_in_the_instance_folder_and_tests_write_none_there() -> None:
    assert from_env(PRODUCTION).manifest.copies_dir == INSTANCE / "definitions"
    assert str(from_env(PRODUCTION | {"DEFINITIONS_DIR": "/var/x"}).manifest.copies_dir) == "/var/x"
    assert from_env({"FLASK_CONFIG": "testing"}).manifest.copies_dir is None


def test_the_stored_tokens_key_is_never_the_cookie_s() -> None:
    assert "TOKEN_KEYS" in problems(PRODUCTION | {"SECRET_KEY": KEY})


def test_plain_http_to_bungie_is_for_the_loopback_only() -> None:
    assert from_env(PRODUCTION | {"BUNGIE_ROOT": "http://127.0.0.1:8080/"}).bungie.root == "http://127.0.0.1:8080"


@pytest.mark.parametrize("url", ["postgres://u:p@h/d", "postgresql://u:p@h/d"])
def test_the_short_postgres_address_is_accepted(url: str) -> None:
    assert from_env({"FLASK_CONFIG": "testing", "DATABASE_URL": url}).database_url == "postgresql+psycopg://u:p@h/d"


def test_a_settings_object_hides_its_secrets() -> None:
    shown = repr(from_env(PRODUCTION | {"BUNGIE_CLIENT_SECRET": "canary"}))
    assert "canary" not in shown
    assert KEY not in shown
    assert PRODUCTION["SECRET_KEY"] not in shown


def test_demo_makes_its_own_secrets_up() -> None:
    first, second = (from_env({"FLASK_CONFIG": "demo"}) for _ in range(2))
    assert first.secret_key != second.secret_key
    assert first.token_keys != second.token_keys


@pytest.mark.parametrize(
    ("name", "value"),
    [("TOKEN_KEYS", ""), ("TOKEN_KEYS", "A" * 43 + "="), ("TOKEN_KEYS", PRODUCTION["SECRET_KEY"]), ("SECRET_KEY", ""),
     ("SECRET_KEY", "change-me-change-me"), ("SECRET_KEY", "x" * 40), ("SECRET_KEY", KEY), ("FLASK_DEBUG", "1")],
)  # fmt: skip
def test_production_starts_with_no_secret_that_is_missing_guessable_or_used_twice(name: str, value: str) -> None:
    told = problems(PRODUCTION | {name: value})
    assert name in told or "SECRET_KEY" in told
    assert not value or value == "1" or value not in told


def test_every_secret_of_the_settings_is_known_to_the_redaction() -> None:
    full = PRODUCTION | {
        "DATABASE_URL": "postgres://vault:db-canary@db/vault", "REDIS_URL": "redis://:redis-canary@redis/0",
        "SMTP_URL": "smtp://me:mail-canary@mail", "MAIL_FROM": "vault@example.org",
        "SLACK_WEBHOOK_URL": "https://hooks.example/slack-canary", "BUNGIE_CLIENT_SECRET": "client-canary",
        "SECRET_KEY_FALLBACKS": "an earlier key of the cookies: cookie-canary",
    }  # fmt: skip
    known = " ".join(from_env(full).secrets)
    for canary in ("db-canary", "redis-canary", "mail-canary", "slack-canary", "client-canary", "cookie-canary", KEY):
        assert canary in known
