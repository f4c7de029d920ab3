"""The house's size limits: short functions, files that fit a head, every module saying what it is for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

from tests.shared import ROOT

FILES = sorted([*(ROOT / "app").rglob("*.py"), ROOT / "config.py", ROOT / "manage.py"])


def functions() -> Iterator[tuple[str, int]]:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path.relative_to(ROOT)}:{node.name}", (node.end_lineno or 0) - node.lineno + 1


def test_functions_are_short() -> None:
    sizes = dict(functions())
    lines = sorted(sizes.values())
    assert median(lines) <= 9
    cuts = quantiles(lines, n=100)
    assert (cuts[89], cuts[98]) <= (25, 50)
    assert not {name: size for name, size in sizes.items() if size > 60}


def test_files_are_small() -> None:
    sizes = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in FILES}
    assert quantiles(sizes.values(), n=20)[18] <= 300
    assert not {name: size for name, size in sizes.items() if size > 400}


def test_views_are_thin() -> None:
    for path in FILES:
        if path.parent.name not in {"main", "auth", "api"}:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and _is_view(node):
                assert (node.end_lineno or 0) - node.lineno <= 22, f"{path.name}:{node.name}"
                assert not any(isinstance(each, ast.For) for each in ast.walk(node)), node.name


def _is_view(node: ast.FunctionDef) -> bool:
    calls = (each.func for each in node.decorator_list if isinstance(each, ast.Call))
    return any(isinstance(call, ast.Attribute) and call.attr in {"get", "post", "route"} for call in calls)


def test_every_module_says_what_it_is_for() -> None:
    silent = [str(path.relative_to(ROOT)) for path in FILES if not ast.get_docstring(ast.parse(path.read_text()))]
    assert silent == []


def test_templates_are_small() -> None:
    long = [
        path for path in Path(ROOT / "app" / "templates").rglob("*.html") if len(path.read_text().splitlines()) > 150
    ]
    assert long == []
