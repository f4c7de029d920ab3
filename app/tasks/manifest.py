"""The refresh of the definitions as a task, and the way for a page to ask for one."""

from __future__ import annotations

from celery import shared_task
from kombu.exceptions import OperationalError

from app.services.manifest import ManifestService
from app.services.manifest_runs import NO_QUEUE
from app.tasks import REFRESH_TASK
from app.tasks.announcements import announce_run
from app.wiring import services


@shared_task(name=REFRESH_TASK, acks_late=True, soft_time_limit=540, time_limit=600)  # type: ignore[untyped-decorator]
def refresh(trigger: str, run_id: str | None = None) -> None:
    manifest = services().manifest
    try:
        ended = manifest.refresh(trigger, run_id=run_id).id
    except Exception:
        ended = next((run.id for run in manifest.runs() if run.state == "failed"), "")
        raise
    finally:
        announce_run(ended)


def enqueue_refresh(manifest: ManifestService, by: int | None) -> str | None:
    """The id of a run that a worker will take, or None when the task queue does not answer."""
    run_id = manifest.request_run(by, "admin")
    try:
        refresh.apply_async(kwargs={"trigger": "admin", "run_id": run_id}, expires=600, ignore_result=True)
    except OperationalError:
        manifest.abandon(run_id, NO_QUEUE)
        return None
    return run_id
