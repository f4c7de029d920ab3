"""The shapes on the icons, drawn on a square of 96: one per kind of item, element or class. The drawings are data."""

from pathlib import Path

import orjson

SILHOUETTES: dict[str, str] = orjson.loads(Path(__file__).with_name("silhouettes.json").read_bytes())
