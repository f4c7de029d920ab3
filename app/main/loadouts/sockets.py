"""What can be chosen in one piece of a loadout -> its page."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext

from app.inventory.definitions import Definitions
from app.inventory.loadouts.options import Choice
from app.inventory.search.text import fold
from app.inventory.telling.sockets import is_nothing
from app.main.loadouts.viewmodels import ChoiceView, SocketPage, SocketView
from app.main.loadouts.words import item_name
from app.main.tiles import Picture
from app.services.loadouts.service import Sockets


def socket_page(found: Sockets, picture: Picture) -> SocketPage:
    definitions, piece = found.table.definitions, found.piece
    known = definitions.item(piece.item_hash)
    return SocketPage(
        public_id=found.kept.public_id,
        loadout=found.kept.build.name,
        piece=piece.key,
        name=item_name(piece.item_hash, definitions),
        icon_url=picture(known.icon if known else ""),
        is_copy=bool(piece.instance_id) and found.table.profile.item(piece.instance_id) is not None,
        sockets=tuple(_socket(number, each, definitions) for number, each in enumerate(found.choices, 1)),
    )


def _socket(number: int, choice: Choice, definitions: Definitions) -> SocketView:
    named = next((known for each in choice.options if (known := definitions.item(each)) and known.type_name), None)
    return SocketView(
        name=f"socket-{choice.socket}",
        label=f"{number}. {named.type_name if named else gettext('Socket')}",
        present=_label(choice.present, definitions) if choice.present else "",
        options=tuple(sorted(_options(choice, definitions), key=lambda each: fold(each.label))),
    )


def _options(choice: Choice, definitions: Definitions) -> Iterator[ChoiceView]:
    for each in choice.options:
        yield ChoiceView(each, _label(each, definitions), is_chosen=each == choice.chosen)


def _label(plug_hash: int, definitions: Definitions) -> str:
    known = definitions.item(plug_hash)
    if is_nothing(plug_hash, known):
        return gettext("Nothing")
    name = item_name(plug_hash, definitions)
    if known and known.energy_cost:
        return gettext("%(mod)s, %(cost)s energy", mod=name, cost=known.energy_cost)
    return name
