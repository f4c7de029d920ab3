"""Headers of every answer: a content policy with a nonce, no sniffing, no framing, nothing personal in caches."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Flask, g, has_app_context, has_request_context, request
from werkzeug.wrappers import Response

_YEAR_S = 365 * 24 * 3600
# Everything of a device that we could ask for; we ask for nothing.
_FEATURES = (
    "accelerometer", "autoplay", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone",
    "midi", "payment", "usb",
)  # fmt: skip
_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _FEATURES),
    "X-Frame-Options": "DENY",
}


def csp_nonce() -> str:
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def request_id() -> str:
    if "request_id" not in g:
        g.request_id = secrets.token_hex(8)
    return str(g.request_id)


def current_request_id() -> str:
    """The id of the request that is being answered, or beside which work goes on; "" in tasks and commands."""
    if has_request_context():
        return request_id()
    return str(g.get("request_id", "")) if has_app_context() else ""


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def content_policy(nonce: str, image_root: str, bungie_root: str) -> str:
    """`form-action` names Bungie because browsers also check where a posted form is redirected to."""
    return "; ".join((
        "default-src 'none'",
        f"script-src 'self' 'nonce-{nonce}'",
        "style-src 'self'",
        f"img-src 'self' data: {_origin(image_root)}",
        "font-src 'self'",
        "connect-src 'self'",
        f"form-action 'self' {_origin(bungie_root)}",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    ))  # fmt: skip


def _caching(status: int) -> str:
    """Our own files may be kept, under their version for ever; pages never, those about a missing file included."""
    if request.endpoint != "static" or status >= 400:
        return "no-store"
    return f"public, max-age={_YEAR_S}, immutable" if "v" in request.args else ""


def init_app(app: Flask) -> None:
    @app.after_request
    def add_headers(response: Response) -> Response:
        config = app.config
        response.headers.update(_FIXED)
        response.headers["X-Request-ID"] = request_id()
        response.headers["Content-Security-Policy"] = content_policy(
            csp_nonce(), config["IMAGE_ROOT"], config["BUNGIE_ROOT"]
        )
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = f"max-age={_YEAR_S}; includeSubDomains"
        if cached := _caching(response.status_code):
            response.headers["Cache-Control"] = cached
        return response
