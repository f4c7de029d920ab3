"""Where a person may be sent back to, and which of Bungie's paths are pictures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from werkzeug.utils import redirect

from app.web.urls import picture_urls, safe_next

DEFAULT = "/vault"
HOSTILE = [
    "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example",
    "https:evil.example", "https:/evil.example", "https://evil.example/", "HTTPS://evil.example", "javascript:alert(1)",
    "/vault\r\nSet-Cookie: a=b", "/vault\nx", "/\t/evil.example", "/vault\u2028x", "/vault\x00", " //evil.example",
    "/ok\\..\\evil", "evil.example", "@evil.example", "/" + "a" * 512, "/\u202eevil", "/caf\u00e9", "/a b", "\ud800",
    "", "/x\x7f",
]  # fmt: skip
OWN = ["/", "/vault", "/vault?q=is:locked%20-tag:junk&sort=power", "/characters/230#group-weapons", "/%5cevil.example",
       "/%0d%0aSet-Cookie:a=b", "/" + "a" * 511]  # fmt: skip
_SHAPES = st.lists(
    st.sampled_from(
        ["/", "//", "\\", "evil.example", "https:", "javascript:", "@", ":", "\r\n", "\t", "\x00", " ", "\u2028", "%2f",
         "%5c", ".", "..", "?", "#", "vault", "\u3002", "\uff0f", "[::1]"]
    ),
    max_size=12,
).map("".join)  # fmt: skip
_STRINGS = st.one_of(_SHAPES, st.text(max_size=40), st.text(max_size=40).map("/".__add__), st.text(alphabet="/\\:e.@ "))


def leads_away(target: str) -> bool:
    """What a browser does with a Location, after the WHATWG rules: strip, drop tabs and line ends, turn backslashes."""
    read = re.sub(r"[\t\r\n]", "", target.strip("".join(map(chr, range(0x21))))).replace("\\", "/")
    return read.startswith("//") or re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", read) is not None


@pytest.mark.parametrize("target", HOSTILE)
def test_a_hostile_address_is_not_followed(target: str) -> None:
    assert safe_next(target, DEFAULT) == DEFAULT


@pytest.mark.parametrize("target", OWN)
def test_a_path_of_ours_is_followed(target: str) -> None:
    assert safe_next(target, DEFAULT) == target


def test_no_address_means_the_usual_page() -> None:
    assert safe_next(None, DEFAULT) == DEFAULT


@settings(max_examples=5000, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@example("/\ud800")
@given(_STRINGS)
def test_no_string_leads_away_or_breaks_the_redirect(target: str) -> None:
    followed = safe_next(target, DEFAULT)
    assert followed in {target, DEFAULT}
    assert not leads_away(followed)
    assert redirect(followed, 303).headers["Location"] == followed


def picture(path: str) -> str:
    app = Flask(__name__)
    app.config["IMAGE_ROOT"] = "https://pictures.example"
    with app.app_context():
        return picture_urls()(path)


@pytest.mark.parametrize(
    "path",
    [
        "javascript:alert(1)", "//evil.example/x.png", "https://evil.example/x.png", "@evil.example/img/x.png",
        "/common/../secret.png", "/img/..%2f..%2fx.png", "/elsewhere/x.png", "/common/x.exe", "/common/x.png?y=1",
        "/common/x.png#y", "/common/x.png\n", '/common/"onerror=alert(1) x.png', "/common/x y.png", "/common\\x.png",
        "/img/\u202ex.png", ".evil.example/img/x.png", "/img/%00.png", "/img/x.svgz", "[::1]/img/x.png", "",
    ],
)  # fmt: skip
def test_what_is_no_plain_path_of_a_picture_has_no_address(path: str) -> None:
    assert picture(path) == ""


@pytest.mark.parametrize(
    "path",
    [
        "/common/destiny2_content/icons/cdfbfd3f098329a367294f191070f8c4.jpg", "/img/misc/missing_icon_d2.png",
        "/common/destiny2_content/screenshots/347366834.jpeg", "/img/a-b/c.d/e.webp", "/common/x.svg",
    ],
)  # fmt: skip
def test_a_picture_of_bungies_is_below_the_image_root(path: str) -> None:
    assert picture(path) == f"https://pictures.example{path}"


def test_every_view_that_redirects_to_a_wish_asks_safe_next() -> None:
    """`next` is read from a request nowhere but inside a call of safe_next."""
    sources = Path(__file__).resolve().parents[3].joinpath("app").rglob("*.py")
    lines = [line for source in sources for line in source.read_text("utf-8").splitlines()]
    reading = [line for line in lines if re.search(r"request\.(args|form|values)\b.*[\"']next[\"']", line)]
    assert len(reading) >= 3
    assert [line for line in reading if "safe_next(" not in line] == []
