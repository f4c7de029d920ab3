"""What every template promises: safe output, nothing inline, one heading, drawings that exist, lean tiles."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, FileSystemLoader, nodes

from app.main.viewmodels import TileView
from app.web import assets
from tests.shared import ROOT

TEMPLATES = ROOT / "app" / "templates"
STATIC = ROOT / "app" / "static"
NAMES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
PAGES = [name for name in NAMES if name != "base.html" and not name.startswith("components/")]
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_TRANSLATES = {"_", "gettext", "ngettext", "pgettext"}
_TAG = re.compile(r"<([a-z][a-z0-9]*)((?:\"[^\"]*\"|'[^']*'|[^>\"'])*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+)")


@pytest.fixture(scope="module")
def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    made.globals["asset"] = lambda path: f"/static/{path}"
    return made


def _source(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _tags(name: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """(tag, its raw attributes, its attributes with quotes) of a template; expressions stand as one letter."""
    html = _JINJA.sub(lambda found: "x" if found[0].startswith("{{") else " ", _source(name))
    for found in _TAG.finditer(html):
        yield found[1].lower(), found[2], dict(_ATTRIBUTE.findall(found[2]))


def _imports(tree: nodes.Template) -> dict[str, tuple[str, str]]:
    """Local name -> (template, macro) of everything that a template imports."""
    found: dict[str, tuple[str, str]] = {}
    for node in tree.find_all(nodes.FromImport):
        assert isinstance(node.template, nodes.Const)
        for name in node.names:
            local, macro = (name[1], name[0]) if isinstance(name, tuple) else (name, name)
            found[local] = (node.template.value, macro)
    return found


def _calls(node: nodes.Node) -> set[str]:
    return {call.node.name for call in node.find_all(nodes.Call) if isinstance(call.node, nodes.Name)}


def _text(node: nodes.Node) -> str:
    return "".join(data.data for data in node.find_all(nodes.TemplateData))


def _whole_text(environment: Environment, name: str, macro: str = "") -> str:
    """The fixed text of a template (or one macro of it) with that of every macro that it calls."""
    tree = environment.parse(_source(name))
    here: nodes.Node = tree
    macros = {each.name: each for each in tree.find_all(nodes.Macro)}
    if macro:
        here = macros[macro]
    imported = _imports(tree)
    parts = [_text(here)]
    for called in sorted(_calls(here)):
        if called in imported:
            parts.append(_whole_text(environment, *imported[called]))
        elif macro and called in macros and called != macro:
            parts.append(_whole_text(environment, name, called))
    return "".join(parts)


@pytest.mark.parametrize("name", NAMES)
def test_a_template_parses_and_stays_short(environment: Environment, name: str) -> None:
    environment.parse(_source(name))
    assert len(_source(name).splitlines()) <= 150


@pytest.mark.parametrize("name", NAMES)
def test_a_template_never_switches_escaping_off(name: str) -> None:
    assert not re.search(r"\|\s*safe\b|\bMarkup\(|autoescape|javascript:", _source(name))


@pytest.mark.parametrize("name", NAMES)
def test_every_attribute_is_quoted_and_none_is_style_or_script(name: str) -> None:
    for tag, raw, attributes in _tags(name):
        unquoted = [key for key, value in attributes.items() if value[0] not in "\"'"]
        assert not unquoted, f"<{tag}{raw}>"
        assert not [key for key in attributes if key == "style" or key.startswith("on")], f"<{tag}{raw}>"
    for script in re.findall(r"<script\b[^>]*>(.*?)</script>", _source(name), re.DOTALL):
        assert not script.strip()
    assert "<style" not in _source(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_has_a_text_alternative_and_a_size(name: str) -> None:
    for tag, raw, attributes in _tags(name):
        if tag == "img":
            assert {"src", "alt", "width", "height"} <= attributes.keys(), raw


@pytest.mark.parametrize("name", NAMES)
def test_every_imported_macro_exists_and_is_used(environment: Environment, name: str) -> None:
    tree = environment.parse(_source(name))
    for local, (template, macro) in _imports(tree).items():
        assert local in _calls(tree), f"{local} is imported and not used"
        assert macro in {each.name for each in environment.parse(_source(template)).find_all(nodes.Macro)}


def _drawn_by_code() -> set[str]:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "app").rglob("*.py"))
    return set(re.findall(r"get_template_attribute\(\"[^\"]+\", \"(\w+)\"\)", code))


def test_every_macro_is_called_somewhere(environment: Environment) -> None:
    trees = {name: environment.parse(_source(name)) for name in NAMES}
    called = set().union(*(_calls(tree) for tree in trees.values()), _drawn_by_code())
    defined = {macro.name for tree in trees.values() for macro in tree.find_all(nodes.Macro)}
    assert defined - called == set()


def _reached(environment: Environment, name: str, macro: str = "") -> set[str]:
    """Every macro, as `file:macro`, that drawing a template (or one macro of it) draws as well."""
    tree = environment.parse(_source(name))
    macros = {each.name: each for each in tree.find_all(nodes.Macro)}
    imported = _imports(tree)
    found = {f"{name}:{macro}"} if macro else set()
    for called in _calls(macros[macro] if macro else tree):
        if called in imported:
            found |= _reached(environment, *imported[called])
        elif called in macros and called != macro:
            found |= _reached(environment, name, called)
    return found


NOT_TO_BE_SEEN = {"components/manifest.html:look_again"}  # makes a page reload itself


def test_the_style_guide_shows_every_component(environment: Environment) -> None:
    trees = {name: environment.parse(_source(name)) for name in NAMES if name.startswith("components/")}
    defined = {f"{name}:{macro.name}" for name, tree in trees.items() for macro in tree.find_all(nodes.Macro)}
    shown = _reached(environment, "main/styleguide.html") | _reached(environment, "base.html") | NOT_TO_BE_SEEN
    by_code = [each.split(":") for each in defined if each.split(":")[1] in _drawn_by_code()]
    drawn_by_code = set().union(*(_reached(environment, name, macro) for name, macro in by_code))
    assert defined - shown - drawn_by_code == set()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_extends_the_base_and_has_a_title_and_one_h1(environment: Environment, name: str) -> None:
    tree = environment.parse(_source(name))
    (parent,) = tree.find_all(nodes.Extends)
    assert isinstance(parent.template, nodes.Const)
    assert parent.template.value == "base.html"
    assert {"title", "main"} <= {block.name for block in tree.find_all(nodes.Block)}
    assert len(re.findall(r"<h1\b", _whole_text(environment, name))) == 1


@pytest.mark.parametrize("name", NAMES)
def test_every_posting_form_carries_its_token(name: str) -> None:
    for form in re.findall(r"<form\b.*?</form>", _source(name), re.DOTALL):
        if re.search(r"method=\"post\"", form, re.IGNORECASE):
            assert '<input type="hidden" name="csrf_token" value="{{ csrf_token() }}">' in form


def test_the_base_page_lets_a_signed_in_person_sign_out() -> None:
    assert re.search(r"{% if player %}.*{{ sign_out\(\) }}.*{% endif %}", _source("base.html"), re.DOTALL)


def test_every_file_that_a_template_names_exists() -> None:
    named = set(re.findall(r"asset\([\"']([\w/.-]+)[\"']\)", "".join(map(_source, NAMES))))
    assert named
    assert [name for name in sorted(named - {assets.SITE_SHEET}) if not (STATIC / name).is_file()] == []


def test_every_style_sheet_is_part_of_the_sites_or_named_by_a_page(app: Flask) -> None:
    whole = (assets.content_of(app, assets.SITE_SHEET) or b"").decode()
    named = "".join(map(_source, NAMES))
    sheets = {path.name: path.read_text(encoding="utf-8") for path in (STATIC / "css").glob("*.css")}
    assert [name for name, text in sheets.items() if (text in whole) == (f"asset('css/{name}')" in named)] == []


def test_every_drawing_that_is_used_is_in_the_sprite() -> None:
    sprite = set(re.findall(r"<symbol id=\"([\w-]+)\"", (STATIC / "img" / "sprite.svg").read_text(encoding="utf-8")))
    used = set(re.findall(r"\bicon\(\"([\w-]+)\"\)", "".join(map(_source, NAMES))))
    notices = {"maintenance", "stale", "throttled", "manifest-missing", "reconnect"}
    classes = {"titan", "hunter", "warlock", "guardian"}
    assert sprite == used | notices | classes


def test_every_picture_of_a_style_sheet_is_ours_and_exists() -> None:
    for sheet in (STATIC / "css").glob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert "@import" not in text
        for address in re.findall(r"url\(\"?([^\")]+)", text):
            assert (sheet.parent / address).resolve().is_file(), f"{sheet.name}: {address}"


def test_style_and_script_are_small() -> None:
    files = [*(STATIC / "css").glob("*.css"), *(STATIC / "js").glob("*.js")]
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) <= 40_000
    assert all(len(file.read_text(encoding="utf-8").splitlines()) <= 400 for file in files)


HOSTILE = "\"><script>alert('x')</script>{{ 7*7 }}\u202e"


def _tile(number: int, **changes: object) -> TileView:
    instance = str(6917529000000000000 + number * 7919)
    icons = "https://www.bungie.net/common/destiny2_content/icons"
    picture = number * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128
    tile = TileView(
        hash=number * 2654435761 % 2**32, instance_id=instance, quantity=1, quantity_text="", name=f"Item {number}",
        label=f"Item {number}, Legendary Hand Cannon, solar 1810 power, locked", href=f"/items/{instance}",
        icon_url=f"{icons}/{picture:032x}.jpg", watermark_url=f"{icons}/{number % 25:032x}.png",
        power="1810", rarity="legendary", element="solar", type_name="Hand Cannon", look="legendary solar is-locked",
        is_unknown=False,
        is_classified=False,
    )  # fmt: skip
    return tile._replace(**changes)  # type: ignore[arg-type]


class _Elements(HTMLParser):
    """Every element with its attributes, and all text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def tiles(self) -> list[tuple[str, dict[str, str | None]]]:
        return [each for each in self.found if "data-item-hash" in each[1]]


