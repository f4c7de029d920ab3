"""The staff pages: asking for new definitions, and how the refreshes went."""

from __future__ import annotations

from flask import abort, jsonify, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.main.blueprint import bp
from app.main.present_manifest import manifest_page, run_progress, run_view
from app.services.audit import Kind
from app.services.clock import utc_now
from app.tasks.manifest import enqueue_refresh
from app.web.access import ADMIN, access, require_viewer
from app.web.errors import error_page, wants_json
from app.wiring import services


@bp.get("/updateManifest")
@access(ADMIN)
def confirm_update() -> tuple[str, int]:
    page = manifest_page(services().manifest, utc_now())
    return render_template("admin/update_manifest.html", page=page), 503 if page.notice else 200


@bp.post("/updateManifest")
@access(ADMIN, rate="manifest")
def update_manifest() -> Response:
    """202 with the run's page: the work is the worker's. A run that already waits or works is answered again."""
    run_id = enqueue_refresh(services().manifest, require_viewer().user_id)
    if run_id is None:
        return error_page(
            503,
            gettext("The worker cannot be reached"),
            gettext("The task queue does not answer. Try again in a minute."),
        )
    services().audit.note(Kind.MANIFEST_ASKED, require_viewer().user_id, f"run {run_id}")
    place = url_for("main.manifest_run", run_id=run_id)
    run = run_view(services().manifest.run(run_id), utc_now())
    if wants_json():
        answer: Response = jsonify(run=run_id, state=run.state if run else "queued", location=place)
    else:
        answer = Response(render_template("admin/run.html", run=run), mimetype="text/html")
    answer.status_code = 202
    answer.headers["Location"] = place
    return answer


@bp.get("/admin/manifest")
@access(ADMIN)
def manifest_admin() -> tuple[str, int]:
    """503 while Redis is away: what the database knows is there, which versions are in use is not."""
    page = manifest_page(services().manifest, utc_now())
    return render_template("admin/manifest.html", page=page), 503 if page.notice else 200


@bp.get("/admin/manifest/<run_id>")
@access(ADMIN)
def manifest_run(run_id: str) -> Response | str:
    run = run_view(services().manifest.run(run_id), utc_now())
    if run is None:
        abort(404)
    if wants_json():
        return jsonify(
            run=run_id,
            state=run.state,
            is_active=run.is_active,
            told=run_progress(run),
            error=run.error,
            counts=dict(run.counts),
        )
    return render_template("admin/run.html", run=run)
