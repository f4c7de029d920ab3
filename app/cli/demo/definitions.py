"""The first load of the definitions, which the worker starts by itself: told on the console as it goes on."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from app import create_app
from app.cli.demo.processes import ChildFailed, Processes
from app.cli.manifest import outcome, progress
from app.services.manifest_runs import RunReport
from app.wiring import services
from config import from_env

_LOAD_S = 600.0
_TELL_EVERY_S = 2.0


def load_definitions(children: Processes, environ: Mapping[str, str], say: Callable[[str], None]) -> None:
    """Wait for the worker's first run and tell how far it is. Raises ChildFailed when it fails."""
    app = create_app(from_env(environ))
    narrator = _Narrator(say)
    first = ""

    def is_over() -> bool:
        nonlocal first
        with app.app_context():
            report = _report(first)
        if report is None:
            return False
        first = report.id
        narrator.tell(report)
        if report.state == "failed":
            raise ChildFailed(f"The definitions could not be loaded: {report.error}", "")
        return not report.is_active

    children.wait_until("The first load of the definitions", is_over, _LOAD_S)


def _report(run_id: str) -> RunReport | None:
    """The run of this id; for the empty one the oldest that there is, for beat may already have added its own."""
    manifest = services().manifest
    if run_id:
        return manifest.run(run_id)
    runs = manifest.runs()
    return runs[-1] if runs else None


class _Narrator:
    """A line for every stage, and now and then one within a long stage."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._stage = ""
        self._said_at = 0.0

    def tell(self, report: RunReport) -> None:
        stage, now = f"{report.state} {report.stage}", time.monotonic()
        if stage == self._stage and now - self._said_at < _TELL_EVERY_S:
            return
        self._stage, self._said_at = stage, now
        self._say(progress(report) if report.is_active else outcome(report))
