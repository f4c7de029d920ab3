"""The blueprint of coming and going; the views of three modules hang on it."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("auth", __name__)
