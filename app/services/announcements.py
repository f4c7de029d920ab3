"""Tells the people who run the site what became of a refresh: new definitions, a failure, its end. Each of them once.

Runs happen one after another and each is a row, so the run that changes how things stand is the one that is told:
a failure that repeats has nothing to tell, and neither has a run without news.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session

from app.inventory.news import ChangeKind
from app.inventory.sentences import N_, Sentence
from app.models import User
from app.models.manifest_run import FAILED, SKIPPED, SWITCHED, UNCHANGED, ManifestRun
from app.services.mail import Mailer
from app.services.manifest_changes import ChangeLog
from app.services.manifest_runs import report_of
from app.services.sentences import Translate, in_english
from app.services.webhook import Webhook

CHAT = "chat"
_MOST_NAMES = 8
_CHANGED = {
    ChangeKind.ADDED: N_("Items added: %(count)s (%(names)s)."),
    ChangeKind.REMOVED: N_("Items removed: %(count)s (%(names)s)."),
    ChangeKind.RENAMED: N_("Items renamed: %(count)s (%(names)s)."),
    ChangeKind.RESTATTED: N_("Items with other numbers: %(count)s (%(names)s)."),
    ChangeKind.RECLASSIFIED: N_("Items of another kind than before: %(count)s (%(names)s)."),
}
_AND_MORE = N_("%(names)s and %(count)s more")


@dataclass(frozen=True, slots=True)
class Announcement:
    """`lines` are sentences and addresses."""

    subject: str
    lines: tuple[str, ...]


class Announcer:
    """`site` is where the pages are, "" unknown. Admins are told in their own language, the chat in `language`."""

    def __init__(
        self,
        session: scoped_session[Session],
        mailer: Mailer,
        webhook: Webhook,
        site: str,
        changes: ChangeLog,
        translate: Translate = in_english,
        language: str | None = None,
    ) -> None:
        self._session = session
        self._mailer = mailer
        self._webhook = webhook
        self._site = site
        self._changes = changes
        self._translate = translate
        self._language = language

    def audience(self, run_id: str) -> list[str]:
        """Who is to be told of this run: CHAT, and the ids of admins as text. Empty when there is nothing to tell."""
        if self._announcement(run_id) is None:
            return []
        return ([CHAT] if self._webhook.is_on else []) + ([str(each) for each in self._admins()] * self._mailer.is_on)

    def tell(self, run_id: str, whom: str) -> None:
        """Tells one of the `audience`. Raises MailError or WebhookError when it could not be handed over."""
        announcement = self._announcement(run_id)
        if announcement is None:
            return
        if whom == CHAT:
            subject, text = self._written(announcement, self._language)
            self._webhook.post(f"{subject}\n{text}")
            return
        admin = self._session.get(User, int(whom))
        if admin is not None and admin.email and admin.id in self._admins():
            self._mailer.send(admin.email, *self._written(announcement, admin.language))

    def _written(self, announcement: Announcement, language: str | None) -> tuple[str, str]:
        """Subject and text."""
        subject, *lines = (self._translate(each, language) for each in (announcement.subject, *announcement.lines))
        return subject, "\n".join([*lines, ""])

    def _admins(self) -> Sequence[int]:
        confirmed = User.email_confirmed_at.is_not(None)
        chosen = select(User.id).where(User.role == "admin", User.is_active, User.email.is_not(None), confirmed)
        return self._session.scalars(chosen.order_by(User.id)).all()

    def _announcement(self, run_id: str) -> Announcement | None:
        run = self._session.scalar(select(ManifestRun).where(ManifestRun.public_id == run_id))
        if run is None or run.state not in {FAILED, SWITCHED, UNCHANGED}:
            return None
        before = self._before(run)
        had_failed = before if before is not None and before.state == FAILED else None
        if run.state == FAILED:
            return None if had_failed else _failure(run, self._page(run))
        changed = _languages_with_another_version(run)
        if not changed and not had_failed:
            return None
        return Announcement(
            N_("New game data is in use") if changed else N_("The game data is refreshed again"),
            (
                *(_healed(had_failed) if had_failed else ()),
                *(_news(run, changed) if changed else ()),
                *(self._changed_items(run) if changed else ()),
                *self._page(run),
            ),
        )

    def _before(self, run: ManifestRun) -> ManifestRun | None:
        earlier = select(ManifestRun).where(ManifestRun.id < run.id, ManifestRun.finished_at.is_not(None))
        told = earlier.where(ManifestRun.state != SKIPPED)
        return self._session.scalar(told.order_by(ManifestRun.id.desc()).limit(1))

    def _changed_items(self, run: ManifestRun) -> Sequence[str]:
        """A sentence for each way in which items changed, with some of their names."""
        change = self._changes.find(run.version_to)
        if change is None or change.version_from != run.version_from:
            return []
        counts = [(kind, change.counts[kind]) for kind in ChangeKind if change.counts.get(kind)]
        items = {kind: self._changes.items(change.id, kind).items for kind, _ in counts}
        told = [_sentence(kind, count, [each.name for each in items[kind][:_MOST_NAMES]]) for kind, count in counts]
        return [*told, f"{self._site}/database/changes"] if self._site else told

    def _page(self, run: ManifestRun) -> tuple[str, ...]:
        return (f"{self._site}/admin/manifest/{run.public_id}",) if self._site else ()


def _failure(run: ManifestRun, page: tuple[str, ...]) -> Announcement:
    rest = N_("The definitions in use stay in use. The refresh goes on trying, and its end will be told.")
    return Announcement(N_("The game data could not be refreshed"), (*report_of(run).reasons, rest, *page))


def _healed(failed: ManifestRun) -> tuple[str, ...]:
    return N_("The refresh works again. The last run before had failed:"), *report_of(failed).reasons


def _news(run: ManifestRun, changed: Sequence[str]) -> tuple[str, ...]:
    facts = {"version": run.version_to, "languages": ", ".join(changed), "before": run.version_from}
    first = N_("Bungie's version %(version)s is in use (%(languages)s), the first one here.")
    another = N_("Bungie's version %(version)s is in use (%(languages)s), before it %(before)s.")
    return (
        Sentence(another if run.version_from else first, facts),
        Sentence(N_("%(count)s definitions."), {"count": run.records_written}),
    )


def _sentence(kind: ChangeKind, count: int, names: Sequence[str]) -> Sentence:
    told, more = ", ".join(names), count - len(names)
    shown = Sentence(_AND_MORE, {"names": told, "count": more}) if more else told
    return Sentence(_CHANGED[kind], {"count": count, "names": shown})


def _languages_with_another_version(run: ManifestRun) -> list[str]:
    """A rebuild of the same version changes nothing for anybody."""
    switched = (each for each in run.locales if each["state"] == SWITCHED)
    return [each["locale"] for each in switched if each["version_from"] != each["version_to"]]
