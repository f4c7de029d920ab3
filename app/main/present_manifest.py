"""Runs and versions of the definitions -> the staff pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.main import words
from app.main.viewmodels import ManifestPage, RunView, VersionView
from app.services.manifest import LocaleStatus, ManifestService
from app.services.manifest_runs import RunReport
from app.web.languages import said

_STATES: dict[str, LazyString] = {
    "queued": _l("Waiting for the worker"),
    "running": _l("Running"),
    "switched": _l("New definitions in use"),
    "unchanged": _l("Nothing new"),
    "skipped": _l("Another run was under way"),
    "failed": _l("Failed, the old definitions stay in use"),
}
_TRIGGERS: dict[str, LazyString] = {
    "beat": _l("Schedule"),
    "admin": _l("Asked for by staff"),
    "cli": _l("Command line"),
    "start": _l("Start of the worker"),
    "unknown": _l("A page showed something unknown"),
    "missing": _l("A page missed them"),
}
_STAGES: dict[str, LazyString] = {
    "downloading": _l("Downloading"),
    "unpacking": _l("Unpacking"),
    "reading": _l("Reading"),
    "restoring": _l("Filling Redis from the copy on disk"),
    "switching": _l("Switching"),
}
_RUNS_SHOWN = 25


def manifest_page(manifest: ManifestService, now: datetime) -> ManifestPage:
    status = manifest.status()
    runs = tuple(view for run in manifest.runs(_RUNS_SHOWN) if (view := run_view(run, now)))
    return ManifestPage(
        versions=tuple(_version_view(each, now) for each in status.locales),
        active=next((run for run in runs if run.is_active), None),
        runs=runs,
        notice="" if status.is_reachable else gettext("Redis does not answer, so the versions in use cannot be told."),
    )


def run_view(run: RunReport | None, now: datetime) -> RunView | None:
    if run is None:
        return None
    began = run.started_at or run.created_at
    seconds = (now - began).total_seconds() if run.is_active else run.duration_s
    return RunView(
        id=run.id,
        href=f"/admin/manifest/{run.id}",
        state=run.state,
        state_text=str(_STATES.get(run.state, run.state)),
        is_active=run.is_active,
        trigger=str(_TRIGGERS.get(run.trigger, run.trigger)),
        who=run.requested_name,
        started=words.ago(began, now),
        started_iso=began.isoformat(),
        duration="" if seconds is None else words.duration(seconds),
        version=run.version_to or run.version_from,
        counts=_counts(run.counts),
        bytes_text=words.size(run.bytes_downloaded) if run.bytes_downloaded else "",
        rows_text=words.number(run.rows_read) if run.rows_read else "",
        stage=_stage(run.stage),
        error=" ".join(said(each) for each in run.reasons),
        languages=tuple(
            (each["locale"], str(_STATES.get(each["state"], each["state"])), said(each["error"]))
            for each in run.locales
        ),
    )


def run_progress(run: RunView) -> dict[str, str]:
    """What changes on a run's page while it works, as texts by the name of their place."""
    return {
        "state": run.state_text,
        "stage": run.stage,
        "bytes": run.bytes_text,
        "rows": run.rows_text,
        "duration": run.duration,
    }


def _stage(told: str) -> str:
    """From "en: reading DestinyStatDefinition" to "Reading Stat (en)"."""
    locale, _, stage = told.partition(": ")
    name, _, table = stage.partition(" ")
    text = f"{_STAGES.get(name, name)} {_table_name(table)}".strip()
    return f"{text} ({locale})" if text else ""


def _version_view(status: LocaleStatus, now: datetime) -> VersionView:
    info = status.info
    if info is None:
        return VersionView(status.locale, gettext("none yet"), "", "", ())
    built = info.built_at
    return VersionView(status.locale, info.version, words.ago(built, now), built.isoformat(), _counts(info.counts))


def _counts(counts: Mapping[str, int]) -> tuple[tuple[str, str], ...]:
    """Tables by size, named as people say them."""
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    return tuple((_table_name(table), words.number(count)) for table, count in ordered)


def _table_name(table: str) -> str:
    return table.removeprefix("Destiny").removesuffix("Definition")
