"""Messages to a chat through an incoming webhook as Slack has them. Without an address it is off.

The address is a secret: whoever has it can write. It is in no message, error or log line.
"""

from __future__ import annotations

import orjson
import requests
from urllib3.exceptions import HTTPError as TransportError

from app.bungie.punctual import punctual_session, within

_PATIENCE_S = (3.0, 9.0)
_TOTAL_S = 10.0
_MOST_CHARACTERS = 3000


class WebhookError(Exception):
    """The message was not taken. Names the kind of trouble, never the address or the text."""


class Webhook:
    def __init__(self, url: str, total_s: float = _TOTAL_S) -> None:
        """`total_s` is how long the chat may take to answer, in seconds."""
        self._url = url
        self._total_s = total_s

    @property
    def is_on(self) -> bool:
        return bool(self._url)

    def post(self, text: str) -> None:
        """Plain text; what would be markup is escaped. Raises WebhookError."""
        body = orjson.dumps({"text": _escaped(text[:_MOST_CHARACTERS])})
        try:
            status = self._send(body)
        except (requests.RequestException, TransportError, OSError) as error:
            raise WebhookError(type(error).__name__) from None  # its text quotes the address
        if not 200 <= status < 300:
            raise WebhookError(f"status {status}")

    def _send(self, body: bytes) -> int:
        # Only the configured host ever hears it: redirects stay unfollowed, and the answer's body unread.
        with (
            within(self._total_s),
            punctual_session() as session,
            session.post(
                self._url,
                data=body,
                headers={"Content-Type": "application/json"},
                timeout=_PATIENCE_S,
                allow_redirects=False,
                stream=True,
            ) as answer,
        ):
            return answer.status_code


def _escaped(text: str) -> str:
    """Names come from outside: none may become a link or call everybody in the channel."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
