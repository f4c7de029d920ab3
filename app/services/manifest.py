"""The definitions: refreshing them, and telling how that went. One run at a time; the old ones serve until a switch."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

import redis
from sqlalchemy.orm import Session, scoped_session

from app.inventory.news import ChangeKind
from app.inventory.sentences import N_, Sentence
from app.manifest.comparison import Comparison
from app.manifest.errors import LockLost, ManifestError, StoreTrouble
from app.manifest.index import LocaleFiles, ManifestIndex
from app.manifest.lock import RunLock
from app.manifest.pipeline import write_version
from app.manifest.sanity import check_kept, check_switch
from app.manifest.source import ContentLimits, ManifestSource
from app.manifest.store import DefinitionStore
from app.manifest.versions import Provenance, VersionInfo
from app.models.manifest_run import FAILED, RUNNING, SWITCHED, UNCHANGED, ManifestRun
from app.services.clock import Clock
from app.services.manifest_changes import ChangeLog
from app.services.manifest_progress import Progress
from app.services.manifest_runs import WORKER_STOPPED, LocaleOutcome, RunLog, RunReport, report_of
from config import ManifestSettings

_log = logging.getLogger(__name__)

# A download is also held to this multiple of the last good one, but never to less than the least.
_MOST_GROWTH = 3
_LEAST_ALLOWANCE_BYTES = 64 * 1024 * 1024
_REDIS_AWAY = Sentence(N_("Redis cannot be reached."))
_REDIS_FULL = Sentence(N_("Redis is full: it takes nothing new."))
_OUR_ERROR = N_("An error of ours stopped this run (%(error)s).")


@dataclass(frozen=True, slots=True)
class LocaleStatus:
    """`info` is None when there are no definitions in this language yet."""

    locale: str
    info: VersionInfo | None


@dataclass(frozen=True, slots=True)
class ManifestStatus:
    """`is_reachable` false: Redis did not answer, so nothing is known of the versions."""

    is_reachable: bool
    locales: tuple[LocaleStatus, ...]
    active: RunReport | None
    last: RunReport | None

    @property
    def is_ready(self) -> bool:
        """Whether the first language, the default one, has definitions."""
        return self.is_reachable and bool(self.locales) and self.locales[0].info is not None


@dataclass(frozen=True, slots=True)
class Shown:
    """What pages look at while somebody waits: the same store and lock as the refresh, through an impatient client."""

    store: DefinitionStore
    lock: RunLock


class ManifestService:
    def __init__(
        self,
        settings: ManifestSettings,
        store: DefinitionStore,
        source: ManifestSource,
        session: scoped_session[Session],
        clock: Clock,
        lock: RunLock,
        *,
        for_pages: Shown | None = None,
    ) -> None:
        self._settings = settings
        self._store = store
        self._source = source
        self._runs = RunLog(session, clock)
        self._changes = ChangeLog(session, clock)
        self._lock = lock
        self._shown = for_pages or Shown(store, lock)

    # --- refreshing ----------------------------------------------------------------------------------------------

    def refresh(self, trigger: str, *, force: bool = False, run_id: str | None = None) -> RunReport:
        """Takes new definitions if there are any. Expected trouble is told in the report, not raised.

        `force` builds even what has not changed and takes what lost more rows than is sane. `run_id` names a run that
        `request_run` made. When another run is under way this one is skipped.
        """
        try:
            owner = self._lock.acquire()
        except redis.RedisError as error:
            why = _REDIS_FULL if isinstance(error, redis.OutOfMemoryError) else _REDIS_AWAY
            return report_of(self._runs.fail_new(trigger, run_id, why))
        if owner is None:
            return report_of(self._runs.skip(trigger, run_id))
        with self._released(owner):
            run = self._runs.start(trigger, run_id, owner)
            if run is None:
                return report_of(self._runs.skip(trigger, run_id))
            return report_of(self._work(run, owner, force=force))

    def _work(self, run: ManifestRun, owner: str, *, force: bool) -> ManifestRun:
        progress = Progress(self._lock, owner)
        try:
            for locale in self._settings.locales:
                self._mend(locale, progress)
            index = self._source.index()
            outcomes = [self._refresh_locale(locale, index, progress, force=force) for locale in self._settings.locales]
        except ManifestError as error:
            _log.warning("manifest run %s failed: %s", run.public_id, error)
            return self._runs.fail(run, error.sentence)
        except Exception as error:
            self._runs.fail(run, Sentence(_OUR_ERROR, {"error": type(error).__name__}))
            raise
        return self._runs.finish(run, outcomes)

    def _refresh_locale(self, locale: str, index: ManifestIndex, progress: Progress, *, force: bool) -> LocaleOutcome:
        """One language; what goes wrong with it does not stop the others."""
        progress.begin_locale(locale)
        outcome = LocaleOutcome(locale, FAILED, version_to=index.version)
        try:
            files = index.files(locale)
            current = self._current(locale)
            self._settle(locale, current)  # a run may have been killed right after its switch
            outcome = replace(outcome, version_from=current.version if current else "", path=files.path)
            if current and not force and self._is_current(files, current):
                self._store.keep_copy(current)
                return replace(outcome, state=UNCHANGED, counts=current.counts)
            taken = self._take(files, index.version, current, progress, force=force)
            self._settle(locale, taken)
            self._store.keep_copy(taken)
            return _weighed(replace(outcome, state=SWITCHED, counts=taken.counts), progress)
        except LockLost:
            raise
        except ManifestError as error:
            _log.warning("definitions in %s were not taken: %s", locale, error)
            return _weighed(replace(outcome, error=error.sentence), progress)

    def _take(
        self, files: LocaleFiles, version: str, current: VersionInfo | None, progress: Progress, *, force: bool
    ) -> VersionInfo:
        """Downloads, builds, writes, checks and switches. Raises ManifestErrors; then the old version stays."""
        limits = self._limits(files, None if force else current)
        with self._source.open(files, limits, progress) as content:
            writer = self._store.writer(files.locale, files.digest())
            try:
                comparison = self._comparison(files, current)
                report = write_version(content, writer, progress, comparison)
                check_switch(None if force else current, writer.counts, report.named_items)
                difference = comparison.finish() if comparison else None
                if current and difference and not force:
                    check_kept(current, difference.counts[ChangeKind.REMOVED])
                if current and not force:
                    self._store.check_anchors(current, writer, report.named_buckets)
                progress.stage("switching")
                progress.confirm()
                if current and difference:
                    self._changes.prepare(writer.id, (current.version, version), difference)
                told = Provenance(version, files.path, progress.bytes_downloaded, report.named_items)
                return self._store.switch(writer, current, told)
            except BaseException:
                with suppress(StoreTrouble):  # then it expires by itself
                    writer.discard()
                raise

    def _comparison(self, files: LocaleFiles, current: VersionInfo | None) -> Comparison | None:
        """In the first language only: all have the same items. The same files built anew change nothing."""
        if current is None or current.path == files.path or files.locale != self._settings.locales[0]:
            return None
        return self._store.comparison(current)

    def _settle(self, locale: str, in_use: VersionInfo | None) -> None:
        if locale == self._settings.locales[0]:
            self._changes.settle(in_use.id if in_use else "")

    def _limits(self, files: LocaleFiles, current: VersionInfo | None) -> ContentLimits:
        most = self._settings.max_download_bytes
        # JSON files are several times the size of an archive, so only like is measured by like.
        if current and PurePosixPath(current.path).suffix == PurePosixPath(files.path).suffix:
            most = min(most, max(_LEAST_ALLOWANCE_BYTES, _MOST_GROWTH * current.bytes_downloaded))
        return ContentLimits(most, self._settings.max_unpacked_bytes, self._settings.max_ratio)

    def _current(self, locale: str) -> VersionInfo | None:
        try:
            return self._store.current(locale)
        except redis.RedisError as error:
            raise StoreTrouble(_REDIS_AWAY) from error

    def _mend(self, locale: str, progress: Progress) -> None:
        """An emptied Redis is filled from the copy on disk before Bungie is asked for anything."""
        current = self._current(locale)
        try:
            if current and self._store.is_whole(current):
                return
        except redis.RedisError as error:
            raise StoreTrouble(_REDIS_AWAY) from error
        progress.begin_locale(locale)
        progress.stage("restoring")
        self._store.restore(locale)

    def _is_current(self, files: LocaleFiles, current: VersionInfo) -> bool:
        """Same files, and Redis still has what was made of them."""
        try:
            return current.digest == files.digest() and self._store.is_whole(current)
        except redis.RedisError as error:
            raise StoreTrouble(_REDIS_AWAY) from error

    @contextmanager
    def _released(self, owner: str) -> Iterator[None]:
        try:
            yield
        finally:
            with suppress(redis.RedisError):  # then it ends by itself
                self._lock.release(owner)

    # --- asking and telling ----------------------------------------------------------------------------------------

    def request_run(self, by: int | None, trigger: str = "admin") -> str:
        """The id of a run that waits for a worker: a new one, or the one that is queued or running already."""
        return self._runs.request(trigger, by, self._is_dead).public_id

    def abandon(self, run_id: str, why: str) -> None:
        """Ends a queued run that could not be handed to a worker."""
        run = self._runs.find(run_id)
        if run is not None and run.slot and run.state != RUNNING:
            self._runs.fail(run, Sentence(why))

    def run(self, run_id: str) -> RunReport | None:
        run = self._runs.find(run_id)
        return None if run is None else self._report(run)

    def runs(self, limit: int = 20) -> Sequence[RunReport]:
        """Newest first."""
        return [self._report(run) for run in self._runs.latest(limit)]

    def status(self) -> ManifestStatus:
        latest, active = self._runs.latest(1), self._runs.active()
        under_way = self._report(active) if active else None
        try:
            store = self._shown.store
            locales = tuple(LocaleStatus(locale, store.current(locale)) for locale in self._settings.locales)
        except redis.RedisError:
            locales = ()
        return ManifestStatus(
            is_reachable=bool(locales),
            locales=locales,
            active=under_way if under_way and under_way.is_active else None,
            last=self._report(latest[0]) if latest else None,
        )

    def _report(self, run: ManifestRun) -> RunReport:
        """With live progress; a run whose worker is gone is told as failed, which its row learns at the next run."""
        report = report_of(run)
        if run.state != RUNNING:
            return report
        try:
            if self._shown.lock.owner() != run.lock_owner:
                return self._ended_meanwhile(run)
            return replace(report, **self._shown.lock.told(run.lock_owner))
        except redis.RedisError:
            return report

    def _ended_meanwhile(self, run: ManifestRun) -> RunReport:
        """Its lock is gone: either it has just ended, or its worker was killed."""
        self._runs.reload(run)
        report = report_of(run)
        return report if run.state != RUNNING else replace(report, state=FAILED, error=WORKER_STOPPED)

    def _is_dead(self, run: ManifestRun) -> bool:
        try:
            return self._shown.lock.owner() != run.lock_owner
        except redis.RedisError:
            return False


def _weighed(outcome: LocaleOutcome, progress: Progress) -> LocaleOutcome:
    return replace(outcome, bytes_downloaded=progress.bytes_downloaded, rows_read=progress.rows_read)
