"""The demo world's tables: facts in CSV and JSON files beside this module."""

import csv
from functools import cache
from pathlib import Path
from typing import Any

import orjson

_DATA = Path(__file__).with_name("data")


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `data/NAME.csv`; every value is text."""
    with (_DATA / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


@cache
def document(name: str) -> Any:
    """The content of `data/NAME.json`."""
    return orjson.loads((_DATA / f"{name}.json").read_bytes())


@cache
def keyed(name: str, column: str) -> dict[str, dict[str, str]]:
    """The rows of a table by one of their columns, in the table's order."""
    return {row[column]: row for row in table(name)}
