"""Addresses: where a person may be sent back to, pictures of Bungie's, and our own assets with their version."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import lru_cache

from flask import Flask, current_app, request

from app.web.assets import content_of

_PATH = re.compile(r"/(?!/)[\x21-\x5b\x5d-\x7e]{0,511}")
_PICTURE = re.compile(r"/(?:common|img)/(?:(?!\.\.)[\w\-./])+\.(?:png|jpe?g|webp|svg)", re.ASCII)


def safe_next(target: str | None, default: str) -> str:
    """`target` when it is a path of this site: one leading slash, printable ASCII, no backslash, at most 512 long."""
    return target if target and _PATH.fullmatch(target) else default


def picture_urls() -> Callable[[str], str]:
    """A function from a path of Bungie's to its address; "" for anything that is no picture's path.

    It is always the same one for an application, so that what was addressed once can be remembered.
    """
    return _pictures_of(_this_app())


@lru_cache(maxsize=8)
def _pictures_of(app: Flask) -> Callable[[str], str]:
    root = str(app.config["IMAGE_ROOT"])
    is_picture = _PICTURE.fullmatch

    def address(path: str) -> str:
        return root + path if is_picture(path) else ""

    return address


def asset(path: str) -> str:
    """One of our own files under /static, with a version that changes with its content.

    Put together by hand: a page asks for dozens, and routing one costs as much as drawing three tiles.
    """
    return f"{request.script_root}{_versioned(_this_app(), path)}"


def _this_app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - its documented use
    return app


@lru_cache(maxsize=256)
def _versioned(app: Flask, path: str) -> str:
    content = content_of(app, path)
    digest = "0" if content is None else hashlib.sha256(content).hexdigest()[:12]
    return f"{app.static_url_path}/{path}?v={digest}"
