"""Mail through the operator's SMTP server. Without one, mail is off and says so."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import SplitResult, unquote, urlsplit

_PATIENCE_S = 10.0
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class MailError(Exception):
    """The mail was not taken. Names the kind of trouble, never the address or the text."""


class Mailer:
    """`url` is smtp://user:password@host:port (encrypted when the server offers it) or smtps://; "" means off."""

    def __init__(self, url: str, sender: str) -> None:
        self._url = url
        self._sender = sender

    @property
    def is_on(self) -> bool:
        return bool(self._url)

    def send(self, to: str, subject: str, text: str) -> None:
        """Hands one plain text mail to the server. Raises MailError when mail is off or the server does not take it."""
        if not self.is_on:
            raise MailError("mail is off: SMTP_URL is not set")
        parts = urlsplit(self._url)
        try:
            with _connected(parts) as server:
                if parts.username:
                    server.login(unquote(parts.username), unquote(parts.password or ""))
                server.send_message(self._message(to, subject, text))
        except (OSError, smtplib.SMTPException) as error:
            raise MailError(type(error).__name__) from None  # its text can quote the address

    def _message(self, to: str, subject: str, text: str) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, to, subject
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=self._sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        return message


def _connected(parts: SplitResult) -> smtplib.SMTP:
    host = parts.hostname or "localhost"
    context = ssl.create_default_context()
    if parts.scheme == "smtps":
        return smtplib.SMTP_SSL(host, parts.port or 465, timeout=_PATIENCE_S, context=context)
    server = smtplib.SMTP(host, parts.port or 25, timeout=_PATIENCE_S)
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=context)
    elif parts.username and host not in _LOOPBACK:
        server.close()
        raise smtplib.SMTPNotSupportedError("a password is not sent in the clear")
    return server
