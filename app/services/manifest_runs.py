"""The log of manifest runs: rows in the database, of which at most one is queued or running."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, scoped_session

from app.inventory.sentences import N_, Sentence
from app.models.manifest_run import FAILED, QUEUED, RUNNING, SKIPPED, SWITCHED, UNCHANGED, ManifestRun
from app.services.clock import Clock

# Beat asks every few minutes: what brought nothing new is kept for a while only.
_KEEP_RUNS = 200
_PRUNED = (UNCHANGED, SKIPPED, FAILED)
# A queued run that nobody took by then was lost with the broker.
_MOST_QUEUED = timedelta(minutes=10)
_NOT_TAKEN = Sentence(N_("No worker took this run in time."))
WORKER_STOPPED = Sentence(N_("The worker stopped before the run was finished."))
ANOTHER_RUN = Sentence(N_("Another run is under way."))
NO_QUEUE = N_("The task queue does not answer.")
_NOTHING = Sentence("")
_ABOUT = "%(locale)s: %(why)s"


@dataclass(frozen=True, slots=True)
class LocaleOutcome:
    """What a run did for one language. `state` is switched, unchanged or failed."""

    locale: str
    state: str
    version_from: str = ""
    version_to: str = ""
    path: str = ""
    bytes_downloaded: int = 0
    rows_read: int = 0
    counts: Mapping[str, int] | None = None
    error: Sentence = _NOTHING

    @property
    def records_written(self) -> int:
        return sum((self.counts or {}).values())

    def packed(self) -> dict[str, Any]:
        names = ("locale", "state", "version_from", "version_to", "path", "bytes_downloaded", "rows_read")
        facts = {name: getattr(self, name) for name in names}
        return {**facts, "error": self.error.packed(), "counts": dict(self.counts or {})}


@dataclass(frozen=True, slots=True)
class RunReport:
    """One run as pages and commands see it. Times are UTC; `locales` has one entry per language that was looked at."""

    id: str
    trigger: str
    requested_by: int | None
    requested_name: str
    state: str
    stage: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    version_from: str
    version_to: str
    path: str
    bytes_downloaded: int
    rows_read: int
    records_written: int
    counts: Mapping[str, int]
    error: Sentence
    locales: tuple[Mapping[str, Any], ...]

    @property
    def is_active(self) -> bool:
        return self.state in {QUEUED, RUNNING}

    @property
    def reasons(self) -> tuple[Sentence, ...]:
        """Why it failed: a sentence for each language, named where there are several."""
        failed = [each for each in self.locales if each["error"]]
        if len(self.locales) < 2 or not failed:
            return (self.error,) if self.error else ()
        return tuple(Sentence(_ABOUT, {"locale": each["locale"], "why": each["error"]}) for each in failed)

    @property
    def duration_s(self) -> float | None:
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()


class RunLog:
    def __init__(self, session: scoped_session[Session], clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def find(self, public_id: str) -> ManifestRun | None:
        return self._session.scalar(select(ManifestRun).where(ManifestRun.public_id == public_id))

    def active(self) -> ManifestRun | None:
        return self._session.scalar(select(ManifestRun).where(ManifestRun.slot == ManifestRun.ACTIVE))

    def reload(self, run: ManifestRun) -> None:
        """Reads the row again, in a transaction that sees what other processes have committed."""
        self._session.commit()
        self._session.refresh(run)

    def latest(self, limit: int) -> Sequence[ManifestRun]:
        return self._session.scalars(select(ManifestRun).order_by(ManifestRun.id.desc()).limit(limit)).all()

    def request(self, trigger: str, by: int | None, is_dead: Callable[[ManifestRun], bool]) -> ManifestRun:
        """A queued run: a new one, or the one that is queued or running already. A dead one makes way."""
        active = self.active()
        if active is not None and active.state == RUNNING and is_dead(active):
            self.fail(active, WORKER_STOPPED)
        elif active is not None and self._was_forgotten(active):
            self.fail(active, _NOT_TAKEN)
        elif active is not None:
            return active
        return self._open(trigger, by)

    def start(self, trigger: str, run_id: str | None, lock_owner: str) -> ManifestRun | None:
        """The run that the holder of the lock shall work on, now running; None when `run_id` has been done already.

        A queued run is taken over whoever asks first, and a message that comes twice works only once.
        """
        active = self.active()
        if active is not None and active.state == RUNNING and active.public_id != run_id:
            self.fail(active, WORKER_STOPPED)  # the lock is ours, so its worker is gone
        asked = self.find(run_id) if run_id else None
        if asked is not None and asked.slot is None:
            return None
        run = self._open(trigger, None)
        run.state, run.lock_owner, run.started_at = RUNNING, lock_owner, self._clock()
        self._session.commit()
        return run

    def skip(self, trigger: str, run_id: str | None) -> ManifestRun:
        """Notes that somebody else was at work. A run that was queued ends with that; what it wanted is being done."""
        run = self.find(run_id) if run_id else None
        if run is not None and run.state != QUEUED:
            return run
        run = run or self._new(trigger, None)
        return self._end(run, SKIPPED, ANOTHER_RUN)

    def fail(self, run: ManifestRun, why: Sentence) -> ManifestRun:
        return self._end(run, FAILED, why)

    def fail_new(self, trigger: str, run_id: str | None, why: Sentence) -> ManifestRun:
        run = self.find(run_id) if run_id else None
        return self.fail(run or self._new(trigger, None), why)

    def finish(self, run: ManifestRun, outcomes: Sequence[LocaleOutcome]) -> ManifestRun:
        """The worst state of any language is the state of the run; a single change makes it a switch."""
        states = {outcome.state for outcome in outcomes}
        state = next((each for each in (FAILED, SWITCHED) if each in states), UNCHANGED)
        told = next((outcome for outcome in outcomes if outcome.state == state), None)
        if told:
            run.version_from, run.version_to, run.path = told.version_from, told.version_to, told.path
            run.counts = dict(told.counts or {})
        run.bytes_downloaded = sum(outcome.bytes_downloaded for outcome in outcomes)
        run.rows_read = sum(outcome.rows_read for outcome in outcomes)
        run.records_written = sum(outcome.records_written for outcome in outcomes)
        run.locales = [outcome.packed() for outcome in outcomes]
        return self._end(run, state, _in_one(outcomes))

    def _end(self, run: ManifestRun, state: str, why: Sentence) -> ManifestRun:
        run.state, run.error, run.slot, run.stage = state, why.packed(), None, ""
        run.finished_at = self._clock()
        self._session.commit()
        self._prune()
        return run

    def _open(self, trigger: str, by: int | None) -> ManifestRun:
        """The active run, made if there is none. The unique slot decides between two who make one at once."""
        active = self.active()
        if active is not None:
            return active
        run = self._new(trigger, by)
        run.slot = ManifestRun.ACTIVE
        try:
            self._session.commit()
        except IntegrityError:
            self._session.rollback()
            winner = self.active()
            if winner is None:  # and it has ended since: ask again
                return self._open(trigger, by)
            return winner
        return run

    def _new(self, trigger: str, by: int | None) -> ManifestRun:
        run = ManifestRun(
            public_id=secrets.token_hex(8), trigger=trigger, requested_by=by, state=QUEUED, created_at=self._clock()
        )
        self._session.add(run)
        return run

    def _was_forgotten(self, run: ManifestRun) -> bool:
        return run.state == QUEUED and self._clock() - run.created_at > _MOST_QUEUED

    def _prune(self) -> None:
        oldest_kept = self._session.scalar(
            select(ManifestRun.id).order_by(ManifestRun.id.desc()).offset(_KEEP_RUNS - 1).limit(1)
        )
        if oldest_kept is None:
            return
        self._session.execute(
            delete(ManifestRun).where(ManifestRun.id < oldest_kept, ManifestRun.state.in_(_PRUNED)),
            execution_options={"synchronize_session": False},
        )
        self._session.commit()


def report_of(run: ManifestRun) -> RunReport:
    return RunReport(
        id=run.public_id,
        trigger=run.trigger,
        requested_by=run.requested_by,
        requested_name=(run.requester and run.requester.name) or "",
        state=run.state,
        stage=run.stage,
        created_at=run.created_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
        version_from=run.version_from,
        version_to=run.version_to,
        path=run.path,
        bytes_downloaded=run.bytes_downloaded,
        rows_read=run.rows_read,
        records_written=run.records_written,
        counts=run.counts,
        error=Sentence.unpacked(run.error),
        locales=tuple({**each, "error": Sentence.unpacked(each["error"])} for each in run.locales),
    )


def _in_one(outcomes: Sequence[LocaleOutcome]) -> Sentence:
    """What went wrong as one text; with several languages each keeps its own sentence in `locales`."""
    if len(outcomes) == 1:
        return outcomes[0].error
    return Sentence(" ".join(f"{outcome.locale}: {outcome.error}" for outcome in outcomes if outcome.error))
