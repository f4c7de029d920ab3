"""Fetching a wish list from its address: a few hosts only, nothing private, with bounds on bytes and seconds.

Addresses come from players, so every one is checked before each request, those of redirects too. A name that leads to
a private address is refused; should it change in between, the certificate of the host would not fit.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError as TransportError

from app.bungie.punctual import punctual_session, within

MOST_BYTES = 12 * 1024 * 1024
LONGEST_ADDRESS = 400
_TOTAL_S = 40.0
_PATIENCE_S = (3.0, 10.0)
_PIECE_BYTES = 64 * 1024
_MOST_REDIRECTS = 3
_LONGEST_TAG = 200
_PATH = re.compile(r"/[\w\-./%~+@!]*", re.ASCII)
_PAGES = (
    (re.compile(r"https://github\.com/([^/]+)/([^/]+)/(?:blob|raw)/(.+)"), r"https://raw.githubusercontent.com/\1/\2/\3"),
    (re.compile(r"https://gist\.github\.com/([^/#?]+)/([0-9a-f]+)/?(?:#.*)?"),
     r"https://gist.githubusercontent.com/\1/\2/raw"),
)  # fmt: skip


class Problem(StrEnum):
    """Why a list could not be had."""

    NOT_ALLOWED = "not-allowed"
    NOT_FOUND = "not-found"
    NOT_REACHABLE = "not-reachable"
    TOO_BIG = "too-big"
    TOO_SLOW = "too-slow"
    NOTHING_READ = "nothing-read"
    TOO_MANY = "too-many"
    THERE_ALREADY = "there-already"


class WishListError(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet."""
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_global and not found.is_multicast


@dataclass(frozen=True, slots=True)
class SourceRules:
    """Where lists may come from. `ports` None is the scheme's own port. Only tests have others than these."""

    scheme: str = "https"
    hosts: frozenset[str] = field(default=frozenset({"raw.githubusercontent.com", "gist.githubusercontent.com"}))
    port: int | None = None
    may_ask: Callable[[str], bool] = is_public

    def accept(self, address: str) -> str:
        """The address to fetch: that of the file where a page was named. Raises WishListError."""
        address = address.strip()
        for page, raw in _PAGES:
            if page.fullmatch(address):
                address = page.sub(raw, address)
        if len(address) > LONGEST_ADDRESS or not self._is_allowed(address):
            raise WishListError(Problem.NOT_ALLOWED)
        return address

    def _is_allowed(self, address: str) -> bool:
        try:
            parts = urlsplit(address)
            return parts.port == self.port and self._is_ours(parts) and address == parts.geturl()
        except ValueError:
            return False

    def _is_ours(self, parts: SplitResult) -> bool:
        return (
            parts.scheme == self.scheme
            and parts.hostname in self.hosts
            and "@" not in parts.netloc
            and not (parts.query or parts.fragment)
            and bool(_PATH.fullmatch(parts.path))
            and ".." not in parts.path
        )


class Fetched(NamedTuple):
    """`text` is None where the list is what it was; `tag` is the server's name of this state of it."""

    text: str | None
    tag: str


class WishListSource:
    def __init__(self, rules: SourceRules, total_s: float = _TOTAL_S) -> None:
        self.rules = rules
        self._total_s = total_s

    def fetch(self, address: str, tag: str = "") -> Fetched:
        """The list behind an address, unless it is still what `tag` names. Raises WishListError."""
        ends = time.monotonic() + self._total_s
        try:
            with within(self._total_s):
                return self._follow(address, tag)
        except (requests.RequestException, TransportError, OSError):
            is_late = time.monotonic() >= ends
            raise WishListError(Problem.TOO_SLOW if is_late else Problem.NOT_REACHABLE) from None

    def _follow(self, address: str, tag: str) -> Fetched:
        for _ in range(_MOST_REDIRECTS + 1):
            address = self.rules.accept(address)
            self._check_host(address)
            with self._get(address, tag) as answer:
                if not answer.is_redirect:
                    return _read(answer)
                address = urljoin(address, answer.headers["Location"])
        raise WishListError(Problem.NOT_REACHABLE)

    def _check_host(self, address: str) -> None:
        parts = urlsplit(address)
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
        if not found or not all(self.rules.may_ask(str(each[4][0])) for each in found):
            raise WishListError(Problem.NOT_ALLOWED)

    def _get(self, address: str, tag: str) -> requests.Response:
        session = punctual_session()
        session.trust_env = False  # neither proxies nor passwords of this machine belong to such a request
        # Unpacked: a small packed answer could become an endless one.
        headers = {"User-Agent": "destiny-vault-raider", "Accept": "text/plain, */*", "Accept-Encoding": "identity"}
        if tag:
            headers["If-None-Match"] = tag
        return session.get(address, headers=headers, timeout=_PATIENCE_S, allow_redirects=False, stream=True)


def _read(answer: requests.Response) -> Fetched:
    _check(answer)
    if answer.status_code == requests.codes.not_modified:
        return Fetched(None, "")
    body = bytearray()
    while piece := answer.raw.read(_PIECE_BYTES, decode_content=False):
        body += piece
        if len(body) > MOST_BYTES:
            raise WishListError(Problem.TOO_BIG)
    tag = answer.headers.get("ETag", "")
    return Fetched(body.decode(errors="replace"), tag if len(tag) <= _LONGEST_TAG and tag.isascii() else "")


def _check(answer: requests.Response) -> None:
    if answer.status_code in {requests.codes.not_found, requests.codes.gone}:
        raise WishListError(Problem.NOT_FOUND)
    is_packed = answer.headers.get("Content-Encoding", "identity") != "identity"
    if is_packed or answer.status_code not in {requests.codes.ok, requests.codes.not_modified}:
        raise WishListError(Problem.NOT_REACHABLE)
    if answer.headers.get("Content-Length", "").isdigit() and int(answer.headers["Content-Length"]) > MOST_BYTES:
        raise WishListError(Problem.TOO_BIG)
