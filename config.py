"""Typed settings, read from the environment once. Nothing else in the project reads `os.environ`."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

ROOT = Path(__file__).resolve().parent
INSTANCE = ROOT / "instance"

ENVIRONMENTS = ("development", "demo", "testing", "production")
BUNGIE_LOCALES = (
    "en", "fr", "de", "it", "ja", "pt-br", "es", "es-mx", "ru", "pl", "ko", "zh-chs", "zh-cht",
)  # fmt: skip
_PLACEHOLDERS = ("changeme", "changethis", "yoursecret", "secretkey", "replaceme", "developmentkey", "supersecret")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SettingsError(Exception):
    """The environment cannot be used. `problems` names every setting at fault at once, never a value."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("These settings need attention:\n" + "\n".join(f"  - {line}" for line in problems))


@dataclass(frozen=True, slots=True)
class BungieSettings:
    """Where Bungie.net is and who we are there. `__repr__` leaves the secrets out.

    How long it is left alone, in seconds: `pause_s` after several failures in a row, `player_pause_s` for one player
    after a failure of theirs, `outage_look_s` while its API is switched off.
    """

    root: str = "https://www.bungie.net"
    image_root: str = "https://www.bungie.net"
    api_key: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    uses_pkce: bool = False
    connect_timeout_s: float = 3.0
    read_timeout_s: float = 9.0
    max_answer_bytes: int = 48 * 1024 * 1024
    requests_per_s: int = 20
    pause_s: float = 30.0
    player_pause_s: float = 10.0
    outage_look_s: float = 60.0


@dataclass(frozen=True, slots=True)
class ManifestSettings:
    """The definitions: languages, rhythm and the bounds of one download. `copies_dir` None: no copy on disk."""

    locales: tuple[str, ...] = ("en",)
    refresh_s: int = 300
    copies_dir: Path | None = None
    keep_previous_s: int = 3600
    max_download_bytes: int = 512 * 1024 * 1024
    max_unpacked_bytes: int = 2 * 1024 * 1024 * 1024
    max_ratio: float = 50.0
    download_timeout_s: float = 600.0


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the application is told from outside. Built by `from_env()` or by a test."""

    environment: str = "development"
    secret_key: str = field(default="", repr=False)
    secret_key_fallbacks: tuple[str, ...] = field(default=(), repr=False)
    token_keys: tuple[str, ...] = field(default=(), repr=False)
    database_url: str = field(default="", repr=False)
    redis_url: str = field(default="redis://localhost:6379/0", repr=False)
    celery_broker_url: str = field(default="", repr=False)
    celery_result_backend: str = field(default="", repr=False)
    bungie: BungieSettings = field(default_factory=BungieSettings)
    manifest: ManifestSettings = field(default_factory=ManifestSettings)
    profile_ttl_s: int = 30
    slack_webhook_url: str = field(default="", repr=False)
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    registration: bool = False
    site_url: str = ""
    port: int = 5000
    bcrypt_rounds: int = 12

    NAMES: ClassVar[tuple[str, ...]] = (
        "FLASK_CONFIG", "SECRET_KEY", "SECRET_KEY_FALLBACKS", "TOKEN_KEYS", "DATABASE_URL", "REDIS_URL",
        "CELERY_BROKER_URL", "CELERY_RESULT_BACKEND", "BUNGIE_ROOT", "BUNGIE_API_KEY", "BUNGIE_CLIENT_ID",
        "BUNGIE_CLIENT_SECRET", "BUNGIE_PKCE", "BUNGIE_REQUESTS_PER_S", "BUNGIE_IMAGE_ROOT", "MANIFEST_LOCALES",
        "MANIFEST_REFRESH_S", "DEFINITIONS_DIR", "PROFILE_TTL_S", "SLACK_WEBHOOK_URL", "SMTP_URL", "MAIL_FROM",
        "REGISTRATION", "SITE_URL", "PORT",
    )  # fmt: skip

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every value that must never be written down, passwords inside of addresses included."""
        queue = (self.celery_broker_url, self.celery_result_backend)
        addresses = (self.database_url, self.redis_url, *queue, self.smtp_url)
        passwords = (urlsplit(address).password or "" for address in addresses)
        own = (
            self.secret_key,
            *self.secret_key_fallbacks,
            *self.token_keys,
            self.bungie.api_key,
            self.bungie.client_secret,
        )
        webhook = (self.slack_webhook_url, urlsplit(self.slack_webhook_url).path)  # a library may name the path alone
        return tuple(filter(None, (*own, *webhook, *passwords)))

    @property
    def shows_styleguide(self) -> bool:
        return not self.is_production


