"""Requests that no page of ours can have sent: from a foreign site, to no host, with unreadable text. Refused unseen.

The token of every form is the first defence against forged requests; the browser's own word about where a request
comes from is the second. Which names a site has, the proxy in front decides: it sets X-Forwarded-Host.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, abort, request

_SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
_OURS = {"same-origin", "none"}  # none: typed, bookmarked, not sent by any page
_NUL = "\x00"


def is_foreign() -> bool:
    """Whether the browser says that another site sent this request.

    `Sec-Fetch-Site` cannot be forged by a page; browsers without it tell Origin or at least Referer. Something that
    tells none of them is no browser, and has no cookies that a stranger could make it send.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in _OURS
    sender = request.headers.get("Origin") or request.headers.get("Referer")
    return sender is not None and _host_of(sender) != request.host.lower()


def _host_of(address: str) -> str:
    """Host and port of an address, "" for "null" and for what is no address."""
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return ""


def _is_unreadable() -> bool:
    """Bytes that are no UTF-8 break Werkzeug's reading of the query; NUL breaks PostgreSQL's of any text."""
    try:
        request.query_string.decode()
    except UnicodeDecodeError:
        return True
    texts = [request.path]
    for values in (request.args, request.form):
        for name, told in values.items(multi=True):
            texts += (name, told)
    return any(_NUL in text for text in texts)


def _check_origin() -> None:
    if not request.host or _is_unreadable():  # Werkzeug leaves the host empty when it is no host's name
        abort(400)
    if request.method not in _SAFE and is_foreign():
        abort(403)


def init_app(app: Flask) -> None:
    app.before_request(_check_origin)
