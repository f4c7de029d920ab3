"""What lies outside /Platform: manifest files as a CDN serves them, and images."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from werkzeug.wrappers import Response
from werkzeug.wsgi import FileWrapper

from app.sandbox.call import Call
from app.sandbox.drawing import draw, placeholder
from app.sandbox.envelope import html
from app.sandbox.files import StoredFile

_FOREVER = "public, max-age=31536000, immutable"
_IMAGE_ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".svg")
_CHUNK_BYTES = 1 << 16


def static_file(call: Call) -> Response:
    """A file that the manifest names, else a picture, else a 404 page."""
    path = call.request.path
    found = call.state.manifest.find(path)
    if found is not None:
        return _missing() if call.state.faults.hits("manifest_missing", path) else _manifest_file(call, found)
    return _image(call, path) if path.lower().endswith(_IMAGE_ENDINGS) else _missing()


def _manifest_file(call: Call, found: StoredFile) -> Response:
    if call.request.path.endswith(".content") and call.state.faults.archive:
        return _served(_damaged(_raw(found), call.state.faults.archive), call)
    if found.is_gzipped and "gzip" not in call.request.headers.get("Accept-Encoding", ""):
        return _headed(Response(_unpacked(found)), call)
    if isinstance(found.body, bytes):
        response = _served(found.body, call)
    else:
        response = _headed(Response(FileWrapper(_open(found.body), _CHUNK_BYTES), direct_passthrough=True), call)
        response.content_length = found.body.stat().st_size
    if found.is_gzipped:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _image(call: Call, path: str) -> Response:
    picture = call.state.world.pictures.get(path) or placeholder(path)
    response = Response(draw(picture), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = _FOREVER
    return response


def _missing() -> Response:
    return html("<!DOCTYPE html><title>404</title><h1>404: Not Found</h1>", 404)


def _served(body: bytes, call: Call) -> Response:
    return _headed(Response(body), call)


def _headed(response: Response, call: Call) -> Response:
    is_json = call.request.path.endswith(".json")
    response.mimetype = "application/json" if is_json else "application/octet-stream"
    response.headers["Cache-Control"] = _FOREVER
    return response


def _raw(found: StoredFile) -> bytes:
    return found.body if isinstance(found.body, bytes) else found.body.read_bytes()


def _open(path: Path) -> IO[bytes]:
    return path.open("rb")


def _unpacked(found: StoredFile) -> Iterator[bytes]:
    """For the rare client that does not take gzip: unpacked while it is sent."""
    if isinstance(found.body, bytes):
        yield gzip.decompress(found.body)
        return
    with gzip.open(found.body, "rb") as unpacked:
        while chunk := unpacked.read(_CHUNK_BYTES):
            yield chunk


def _damaged(body: bytes, mode: str) -> bytes:
    """An archive cut in the middle, or one whose middle was overwritten so that its checksum fails."""
    middle = len(body) // 2
    if mode == "truncated":
        return body[:middle]
    broken = bytes(byte ^ 0xFF for byte in body[middle : middle + 64])
    return body[:middle] + broken + body[middle + len(broken) :]
