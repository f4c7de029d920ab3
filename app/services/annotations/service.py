"""What pages may ask of tags and notes: tag one or many, write a note, take a change back, look back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.inventory.annotations.marks import Annotation, Annotations, clean_notes, is_key, key_of
from app.inventory.search.narrow import everything
from app.manifest.plans import ITEM
from app.models import AnnotationChange
from app.services.annotations import book as kinds
from app.services.annotations.book import AnnotationBook, Step, Wanted, owner_of
from app.services.naming import NamesThings
from app.services.profiles import ProfileService
from app.services.search import SearchService
from app.services.sessions import Viewer

_HISTORY = 50
# Of a change these many items are named.
_NAMED = 5


class UnknownTagError(Exception):
    """Neither one of the five usual tags nor a label of the player's."""


@dataclass(frozen=True, slots=True)
class Told:
    """One change: `steps` are its first few, `count` is of all. `skipped` items had changed since, and stay so.

    `id` 0: nothing had to be changed.
    """

    id: int
    kind: str
    count: int
    steps: tuple[Step, ...]
    at: datetime | None = None
    undone_at: datetime | None = None
    skipped: int = 0


class AnnotationService:
    def __init__(
        self, book: AnnotationBook, profiles: ProfileService, search: SearchService, definitions: NamesThings
    ) -> None:
        self._book = book
        self._profiles = profiles
        self._search = search
        self._definitions = definitions

    def of(self, viewer: Viewer) -> Annotations:
        return self._book.of(viewer)

    def latest(self, viewer: Viewer) -> Annotations:
        """The same with what was changed during this very request."""
        return self._book.read(owner_of(viewer))

    def tag_many(self, viewer: Viewer, items: Iterable[str], tag: str) -> Told | None:
        """Tags these, by instance id or hash; "" or "none" takes the tag away. As one change, with one undo.

        What is not the player's is left out; None when nothing is theirs. Raises UnknownTagError and TooManyError,
        and a BungieError when nothing of the player is known.
        """
        return self._tag(viewer, self._theirs(viewer, items), tag)

    def tag_found(self, viewer: Viewer, locale: str, text: str, tag: str) -> Told | None:
        """The same for everything that a search finds. Raises its SearchError; None when it finds nothing."""
        found = self._search.load(viewer, locale, text)
        if found.error:
            raise found.error
        items = {key_of(each.item): each.item.hash for each in everything(found.snapshot.inventory)}
        return self._tag(viewer, items if found.is_search else {}, tag)

    def note(self, viewer: Viewer, item: str, notes: str) -> Told | None:
        """Writes a note, or takes it away. None for what is not theirs. Raises Unfit, TooManyError, BungieError."""
        kept = clean_notes(notes)
        items = self._theirs(viewer, [item])
        return self._change(viewer, kinds.NOTE, items, lambda said: (said.tag, kept)) if items else None

    def undo(self, viewer: Viewer, change_id: int) -> Told | None:
        """Takes a change back where nothing newer was said since. None when there is no such change of theirs."""
        owner = owner_of(viewer)
        change = self._book.find(owner, change_id)
        if change is None:
            return None
        steps = self._book.steps(change_id)
        self._book.begin(owner)
        known = self._book.said(owner, [step.item for step in steps])
        still = [
            step for step in steps if step.item in known and known[step.item][2:] == (step.tag_after, step.notes_after)
        ]
        wanted = {step.item: Wanted(step.item_hash, step.tag_before, step.notes_before) for step in still}
        done, told = self._book.write(owner, kinds.UNDO, wanted, undoes=change_id)
        if done:
            self._book.mark_undone(change)
        return Told(done, kinds.UNDO, len(told), tuple(told[:_NAMED]), skipped=len(steps) - len(told))

    def history(self, viewer: Viewer) -> tuple[Told, ...]:
        """The latest changes, the newest first."""
        changes = self._book.latest(owner_of(viewer), _HISTORY)
        counts = self._book.count_steps([change.id for change in changes])
        return tuple(self._told(change, counts.get(change.id, 0)) for change in changes)

    def names(self, locale: str, hashes: Iterable[int]) -> Mapping[int, str]:
        """What items are called, by hash; those that nobody knows are left out."""
        wanted = set(hashes) - {0}
        found = self._definitions.resolve(locale, {ITEM: wanted})
        known = ((each, found.item(each)) for each in wanted)
        return {each: definition.name for each, definition in known if definition}

    def owned(self, viewer: Viewer) -> dict[str, int]:
        """The hash of everything that the player owns, by key. Raises a BungieError when nothing of them is known."""
        loaded = self._profiles.load(viewer.account_id or 0, viewer.membership_type, viewer.membership_id, to_show=True)
        return {key_of(item): item.hash for item in loaded.profile.items}

    def _theirs(self, viewer: Viewer, items: Iterable[str]) -> dict[str, int]:
        """What they own now, and what they have said something of before: that may have gone, and may come back."""
        owned, said = self.owned(viewer), self._book.of(viewer).by_key
        asked = (item for item in dict.fromkeys(items) if is_key(item))
        return {item: owned.get(item, 0) for item in asked if item in owned or item in said}

    def _tag(self, viewer: Viewer, items: Mapping[str, int], tag: str) -> Told | None:
        kept = self._book.of(viewer).tag_named(tag)
        if kept is None:
            raise UnknownTagError(tag[:40])
        return self._change(viewer, kinds.TAG, items, lambda said: (kept, said.notes)) if items else None

    def _change(
        self, viewer: Viewer, kind: str, items: Mapping[str, int], to: Callable[[Annotation], tuple[str, str]]
    ) -> Told:
        owner = owner_of(viewer)
        self._book.begin(owner)
        known = self._book.said(owner, items)
        wanted = dict(_wanted(items, {item: Annotation(row.tag, row.notes) for item, row in known.items()}, to))
        done, steps = self._book.write(owner, kind, wanted)
        return Told(done, kind, len(steps), tuple(steps[:_NAMED]))

    def _told(self, change: AnnotationChange, count: int) -> Told:
        steps: Sequence[Step] = self._book.steps(change.id, _NAMED)
        return Told(change.id, change.kind, count, tuple(steps), change.at, change.undone_at)


def _wanted(
    items: Mapping[str, int], known: Mapping[str, Annotation], to: Callable[[Annotation], tuple[str, str]]
) -> Iterator[tuple[str, Wanted]]:
    for item, item_hash in items.items():
        yield item, Wanted(item_hash, *to(known.get(item, Annotation())))
