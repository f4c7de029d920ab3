"""Downloads from one host, with bounds: seconds, bytes after decoding, paths, no foreign redirects, no key.

Raises only the errors of `app.manifest.errors`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import BinaryIO
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError as TransportError

from app.bungie import bodies
from app.bungie.errors import BungieError
from app.bungie.punctual import punctual_session, within
from app.inventory.sentences import N_
from app.manifest.errors import NotReachable, Refused, TooBig

_CHUNK_BYTES = 256 * 1024
_PATH = re.compile(r"/common/destiny2_content/[\w\-./]+", re.ASCII)
_MOST_REDIRECTS = 2
_NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """What downloads may cost. `total_s` is for all the files of one language together."""

    connect_s: float = 3.0
    read_s: float = 30.0
    total_s: float = 600.0
    index_s: float = 15.0
    most_index_bytes: int = 8 * 1024 * 1024


class Patience:
    """The moment, on a monotonic clock, at which we stop waiting."""

    def __init__(self, seconds: float, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._ends = monotonic() + seconds

    def left_s(self) -> float:
        """Seconds that are left. Raises NotReachable when there are none."""
        left = self._ends - self._monotonic()
        if left <= 0:
            raise NotReachable(N_("Bungie.net is too slow: the download took longer than is allowed."))
        return left


class Fetcher:
    """`turn` returns when the next request may go out, within so many seconds, or raises a BungieError."""

    def __init__(
        self,
        root: str,
        user_agent: str,
        limits: FetchLimits,
        monotonic: Callable[[], float] = time.monotonic,
        turn: Callable[[float], None] = lambda _patience_s: None,
    ) -> None:
        self._root = root
        self._origin = urlsplit(root)[:2]
        self._limits = limits
        self.monotonic = monotonic
        self._turn = turn
        self._session = punctual_session()
        self._session.headers = {"User-Agent": user_agent, "Accept-Encoding": bodies.ENCODINGS}
        self._session.auth = lambda request: request  # else requests adds what ~/.netrc says about the host
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def read(self, path: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Status and body of a small answer, whatever the status."""
        patience = Patience(self._limits.index_s, self.monotonic)
        body = bytearray()
        with self._get(self._root + path, patience, headers) as answer:
            for piece in _pieces(answer, patience):
                body += piece
                if len(body) > self._limits.most_index_bytes:
                    raise TooBig(N_("Bungie's index of definitions is far larger than any before."))
            return answer.status_code, bytes(body)

    def download(
        self,
        path: str,
        into: BinaryIO,
        *,
        most_bytes: int,
        patience: Patience,
        junk: Callable[[], str],
        on_bytes: Callable[[int], None],
    ) -> int:
        """Writes the file at `path` to `into` and returns its decoded size in bytes.

        A new file may be missing for minutes, and Bungie's CDN remembers that for a day: a 404 is asked again with a
        query string that it has not seen.
        """
        check_path(path)
        for query in ("", f"?{junk()}", f"?{junk()}"):
            with self._get_file(self._root + path + query, patience) as answer:
                if answer.status_code == _NOT_FOUND:
                    continue
                if not answer.ok:
                    raise NotReachable(
                        N_("Bungie.net answers %(status)s for a file of definitions."), status=answer.status_code
                    )
                return _save(answer, into, most_bytes, patience, on_bytes)
        raise NotReachable(N_("Bungie's index names a file of definitions that is not there (404)."))

    @contextmanager
    def _get_file(self, url: str, patience: Patience) -> Iterator[requests.Response]:
        for _ in range(_MOST_REDIRECTS + 1):
            with self._get(url, patience) as answer:
                if not answer.is_redirect:
                    yield answer
                    return
                url = self._redirected(url, answer.headers["location"])
        raise Refused(N_("Bungie.net sends a file of definitions round in circles."))

    def _redirected(self, url: str, location: str) -> str:
        target = urlsplit(urljoin(url, location))
        if target[:2] != self._origin:
            raise Refused(N_("Bungie.net redirects a file of definitions to another host; that is not followed."))
        check_path(target.path)
        return target.geturl()

    @contextmanager
    def _get(
        self, url: str, patience: Patience, headers: Mapping[str, str] | None = None
    ) -> Iterator[requests.Response]:
        try:
            self._turn(patience.left_s())
        except BungieError as error:
            raise NotReachable(error.advice) from None
        left_s = patience.left_s()
        timeouts = (min(self._limits.connect_s, left_s), min(self._limits.read_s, left_s))
        try:
            with (
                within(left_s),
                self._session.get(url, headers=headers, timeout=timeouts, stream=True, allow_redirects=False) as answer,
            ):
                yield answer
        except (requests.RequestException, TransportError) as error:
            patience.left_s()  # what the waiting ended, was too slow
            raise NotReachable(N_("Bungie.net cannot be reached (%(error)s)."), error=type(error).__name__) from None


def check_path(path: str) -> None:
    """Raises Refused unless `path` is a plain path to a file of definitions."""
    if not _PATH.fullmatch(path) or ".." in path or "//" in path:
        raise Refused(N_("Bungie's index names a file outside the folder of definitions; it is not fetched."))


def _save(
    answer: requests.Response, into: BinaryIO, most_bytes: int, patience: Patience, on_bytes: Callable[[int], None]
) -> int:
    saved = 0
    for piece in _pieces(answer, patience):
        saved += len(piece)
        if saved > most_bytes:
            raise TooBig(
                N_("A file of definitions has more than the %(most)s bytes that are allowed."), most=most_bytes
            )
        into.write(piece)
        on_bytes(len(piece))
    return saved


def _pieces(answer: requests.Response, patience: Patience) -> Iterator[bytes]:
    """The decoded body; a dripping one meets the deadline with each of its packets."""
    for piece in bodies.pieces(answer, _CHUNK_BYTES):
        patience.left_s()
        yield piece
