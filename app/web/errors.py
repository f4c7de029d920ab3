"""Every failure as a page or as JSON, from one table. The pages need neither database nor Redis nor Bungie."""

from __future__ import annotations

import logging
from http import HTTPStatus

from flask import Flask, jsonify, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError, PendingRollbackError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from werkzeug.exceptions import BadHost, HTTPException
from werkzeug.wrappers import Response

from app.bungie.errors import BungieError
from app.web.access import stop_asking, viewer
from app.web.headers import request_id
from app.web.languages import texts_locale
from app.web.limits import wait_s
from app.web.notices import NoticeView, notice_for, without_data, without_sign_in

log = logging.getLogger(__name__)

_WORDS = {
    400: (_l("That request did not make sense"), _l("Go back, reload the page and try again.")),
    401: (_l("Please sign in first"), _l("This page belongs to a signed-in player.")),
    403: (_l("This is not open to you"), _l("Your account does not have the rights for this page.")),
    404: (
        _l("There is nothing here"),
        _l("Perhaps the item was dismantled or moved, or the address has a slip in it."),
    ),
    405: (_l("That is not how this page is used"), _l("Go back and use the button on the page.")),
    413: (_l("That was too much at once"), _l("Send less and try again.")),
    429: (_l("A little too fast"), _l("You have asked more often than this site allows. Wait a moment and try again.")),
    500: (_l("Something broke on our side"), _l("It was written down. Try again in a moment.")),
    503: (_l("Not available right now"), _l("Try again in a moment.")),
}
# For the cases that templates themselves are what is broken, or that no address of ours can be made.
_PLAIN = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title} · Vault Raider</title></head>
<body><h1>{title}</h1><p>{text}</p><p>If you report this, mention <code>{request_id}</code></p></body></html>
"""


def wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return request.path.startswith("/api/") or best == "application/json"


def error_page(status: int, title: str = "", text: str = "", notices: tuple[NoticeView, ...] = ()) -> Response:
    """One page for every failure; `title` and `text` replace the table's words. A 503 always carries a notice."""
    words = _WORDS.get(status, (HTTPStatus(status).phrase, gettext("Go back and try again.")))
    title, text = title or str(words[0]), text or str(words[1])
    if status == 503 and not notices:
        notices = (NoticeView("stale", title, text),)
    if wants_json():
        answer: Response = jsonify(error={"status": status, "title": title, "text": text, "request_id": request_id()})
    else:
        page = render_template(
            "errors/error.html", status=status, title=title, text=text, request_id=request_id(), notices=notices
        )
        answer = Response(page, mimetype="text/html")
    answer.status_code = status
    return answer


def _plain_page(status: int) -> Response:
    title, text = _WORDS[status]
    page = _PLAIN.format(title=title, text=text, language=texts_locale(), request_id=request_id())
    return Response(page, status, mimetype="text/html")


def _on_http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return error.get_response()
    if isinstance(request.routing_exception, BadHost):
        return _plain_page(400)
    answer = error_page(error.code)
    for name, value in error.get_headers():
        if name in {"Retry-After", "Allow"}:
            answer.headers[name] = value
    if error.code == HTTPStatus.TOO_MANY_REQUESTS and (seconds := wait_s()):
        answer.headers["Retry-After"] = str(seconds)
    return answer


def _on_csrf(error: CSRFError) -> Response:
    log.info("a form without a valid token", extra={"reason": error.description})
    return error_page(400, gettext("This form was too old"), gettext("Go back, reload the page and send it again."))


def _on_bungie(error: BungieError) -> Response:
    log.warning("bungie trouble reached a page", extra={"kind": type(error).__name__, "code": error.code})
    for_whom = without_data if viewer() else without_sign_in
    notice = for_whom(notice_for(error, url_for("auth.sign_in")))
    return error_page(503, notice.title, notice.text, (notice,))


def _on_database(error: SQLAlchemyError) -> Response:
    log.error("the database does not answer", exc_info=error)
    stop_asking()
    return error_page(503, gettext("Our database does not answer"), gettext("We are on it. Try again in a moment."))


def _on_anything(error: Exception) -> Response:
    log.error("unhandled error", exc_info=error)
    stop_asking()
    try:
        return error_page(500)
    except Exception:
        log.exception("the page about an error has an error")
        return _plain_page(500)


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(CSRFError, _on_csrf)
    app.register_error_handler(BungieError, _on_bungie)
    for trouble in (OperationalError, InterfaceError, NoConnectionLeft, PendingRollbackError):
        app.register_error_handler(trouble, _on_database)
    app.register_error_handler(Exception, _on_anything)
