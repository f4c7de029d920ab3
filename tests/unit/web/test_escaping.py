"""Where templates put values: never raw, never in an unquoted attribute, never as the code of a script."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from jinja2 import Environment

from tests.shared import ROOT

TEMPLATES = ROOT / "app" / "templates"
NAMES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
_RAW = re.compile(r"\|\s*safe\b|\bMarkup\b|\bautoescape\b|\|\s*xmlattr\b|\brender_template_string\b|\bfrom_string\b")


class Reader:
    """Reads a template letter by letter as a browser would, and notes where values stand.

    Both branches of a condition are read one after the other: the quotes of each are closed in it.
    """

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.values = 0
        self._state = "text"  # text | tag | value (after "=") | " | ' | unquoted | script | comment
        self._tag = ""
        self._last = ""

    def text(self, data: str) -> None:
        for letter in data:
            self._last = (self._last + letter)[-9:].lower()
            getattr(self, f"_in_{_STATES.get(self._state, self._state)}")(letter)

    def value(self, expression: str) -> None:
        self.values += 1
        if self._state == "value":
            self.faults.append(f"an unquoted attribute: {expression}")
            self._state = "unquoted"
        elif self._state in {"tag", "unquoted", "script"}:
            self.faults.append(f"a value in a {self._state}: {expression}")
        elif self._state == '"' and "tojson" in expression:
            self.faults.append(f"JSON in double quotes: {expression}")

    def _in_text(self, letter: str) -> None:
        if self._last.endswith("<!--"):
            self._state = "comment"
        elif re.search(r"<[a-z/]$", self._last):
            self._state, self._tag = "tag", letter.lower()

    def _in_tag(self, letter: str) -> None:
        self._tag += letter.lower()
        if letter == ">":
            is_code = self._tag.startswith(("script", "style"))
            self._state = "script" if is_code else "text"
        elif letter in "\"'":
            self.faults.append(f"a stray quote in <{self._tag}")
        elif letter == "=":
            self._state = "value"

    def _in_value(self, letter: str) -> None:
        if letter in "\"'":
            self._state = letter
        elif not letter.isspace():
            self.faults.append(f"an unquoted attribute in <{self._tag}")
            self._state = "unquoted"

    def _in_quotes(self, letter: str) -> None:
        if letter == self._state:
            self._state = "tag"

    def _in_unquoted(self, letter: str) -> None:
        if letter == ">":
            self._state = "text"
        elif letter.isspace():
            self._state = "tag"

    def _in_script(self, _letter: str) -> None:
        if self._last.endswith(("</script>", "</style>")):
            self._state = "text"

    def _in_comment(self, _letter: str) -> None:
        if self._last.endswith("-->"):
            self._state = "text"


_STATES = {'"': "quotes", "'": "quotes"}


def read(source: str) -> Reader:
    reader = Reader()
    for kind, piece in _pieces(source):
        if kind == "data":
            reader.text(piece)
        else:
            reader.value(piece)
    return reader


def _pieces(source: str) -> Iterator[tuple[str, str]]:
    """The template's own letters and the expressions it prints, in the order of the file, macros and loops included."""
    expression: list[str] | None = None
    for _, kind, piece in Environment(autoescape=True).lex(source):
        if kind == "variable_begin":
            expression = []
        elif kind == "variable_end":
            yield "value", "".join(expression or ())
            expression = None
        elif expression is not None:
            expression.append(piece)
        elif kind == "data":
            yield "data", piece


@pytest.mark.parametrize("name", NAMES)
def test_every_value_stands_in_text_or_in_quotes(name: str) -> None:
    assert read((TEMPLATES / name).read_text("utf-8")).faults == []


def test_the_reader_has_seen_the_values() -> None:
    assert sum(read((TEMPLATES / name).read_text("utf-8")).values for name in NAMES) >= 150


@pytest.mark.parametrize(
    "source",
    [
        "{% macro m(x) %}<b class={{ x }}>a</b>{% endmacro %}",
        "{% macro m(x) %}<b class=plain>a</b>{% endmacro %}",
        "{% macro m(x) %}<b {% if x %}class={% endif %}{{ x }}>a</b>{% endmacro %}",
        "<b class=tile-{{ x }}>a</b>",
        "<b {{ x }}>a</b>",
        "<b class = {{ x }}>a</b>",
        '<b data-x="{{ x | tojson }}">a</b>',
        "<script>let x = {{ x }}</script>",
        "<script nonce=\"{{ n }}\">let x = '{{ x }}'</script>",
        "<style>b { color: {{ x }} }</style>",
        '<b title="a""{{ x }}>a</b>',
    ],
)
def test_the_reader_sees_a_careless_value(source: str) -> None:
    assert read(source).faults


@pytest.mark.parametrize(
    "source",
    [
        "{% macro m(x) %}<b class=\"{{ x }}\" title='{{ x }}'>{{ x }}</b>{% endmacro %}",
        '<a href="/{{ x }}"{% if x %} class="{{ x }}"{% endif %}>{{ 1 < 2 }}</a>',
        '{% if x %}<a href="{{ x }}"{% else %}<div role="img"{% endif %} class="tile {{ x }}">',
        "<b data-x='{{ x | tojson }}'>a = {{ x }}</b>",
        "<!-- class={{ x }} --><b>{{ x }}</b>",
    ],
)
def test_the_reader_lets_careful_values_pass(source: str) -> None:
    assert read(source).faults == []


@pytest.mark.parametrize("name", NAMES)
def test_no_template_switches_escaping_off(name: str) -> None:
    assert not _RAW.search((TEMPLATES / name).read_text("utf-8"))


def test_no_module_calls_text_safe() -> None:
    sources = (ROOT / "app").rglob("*.py")
    assert [source.name for source in sources if _RAW.search(source.read_text("utf-8"))] == []
