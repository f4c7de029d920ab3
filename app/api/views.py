"""Health for machines, the state of the definitions for everybody, one's own inventory for the signed-in."""

from __future__ import annotations

from flask import Blueprint, current_app, jsonify
from werkzeug.wrappers import Response

from app.api.schemas import definitions_json, inventory_json
from app.web.access import PLAYER, PUBLIC, access, require_viewer
from app.web.languages import item_locale
from app.wiring import services

bp = Blueprint("api", __name__)


@bp.get("/healthz")
@access(PUBLIC, rate="health")
def healthz() -> Response:
    """The process is alive; nothing outside it is asked."""
    return jsonify(status="ok")


@bp.get("/readyz")
@access(PUBLIC, rate="health")
def readyz() -> tuple[Response, int]:
    """200 when database, Redis and definitions are there, else 503 with which one is not."""
    checks = services().readiness.check(current_app.config["LOCALES"])
    is_ready = all(checks.values())
    words = {name: "ok" if is_fine else "unavailable" for name, is_fine in checks.items()}
    return jsonify(status="ok" if is_ready else "unavailable", checks=words), 200 if is_ready else 503


@bp.get("/api/v1/manifest")
@access(PUBLIC, rate="api")
def manifest() -> Response:
    return jsonify(definitions_json(services().manifest.status()))


@bp.get("/api/v1/inventory")
@access(PLAYER, rate="api")
def inventory() -> Response:
    snapshot = services().vault.load(require_viewer(), item_locale())
    return jsonify(inventory_json(snapshot))
