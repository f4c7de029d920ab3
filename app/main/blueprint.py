"""The blueprint of the pages; its views live beside it."""

from flask import Blueprint

bp = Blueprint("main", __name__)
