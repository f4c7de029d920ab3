"""Encryption of stored tokens: authenticated (Fernet), bound to their owner, and rotatable.

Fernet has no associated data, so owner and purpose are part of the sealed text and are compared on the way out:
a ciphertext copied into another person's row does not open.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

import orjson
from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class SealError(Exception):
    """The text cannot be opened: another key, another owner, or damage. Carries no ciphertext."""


class Sealer:
    """Seals with the first key, opens with any."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self.key_id = hashlib.sha256(keys[0].encode()).hexdigest()[:16]

    def seal(self, text: str, *, owner: str, purpose: str) -> str:
        return self._fernet.encrypt(orjson.dumps([owner, purpose, text])).decode()

    def open(self, sealed: str, *, owner: str, purpose: str) -> str:
        try:
            found_owner, found_purpose, text = orjson.loads(self._fernet.decrypt(sealed.encode()))
        except (InvalidToken, orjson.JSONDecodeError, ValueError, TypeError):
            raise SealError("a stored token cannot be opened") from None
        expected = f"{owner}\0{purpose}".encode()
        if not hmac.compare_digest(f"{found_owner}\0{found_purpose}".encode(), expected):
            raise SealError("a stored token belongs to another row")
        return str(text)
