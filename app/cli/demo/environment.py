"""The settings of the demo's children: made up on the spot, and nothing of the caller's own settings among them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

from config import setting_names

# The application that the sandbox knows (see app/sandbox/options.py).
_SANDBOX_KEY, _SANDBOX_ID, _SANDBOX_SECRET = "sandbox-key", "40000", "sandbox-secret"
_REFRESH_S = 60


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the parts of one demo listen, all on 127.0.0.1."""

    web_port: int
    sandbox_port: int
    redis_port: int

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def sandbox(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"


def demo_environ(caller: Mapping[str, str], folder: Path, where: Addresses) -> dict[str, str]:
    """The environment of every child. `folder` is where the database and the copy of the definitions go."""
    kept = {name: value for name, value in caller.items() if name not in setting_names()}
    return kept | {
        "FLASK_CONFIG": "demo",
        "SECRET_KEY": secrets.token_hex(32),
        "TOKEN_KEYS": Fernet.generate_key().decode(),
        "DATABASE_URL": f"sqlite:///{folder / 'vault_raider.sqlite3'}",
        "REDIS_URL": f"redis://127.0.0.1:{where.redis_port}/0",
        "BUNGIE_ROOT": where.sandbox,
        "BUNGIE_API_KEY": _SANDBOX_KEY,
        "BUNGIE_CLIENT_ID": _SANDBOX_ID,
        "BUNGIE_CLIENT_SECRET": _SANDBOX_SECRET,
        "MANIFEST_REFRESH_S": str(_REFRESH_S),
        "DEFINITIONS_DIR": str(folder / "definitions"),
        "PORT": str(where.web_port),
        "NO_PROXY": "127.0.0.1,localhost",  # a company's proxy cannot reach our loopback
        "no_proxy": "127.0.0.1,localhost",
        "PYTHONUNBUFFERED": "1",
    }
