"""What applying a loadout would do -> its page."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from flask_babel import gettext, ngettext

from app.inventory.loadouts.plan import Change, Missed
from app.inventory.moves.plan import Step
from app.main import move_words
from app.main.loadouts.pieces import class_name
from app.main.loadouts.viewmodels import PlanLine, PlanPage, StepLine
from app.main.loadouts.words import item_name, problem_text
from app.main.tiles import Picture
from app.services.loadouts.service import Foreseen
from app.services.moves.service import Preview


class PlanPresenter:
    def __init__(self, foreseen: Foreseen, picture: Picture) -> None:
        self._foreseen = foreseen
        self._profile = foreseen.opened.table.profile
        self._definitions = foreseen.opened.table.definitions
        self._picture = picture

    def page(self, action: str, back: str, keep: str = "") -> PlanPage:
        """`action` is where doing it goes, `keep` where keeping it does (if it is not kept already)."""
        plan, character = self._foreseen.plan, self._foreseen.character
        return PlanPage(
            title=self._foreseen.opened.build.name,
            character=class_name(character.class_type),
            summary=" ".join(_summary(len(plan.moves), len(plan.changes), plan.settled)),
            lines=tuple(self._lines()),
            missed=tuple(self._missed(each) for each in plan.missed),
            action="" if plan.is_nothing else action,
            fields=(("to", character.id), ("key", secrets.token_urlsafe(16))),
            back=back,
            keep=keep,
        )

    def _lines(self) -> Iterator[PlanLine]:
        for wish, preview in self._foreseen.previews:
            yield self._move(wish.item_hash, preview)
        for change in self._foreseen.plan.changes:
            yield self._change(change)

    def _move(self, item_hash: int, preview: Preview) -> PlanLine:
        reason = move_words.reason(preview.reason.obstacle, 0) if preview.reason else ""
        return PlanLine(self._name(item_hash), self._icon(item_hash), reason, tuple(map(self._step, preview.steps)))

    def _change(self, change: Change) -> PlanLine:
        text = move_words.plug_text(self._name(change.plug.plug_hash), self._name(change.item.hash))
        return PlanLine(text, self._icon(change.plug.plug_hash), "", ())

    def _step(self, step: Step) -> StepLine:
        character = self._profile.character(step.character_id)
        who = class_name(character.class_type) if character else gettext("a character")
        return StepLine(
            move_words.step_text(step.kind, self._name(step.item_hash), who), move_words.because(step.because)
        )

    def _missed(self, missed: Missed) -> str:
        name = self._name(missed.piece.item_hash)
        if missed.plug:
            name = f"{self._name(missed.plug.plug_hash)}, {name}"
        return problem_text(missed.problem, name, missed.piece)

    def _name(self, item_hash: int) -> str:
        return item_name(item_hash, self._definitions)

    def _icon(self, item_hash: int) -> str:
        known = self._definitions.item(item_hash)
        return self._picture(known.icon if known else "")


def _summary(moves: int, changes: int, settled: int) -> Iterator[str]:
    if moves:
        yield ngettext("%(num)d item has to be moved or worn.", "%(num)d items have to be moved or worn.", moves)
    if changes:
        yield ngettext("%(num)d plug has to be put in.", "%(num)d plugs have to be put in.", changes)
    if settled:
        yield ngettext("%(num)d item is as it should be.", "%(num)d items are as they should be.", settled)