class _Reader:
    """Reads one environment and gathers what is wrong with it instead of stopping at the first fault."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.problems: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        return self._environ.get(name, "").strip() or default

    def required(self, name: str, purpose: str) -> str:
        value = self.text(name)
        if not value:
            self.problems.append(f"{name} is missing: {purpose}")
        return value

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        raw = self.text(name, str(default))
        if not raw.isascii() or not raw.isdigit() or not least <= int(raw) <= most:
            self.problems.append(f"{name} must be a whole number from {least} to {most}")
            return default
        return int(raw)

    def switch(self, name: str) -> bool:
        """`on` or `off`, off by default."""
        value = self.text(name, "off").lower()
        if value not in {"on", "off"}:
            self.problems.append(f"{name} must be on or off")
        return value == "on"

    def several(self, name: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.text(name).split(",") if part.strip())

    def url(self, name: str, default: str) -> str:
        value = self.text(name, default).rstrip("/")
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            self.problems.append(f"{name} must be an http or https address")
        return value


def from_env(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process; `.env` beside this file is read in development.

    Raises SettingsError that names every missing or unusable setting at once.
    """
    merged = _with_dotenv(os.environ if environ is None else environ, use_file=environ is None)
    read = _Reader(merged)
    environment = read.text("FLASK_CONFIG", "development")
    if environment not in ENVIRONMENTS:
        raise SettingsError([f"FLASK_CONFIG must be one of {', '.join(ENVIRONMENTS)}"])
    redis_url = read.text("REDIS_URL", "redis://localhost:6379/0")
    settings = Settings(
        environment=environment,
        secret_key=_secret_key(read, environment),
        secret_key_fallbacks=read.several("SECRET_KEY_FALLBACKS"),
        token_keys=_token_keys(read, environment),
        database_url=_database_url(read),
        redis_url=redis_url,
        celery_broker_url=read.text("CELERY_BROKER_URL", redis_url),
        celery_result_backend=read.text("CELERY_RESULT_BACKEND", redis_url),
        bungie=_bungie(read, environment),
        manifest=_manifest(read, environment),
        profile_ttl_s=read.whole("PROFILE_TTL_S", 30, 0, 3600),
        slack_webhook_url=_webhook_url(read, environment),
        smtp_url=_smtp_url(read),
        mail_from=_mail_from(read),
        registration=read.switch("REGISTRATION"),
        site_url=_site_url(read, environment),
        port=read.whole("PORT", 5000, 1, 65535),
        bcrypt_rounds=4 if environment == "testing" else 12,
    )
    _refuse_debugging(read, settings)
    _refuse_shared_keys(read, settings)
    _ask_for_site_url(read, settings)
    if read.problems:
        raise SettingsError(read.problems)
    return settings


def _with_dotenv(environ: Mapping[str, str], *, use_file: bool) -> dict[str, str]:
    merged = dict(environ)
    if use_file and merged.get("FLASK_CONFIG", "development") == "development" and (ROOT / ".env").is_file():
        from dotenv import dotenv_values  # noqa: PLC0415 - only development needs it

        for name, value in dotenv_values(ROOT / ".env").items():
            merged.setdefault(name, value or "")
    return merged


def _secret_key(read: _Reader, environment: str) -> str:
    if environment == "production":
        value = read.required("SECRET_KEY", "it signs the cookies; use 32 random bytes or more")
        if value and (len(value) < 16 or _is_placeholder(value)):
            read.problems.append("SECRET_KEY is too short or can be guessed: use 32 random bytes or more")
        return value
    return read.text("SECRET_KEY") or _made_up("secret_key", environment, lambda: secrets.token_hex(32))


def _token_keys(read: _Reader, environment: str) -> tuple[str, ...]:
    if environment == "production":
        raw = read.required("TOKEN_KEYS", "Fernet keys for stored tokens, comma-separated, first one writes")
    else:
        raw = read.text("TOKEN_KEYS") or _made_up("token_key", environment, lambda: Fernet.generate_key().decode())
    keys = tuple(key.strip() for key in raw.split(",") if key.strip())
    if any(_is_fernet_key(key) and _is_placeholder(key) for key in keys):
        read.problems.append("TOKEN_KEYS can be guessed: make them with Fernet.generate_key()")
    if not all(_is_fernet_key(key) for key in keys):
        read.problems.append("TOKEN_KEYS must be Fernet keys (32 bytes in URL-safe base64), comma-separated")
    return keys


def _is_placeholder(value: str) -> bool:
    """Something that was typed to fill a gap: few different characters, or the words that examples use."""
    letters = re.sub(r"[^a-z]", "", value.lower())
    return len(set(value)) < 8 or letters.startswith(_PLACEHOLDERS)


def _is_fernet_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


def _refuse_shared_keys(read: _Reader, settings: Settings) -> None:
    # One leaked cookie secret must not open the stored tokens as well.
    if settings.secret_key and settings.secret_key in settings.token_keys:
        read.problems.append("TOKEN_KEYS must not contain SECRET_KEY")


