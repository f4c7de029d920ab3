"""Loadouts -> the list of them, and the page of each."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from flask_babel import gettext, ngettext

from app.inventory.loadouts.model import ANY_CLASS
from app.inventory.loadouts.share import LONGEST_IN_LINK
from app.main import words
from app.main.loadouts.forms import DescribeForm
from app.main.loadouts.pieces import PiecePresenter, class_name
from app.main.loadouts.viewmodels import CardView, ClassView, LoadoutPage, ShelfPage
from app.main.loadouts.words import finding_text
from app.main.move_refusals import too_old_to_move
from app.main.tiles import Picture
from app.services.loadouts.service import Opened, link_code
from app.services.loadouts.shelf import MOST_LOADOUTS, Kept
from app.services.loadouts.table import Table

_MOST_ICONS = 9


def shelf_page(found: Sequence[tuple[Kept, Opened]], table: Table, query: str, picture: Picture) -> ShelfPage:
    pieces = PiecePresenter(table.profile, table.definitions, picture)
    by_class: dict[int, list[CardView]] = {}
    for kept, opened in found:
        by_class.setdefault(kept.build.class_type, []).append(_card(kept, opened, pieces))
    return ShelfPage(
        query=query,
        count=words.count_text(len(found), MOST_LOADOUTS),
        classes=tuple(ClassView(class_name(each), tuple(by_class[each])) for each in sorted(by_class)),
        characters=tuple(pieces.targets(ANY_CLASS)),
    )


def _card(kept: Kept, opened: Opened, presenter: PiecePresenter) -> CardView:
    pieces = presenter.views(opened.matches, ())
    count = len(opened.findings)
    return CardView(
        href=url_for("main.loadout", public_id=kept.public_id),
        name=kept.build.name,
        tags=kept.build.tags,
        pieces=pieces[:_MOST_ICONS],
        more=max(0, len(pieces) - _MOST_ICONS),
        note=ngettext("%(num)d problem", "%(num)d problems", count) if count else _good_note(len(pieces)),
        state="bad" if count else "good" if pieces else "free",
    )


def _good_note(count: int) -> str:
    return gettext("Everything is there.") if count else gettext("Nothing is in it yet.")


def loadout_page(
    opened: Opened,
    picture: Picture,
    kept: Kept | None = None,
    now: datetime | None = None,
    *,
    is_for_nobody: bool = False,
) -> LoadoutPage:
    """`kept` None: a loadout that is only looked at, `is_for_nobody` by somebody who is not signed in."""
    build, definitions = opened.build, opened.table.definitions
    presenter = PiecePresenter(opened.table.profile, definitions, picture)
    views = presenter.unowned(build.pieces) if is_for_nobody else presenter.views(opened.matches, opened.findings)
    code = link_code(build)
    fields = {"name": build.name, "class_type": build.class_type, "notes": build.notes}
    return LoadoutPage(
        public_id=kept.public_id if kept else "",
        name=build.name,
        class_name=class_name(build.class_type),
        tags=build.tags,
        notes=build.notes,
        findings=tuple(finding_text(each, definitions) for each in opened.findings),
        worn=tuple(view for view in views if view.is_worn),
        carried=tuple(view for view in views if not view.is_worn),
        targets=tuple(presenter.targets(build.class_type)),
        link=url_for("main.shared_loadout", loadout=code, _external=True) if len(code) <= LONGEST_IN_LINK else "",
        code=code,
        key=secrets.token_urlsafe(16),
        edited=words.ago(kept.updated_at, now) if kept and now else "",
        form=DescribeForm(data=fields) if kept else None,
        refusal=too_old_to_move(opened.table, now) if now else "",
    )