def _draw(environment: Environment, *tiles: TileView) -> str:
    module = environment.get_template("components/tiles.html").module
    drawn = [tile._replace(face=module.tile_face(tile)) for tile in tiles]  # type: ignore[attr-defined]
    return str(module.tile_list(drawn))  # type: ignore[attr-defined]


def test_a_tile_is_one_element_with_its_ids_and_a_name(environment: Environment) -> None:
    page = _Elements(_draw(environment, _tile(5)))
    ((tag, attributes),) = page.tiles()
    assert tag == "a"
    assert attributes["data-item-hash"] == str(_tile(5).hash)
    assert attributes["data-item-id"] == _tile(5).instance_id
    assert "data-quantity" not in attributes
    assert str(attributes["aria-label"]).startswith("Item 5")
    assert "Item 5" in page.text
    assert "1810" in page.text


def test_a_stack_carries_its_quantity_and_no_address(environment: Environment) -> None:
    stack = _tile(5, instance_id="", href="", quantity=12345, quantity_text="12,345", power="")
    page = _Elements(_draw(environment, stack))
    ((tag, attributes),) = page.tiles()
    assert (tag, attributes["role"]) == ("div", "img")
    assert attributes["data-quantity"] == "12345"
    assert "data-item-id" not in attributes
    assert "\u00d712,345" in page.text


