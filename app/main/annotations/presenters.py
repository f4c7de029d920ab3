"""Tags and notes -> their panel, their page and their history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from flask import url_for
from flask_babel import gettext, ngettext

from app.inventory.annotations.files import MOST_BYTES
from app.inventory.annotations.marks import COLOURS, MOST_LABEL, MOST_NOTES, USUAL, Annotation, Annotations, hashtags
from app.inventory.search.printer import write
from app.inventory.search.tree import TEXT, Query, Term
from app.main import words
from app.main.annotations.marks import colour_look, look_of, spoken
from app.main.annotations.viewmodels import (
    ChangeLine,
    FaultLine,
    ImportView,
    NumberLine,
    SearchTag,
    StepLine,
    TagChoice,
    TagCount,
    TagPanel,
    TagsPage,
)
from app.main.search_words import sentence
from app.main.tag_words import COLOUR_NAMES, row_fault, tag_name
from app.services.annotations import book as kinds
from app.services.annotations.book import Step
from app.services.annotations.imports import Waiting
from app.services.annotations.service import Told
from app.services.search import Found

_SHORT = 60
_MOST_FAULTS = 8
_MOST_HASHTAGS = 30
_HASH_DIGITS = 10


def tag_panel(said: Annotations, item: str, back: str) -> TagPanel:
    mine = said.by_key.get(item, Annotation())
    labels = tuple(_choice(label.name, label.colour, mine.tag) for label in said.labels)
    usual = tuple(_choice(each, "", mine.tag) for each in USUAL)
    return TagPanel(
        item, mine.tag, look_of(said, mine.tag), spoken(mine.tag), usual, labels, mine.notes, MOST_NOTES, back
    )


def tags_page(
    said: Annotations,
    history: Iterable[Told],
    names: Mapping[int, str],
    waiting: Waiting | None,
    now: datetime,
    found: Found | None = None,
) -> TagsPage:
    counts = Counter(said.tags.values())
    noted = sum(bool(each.notes) for each in said.by_key.values())
    return TagsPage(
        counts=tuple(_count(_choice(each, "", ""), counts[each]) for each in USUAL),
        labels=tuple(_count(_choice(each.name, each.colour, ""), counts[each.name]) for each in said.labels),
        noted=ngettext("%(num)d note", "%(num)d notes", noted),
        noted_href=_search("is:hasnotes"),
        hashtags=tuple(_hashtags(said)),
        colours=tuple((each, str(COLOUR_NAMES[each])) for each in COLOURS),
        most_label=MOST_LABEL,
        changes=tuple(change_line(each, names, now) for each in history),
        waiting=import_view(waiting) if waiting else None,
        search=_search_tag(said, found) if found else None,
        most_bytes=words.size(MOST_BYTES),
    )


def change_line(told: Told, names: Mapping[int, str], now: datetime) -> ChangeLine:
    more = told.count - len(told.steps)
    at = told.at or now
    return ChangeLine(
        told.id if told.undone_at is None else 0,
        _title(told),
        words.ago(at, now),
        at.isoformat(),
        told.undone_at is not None,
        tuple(_step(each, names) for each in told.steps),
        ngettext("and %(num)d more", "and %(num)d more", more) if more > 0 else "",
    )


def told_words(told: Told) -> str:
    """What a form has done, in a sentence."""
    if not told.id:
        return gettext("It was so already: nothing has changed.")
    if told.kind == kinds.NOTE:
        return gettext("The note is kept.") if told.steps[0].notes_after else gettext("The note is taken away.")
    if told.kind == kinds.TAG and told.steps[0].tag_after:
        name = tag_name(told.steps[0].tag_after)
        return ngettext("%(num)d item is tagged: %(tag)s.", "%(num)d items are tagged: %(tag)s.", told.count, tag=name)
    if told.kind == kinds.TAG:
        return ngettext("%(num)d item has no tag any more.", "%(num)d items have no tag any more.", told.count)
    if told.kind == kinds.IMPORT:
        return ngettext("Taken in: %(num)d item.", "Taken in: %(num)d items.", told.count)
    return ngettext("Taken back: %(num)d item.", "Taken back: %(num)d items.", told.count)


def import_view(waiting: Waiting) -> ImportView:
    summary, content = waiting.summary, waiting.content
    numbers = (
        (gettext("New here"), summary.new),
        (gettext("Say something else here"), summary.changed),
        (gettext("The same here"), summary.same),
        (gettext("Not among your items now; kept all the same"), summary.absent),
        (gettext("Rows that were passed over"), len(content.faults)),
        (gettext("Rows of other accounts, passed over"), content.strangers),
    )
    faults = [FaultLine(words.number(each.place), row_fault(each.why, each.text)) for each in content.faults]
    return ImportView(
        tuple(NumberLine(label, words.number(value)) for label, value in numbers if value),
        tuple(faults[:_MOST_FAULTS]),
        summary.conflicts > 0,
        any(row.changed_at for row in content.rows),
    )


def _search_tag(said: Annotations, found: Found) -> SearchTag:
    if found.error:
        return SearchTag(found.text, sentence(found.error), ())
    total = sum(found.counts.values())
    choices = [_choice(each, "", "") for each in USUAL] + [_choice(each.name, each.colour, "") for each in said.labels]
    told = ngettext("%(num)d item found.", "%(num)d items found.", total)
    return SearchTag(found.text, told, tuple(choices) if total else ())


def _title(told: Told) -> str:
    if told.kind == kinds.NOTE:
        return gettext("Note")
    if told.kind == kinds.IMPORT:
        return ngettext("%(num)d item from a file", "%(num)d items from a file", told.count)
    if told.kind == kinds.UNDO:
        return ngettext("%(num)d item taken back", "%(num)d items taken back", told.count)
    return ngettext("%(num)d item tagged", "%(num)d items tagged", told.count)


def _step(step: Step, names: Mapping[int, str]) -> StepLine:
    name = names.get(step.item_hash) or gettext("Item %(item)s", item=step.item)
    href = url_for("main.item", instance_id=step.item)
    return StepLine(name, href, _said(step.tag_before, step.notes_before), _said(step.tag_after, step.notes_after))


def _said(tag: str, notes: str) -> str:
    short = notes if len(notes) <= _SHORT else notes[: _SHORT - 1] + "…"
    return ", ".join(filter(None, (tag_name(tag), f"“{short}”" if short else ""))) or gettext("nothing")


def _choice(tag: str, colour: str, chosen: str) -> TagChoice:
    look = colour_look(colour) if colour else f"tag-{tag}"
    return TagChoice(tag, tag_name(tag), look, colour, tag == chosen)


def _count(choice: TagChoice, count: int) -> TagCount:
    return TagCount(choice, words.number(count), _search(write(Query(Term("tag", choice.value)))))


def _hashtags(said: Annotations) -> Iterator[TagCount]:
    counts = Counter(word.casefold() for each in said.by_key.values() for word in set(hashtags(each.notes)))
    shown = {word.casefold(): word for word in said.hashtags}
    for key, count in counts.most_common(_MOST_HASHTAGS):
        choice = TagChoice(shown[key], shown[key], "", "", is_chosen=False)
        yield TagCount(choice, words.number(count), _search(write(Query(Term(TEXT, shown[key])))))


def _search(text: str) -> str:
    return url_for("main.vault", q=text)
