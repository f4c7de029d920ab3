"""Password hashing that is correct at any length.

bcrypt reads 72 bytes and Flask-Bcrypt on bcrypt 5 raises beyond that, so every password is first condensed to 64 bytes
of base64 (SHA-384), the form that OWASP names. The fixed key only separates our hashes from other uses.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import Protocol

_CONTEXT = b"vault-raider staff password 1"
_ROUNDS = re.compile(r"\$2[aby]\$(\d\d)\$")


class Bcrypt(Protocol):
    """The two methods of Flask-Bcrypt that are used."""

    def generate_password_hash(self, password: bytes, rounds: int) -> bytes: ...
    def check_password_hash(self, pw_hash: str, password: bytes) -> bool: ...


class Passwords:
    """Hashes and verifies; `verify` takes as long for an unknown name as for a wrong password."""

    def __init__(self, bcrypt: Bcrypt, rounds: int) -> None:
        self._bcrypt = bcrypt
        self._rounds = rounds
        self._decoy = ""

    def hash(self, password: str) -> str:
        return self._bcrypt.generate_password_hash(_condense(password), self._rounds).decode()

    def verify(self, password_hash: str, password: str) -> bool:
        """Whether the password is right; an empty hash is nobody's, and as slow as any other."""
        # Made before it is known whether it is needed: the first try must not tell an unknown name by its time.
        self._decoy = self._decoy or self.hash("nobody")
        is_right = self._bcrypt.check_password_hash(password_hash or self._decoy, _condense(password))
        return is_right and bool(password_hash)

    def is_outdated(self, password_hash: str) -> bool:
        """Whether the hash was made with less work than is asked for now."""
        found = _ROUNDS.match(password_hash)
        return found is None or int(found[1]) < self._rounds


def _condense(password: str) -> bytes:
    digest = hmac.new(_CONTEXT, password.encode("utf-8", "surrogatepass"), hashlib.sha384).digest()
    return base64.b64encode(digest)