def test_a_hostile_name_is_shown_as_it_is_and_adds_no_element(environment: Environment) -> None:
    plain = _Elements(_draw(environment, _tile(5)))
    hostile = _Elements(_draw(environment, _tile(5, name=HOSTILE, label=HOSTILE, type_name=HOSTILE)))
    assert [tag for tag, _ in hostile.found] == [tag for tag, _ in plain.found]
    assert HOSTILE in hostile.text
    assert hostile.tiles()[0][1]["aria-label"] == HOSTILE


@pytest.mark.parametrize(
    ("changes", "drawing"),
    [({}, "placeholder"), ({"is_unknown": True}, "unknown"), ({"is_classified": True}, "classified")],
)
def test_a_tile_without_a_picture_gets_a_drawing(
    environment: Environment, changes: dict[str, object], drawing: str
) -> None:
    page = _Elements(_draw(environment, _tile(5, icon_url="", watermark_url="", **changes)))
    assert [attributes["src"] for tag, attributes in page.found if tag == "img"] == [f"/static/img/{drawing}.svg"]
    assert Path(STATIC / "img" / f"{drawing}.svg").is_file()


def test_a_thousand_different_tiles_weigh_at_most_72_kb_compressed(environment: Environment) -> None:
    html = _draw(environment, *(_tile(number) for number in range(1, 1001)))
    assert len(gzip.compress(html.encode(), 6)) <= 72_000


def _translated_when_imported(tree: nodes.Template) -> list[int]:
    """The lines that translate outside of every macro and block."""
    values = (node for node in tree.body if isinstance(node, nodes.Assign))
    calls = (call for value in values for call in value.find_all(nodes.Call))
    return [call.lineno for call in calls if isinstance(call.node, nodes.Name) and call.node.name in _TRANSLATES]


def test_what_is_imported_once_for_everybody_says_nothing_in_the_language_of_the_first_reader(
    environment: Environment,
) -> None:
    trees = {name: environment.parse(_source(name)) for name in NAMES}
    shared = {
        node.template.value
        for tree in trees.values()
        for node in tree.find_all(nodes.FromImport)
        if not node.with_context and isinstance(node.template, nodes.Const)
    }

    assert len(shared) > 20
    assert {name: lines for name in sorted(shared) if (lines := _translated_when_imported(trees[name]))} == {}
