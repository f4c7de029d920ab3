"""Secrets come from the environment: no file of the repository holds one, none of the usual places shows one."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from detect_secrets.core.scan import scan_file
from detect_secrets.settings import transient_settings
from flask.testing import FlaskClient

from tests.fixtures.programs import missing
from tests.shared import ROOT

# Known by their form, or by looking as if made at random. What merely follows `password =` is left out: tests are
# full of such words.
PLUGINS = (
    "AWSKeyDetector", "AzureStorageKeyDetector", "Base64HighEntropyString", "BasicAuthDetector",
    "DiscordBotTokenDetector", "GitHubTokenDetector", "GitLabTokenDetector", "HexHighEntropyString",
    "JwtTokenDetector", "NpmDetector", "PrivateKeyDetector", "PypiTokenDetector", "SendGridDetector", "SlackDetector",
    "TelegramBotTokenDetector",
)  # fmt: skip
# No hexadecimal key of this site is shorter: Bungie's API keys have 32 digits. Shorter ones are sums of public files.
SHORTEST_HEX_KEY = 32
# Computed, so that this file holds none itself.
_RANDOM = hashlib.sha256(b"an example").digest()
TOKEN_KEY, API_KEY = base64.urlsafe_b64encode(_RANDOM).decode(), _RANDOM[:16].hex()
NEVER_TRACKED = (".env", ".pem", ".key", ".p12", ".sqlite3", ".db", ".dump", ".rdb")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        missing("the repository of this checkout")
    return [ROOT / os.fsdecode(name) for name in listed.stdout.split(b"\0") if name]


def is_harmless(value: str, kind: str) -> bool:
    """Made up for the reader of an example or for a test that looks for it, or no secret at all."""
    is_short_hex = kind.startswith("Hex") and len(value) < SHORTEST_HEX_KEY
    return value == "password" or "canary" in value.lower() or is_short_hex


def secrets_in(files: Iterable[Path]) -> Iterator[str]:
    """Where something stands that looks like a secret, and what kind of secret it would be; never the secret itself."""
    with transient_settings({"plugins_used": [{"name": name} for name in PLUGINS]}):
        for file in files:
            for found in scan_file(str(file)):
                if not is_harmless(found.secret_value or "", found.type):
                    yield f"{file}:{found.line_number}: {found.type}"


def test_no_file_of_the_repository_holds_a_secret() -> None:
    assert list(secrets_in(tracked())) == []


def test_what_holds_secrets_on_a_developer_s_machine_is_ignored() -> None:
    assert [path for path in tracked() if path.name.endswith(NEVER_TRACKED)] == []
    kept_out = [".env", "instance/development_secret_key", "instance/vault_raider.sqlite3"]
    ignored = subprocess.run(["git", "check-ignore", *kept_out], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ignored.stdout.split() == kept_out


@pytest.mark.parametrize(
    "line",
    [
        f'TOKEN_KEYS = "{TOKEN_KEY}"',
        f"TOKEN_KEYS={TOKEN_KEY}",
        f'BUNGIE_API_KEY = "{API_KEY}"',
        f"BUNGIE_API_KEY={API_KEY}",
        "DATABASE_URL=postgresql://vault:" + "hunter2hunter2@db.example/vault",
        "-----BEGIN RSA PRIVATE" + " KEY-----",
        "SLACK_WEBHOOK_URL=https://hooks.slack" + ".com/services/T0123ABCD/B0123ABCD/abcdefghijklmnopqrstuvwx",
        "token = ghp_" + "0123456789abcdefghijklmnopqrstuvwxyz",
    ],
    ids=[
        "token key",
        "token key in .env",
        "API key",
        "API key in .env",
        "database",
        "private key",
        "webhook",
        "GitHub",
    ],
)
def test_a_secret_would_be_noticed(line: str, tmp_path: Path) -> None:
    file = tmp_path / ("settings.py" if '"' in line else ".env")
    file.write_text(f"{line}\n")
    (found,) = set(secrets_in([file])) or {""}
    assert found.startswith(f"{file}:1: ")


@pytest.mark.parametrize(
    "path",
    ["/debug", "/console", "/config", "/env", "/.env", "/.git/config", "/metrics", "/admin", "/static/../config.py",
     "/static/%2e%2e/config.py", "/instance/vault_raider.sqlite3"],
)  # fmt: skip
def test_no_page_shows_how_the_site_is_set_up(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