def _refuse_debugging(read: _Reader, settings: Settings) -> None:
    if settings.is_production and read.text("FLASK_DEBUG", "0").lower() not in {"0", "false", "no"}:
        read.problems.append("FLASK_DEBUG must not be on in production: its error pages show what they should not")


def _made_up(name: str, environment: str, make: object) -> str:
    """A secret for a machine that was given none; in development it is kept so that restarts sign nobody out."""
    value = str(make())  # type: ignore[operator]
    if environment != "development":
        return value
    path = INSTANCE / f"development_{name}"
    INSTANCE.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=INSTANCE, delete=False) as fresh:  # created with mode 0600
        fresh.write(value)
    try:
        os.link(fresh.name, path)  # fails when another process was first: then its value is everybody's
    except FileExistsError:
        pass
    finally:
        Path(fresh.name).unlink()
    return path.read_text().strip()


def _webhook_url(read: _Reader, environment: str) -> str:
    """Whoever has it can write to the chat, so it travels encrypted."""
    value = read.text("SLACK_WEBHOOK_URL")
    parts = urlsplit(value)
    is_safe = parts.scheme == "https" or environment != "production" or parts.hostname in _LOOPBACK
    if value and not (parts.scheme in {"http", "https"} and parts.hostname and is_safe):
        read.problems.append("SLACK_WEBHOOK_URL must be an https address (http only on the loopback)")
    return value


def _smtp_url(read: _Reader) -> str:
    value = read.text("SMTP_URL")
    parts = urlsplit(value)
    if value and (parts.scheme not in {"smtp", "smtps"} or not parts.hostname):
        read.problems.append("SMTP_URL must be an smtp or smtps address")
    return value


def _mail_from(read: _Reader) -> str:
    host = urlsplit(read.text("SITE_URL")).hostname or "localhost"
    return read.text("MAIL_FROM", f"vault-raider@{host}")


def _site_url(read: _Reader, environment: str) -> str:
    """Where links in mails lead; in production nobody can know but the operator."""
    if environment == "production" and not read.text("SITE_URL"):
        return ""
    return read.url("SITE_URL", f"http://localhost:{read.text('PORT', '5000')}")


def _ask_for_site_url(read: _Reader, settings: Settings) -> None:
    # Never taken from a request: whoever can forge its Host would have our mails lead to a page of theirs.
    if settings.is_production and settings.registration and settings.smtp_url and not read.text("SITE_URL"):
        read.problems.append("SITE_URL is missing: links in mails lead there")


def _database_url(read: _Reader) -> str:
    url = read.text("DATABASE_URL", f"sqlite:///{INSTANCE / 'vault_raider.sqlite3'}")
    for old in ("postgres://", "postgresql://"):
        if url.startswith(old):  # hosting platforms still hand out the short form; we ship psycopg 3
            return "postgresql+psycopg://" + url.removeprefix(old)
    return url


def _bungie(read: _Reader, environment: str) -> BungieSettings:
    root = read.url("BUNGIE_ROOT", "https://www.bungie.net")
    image_root = read.url("BUNGIE_IMAGE_ROOT", root)
    parts = urlsplit(root)
    if environment == "production" and parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        read.problems.append("BUNGIE_ROOT must be https in production (http only on the loopback)")
    get = read.required if environment == "production" else lambda name, _purpose: read.text(name)
    purpose = "from the application you registered at bungie.net/en/Application"
    return BungieSettings(
        root=root,
        image_root=image_root,
        api_key=get("BUNGIE_API_KEY", purpose),
        client_id=get("BUNGIE_CLIENT_ID", purpose),
        client_secret=get("BUNGIE_CLIENT_SECRET", purpose),
        uses_pkce=read.switch("BUNGIE_PKCE"),
        requests_per_s=read.whole("BUNGIE_REQUESTS_PER_S", 20, 1, 24),
    )


def _manifest(read: _Reader, environment: str) -> ManifestSettings:
    locales = tuple(
        dict.fromkeys(name.strip() for name in read.text("MANIFEST_LOCALES", "en").split(",") if name.strip())
    )
    unknown = [name for name in locales if name not in BUNGIE_LOCALES]
    if unknown or not locales:
        read.problems.append(f"MANIFEST_LOCALES may name {', '.join(BUNGIE_LOCALES)}")
    # Tests name a folder of their own, or do without.
    folder = read.text("DEFINITIONS_DIR", "" if environment == "testing" else str(INSTANCE / "definitions"))
    return ManifestSettings(
        locales=locales,
        refresh_s=read.whole("MANIFEST_REFRESH_S", 300, 1, 86400),
        copies_dir=Path(folder) if folder else None,
    )


def setting_names() -> tuple[str, ...]:
    """Every environment variable that is read; the README's table is tested against it."""
    return Settings.NAMES


__all__ = ["BungieSettings", "ManifestSettings", "Settings", "SettingsError", "from_env", "setting_names"]
