"""The README tells the truth about settings and commands."""

from __future__ import annotations

import re

from config import setting_names
from tests.shared import ROOT

README = (ROOT / "README.md").read_text()


def test_every_setting_is_in_the_readme_and_nothing_else_is() -> None:
    table = README[README.index("| name | meaning") : README.index("A key for `TOKEN_KEYS`")]
    first_cells = [line.strip().split("|")[1] for line in table.splitlines() if line.strip().startswith("| `")]
    assert set(re.findall(r"`([A-Z_]+)`", " ".join(first_cells))) == set(setting_names())


def test_the_promised_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"make ([a-z]+)", README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_picture_that_the_readme_shows_exists() -> None:
    for path in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README):
        assert (ROOT / path).is_file()


def test_ci_calls_the_readme_s_test_command() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text()
    assert "make test" in README
