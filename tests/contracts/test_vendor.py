"""What others made and we serve: exactly the pinned files, unchanged, and light together with our own."""

from __future__ import annotations

import gzip
import hashlib
import re

from tests.shared import ROOT

STATIC = ROOT / "app" / "static"
VENDOR = STATIC / "vendor"


def _listed() -> dict[str, str]:
    """SHA-256 by file name, as the list of the folder says."""
    lines = (VENDOR / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def test_every_vendored_file_is_listed_and_is_what_the_list_says() -> None:
    own = {"README.md", "SHA256SUMS"}
    files = {path.relative_to(VENDOR).as_posix(): path for path in VENDOR.rglob("*") if path.is_file()}
    found = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items() if name not in own}
    assert found == _listed()


def test_every_vendored_folder_names_its_package_version_and_licence() -> None:
    told = (VENDOR / "README.md").read_text(encoding="utf-8")
    for folder in {name.split("/")[0] for name in _listed()}:
        (row,) = re.findall(rf"^\| {folder} \|.*$", told, re.MULTILINE)
        assert re.search(r"\| \d+\.\d+\.\d+ \|", row)
        assert "sha512-" in row
        assert (VENDOR / folder / "LICENSE").is_file()


def test_all_styles_and_scripts_together_weigh_at_most_60_kb_compressed() -> None:
    files = [*STATIC.rglob("*.css"), *STATIC.rglob("*.js")]
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) <= 60_000
