"""One owned item -> the forms that move, wear, lock and track it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext

from app.inventory import buckets
from app.inventory.items import Item, ItemState
from app.inventory.moves.choices import Choice, choices, pieces_there
from app.inventory.moves.plan import ACCOUNT_STORE, VAULT_STORE
from app.inventory.moves.stacks import stores_of
from app.main.item.viewmodels import FlagForm, MoveButton, MoveForm, MovePanel, StackForm
from app.main.move_refusals import too_old_to_move
from app.main.present import class_name
from app.services.item import ItemSnapshot
from app.services.moves.pictures import store_of
from app.services.moves.service import SPREAD


def move_panel(snapshot: ItemSnapshot, now: datetime) -> MovePanel | None:
    """None for what neither goes anywhere nor can be marked."""
    item = snapshot.item
    forms = tuple(_forms(snapshot))
    flags = tuple(_flags(item))
    stack = None if item.instance_id else _stack(snapshot)
    if not forms and not flags and not stack:
        return None
    return MovePanel(item.instance_id or str(item.hash), forms, flags, stack, too_old_to_move(snapshot, now))


def _piles(snapshot: ItemSnapshot) -> list[Item]:
    """The copy, or one stack of each place that pieces of it lie in: the one that the page is about comes first."""
    item = snapshot.item
    if item.instance_id:
        return [item]
    same = (each for each in snapshot.profile.items if (each.hash, each.instance_id) == (item.hash, ""))
    return list({(each.owner, each.bucket_hash): each for each in (item, *same)}.values())


def _stack(snapshot: ItemSnapshot) -> StackForm | None:
    """Offered where pieces lie in more than one place, or may be spread over several characters."""
    held = stores_of(snapshot.profile, snapshot.definitions, snapshot.item.hash)
    characters = [store for store in held if snapshot.profile.character(store)]
    gathers = [(store, _place(snapshot, store)) for store in held] if sum(map(bool, held.values())) > 1 else []
    spreads = [(SPREAD, gettext("Spread evenly"))] if len(characters) > 1 and sum(held.values()) > 1 else []
    buttons = (*gathers, *spreads)
    return StackForm(str(snapshot.item.hash), secrets.token_urlsafe(16), buttons) if buttons else None


def _forms(snapshot: ItemSnapshot) -> Iterator[MoveForm]:
    """Moving and wearing are a form each, with a key each: the button that is pressed says where to."""
    piles = _piles(snapshot)
    for item in piles:
        found = choices(snapshot.profile, snapshot.definitions, item)
        moves = gettext("Move from %(place)s", place=_source(snapshot, item)) if len(piles) > 1 else gettext("Move")
        for equip, title in ((False, moves), (True, gettext("Wear"))):
            buttons = tuple(_button(snapshot, item, choice) for choice in found if choice.equip is equip)
            if buttons:
                most = 0 if item.instance_id else pieces_there(snapshot.profile, item)
                key = secrets.token_urlsafe(16)
                yield MoveForm(title, store_of(item), most if most > 1 else 0, str(int(equip)), key, buttons)


def _source(snapshot: ItemSnapshot, item: Item) -> str:
    if item.bucket_hash in buckets.POSTMASTER:
        return gettext("the postmaster of %(character)s", character=_place(snapshot, item.owner))
    named = {VAULT_STORE: gettext("the vault"), ACCOUNT_STORE: gettext("your account")}
    return named.get(store_of(item)) or _place(snapshot, item.owner)


def _button(snapshot: ItemSnapshot, item: Item, choice: Choice) -> MoveButton:
    asked = {
        "item": item.instance_id or str(item.hash),
        "from": store_of(item),
        "to": choice.target,
        "quantity": str(pieces_there(snapshot.profile, item)),
        "equip": str(int(choice.equip)),
    }
    return MoveButton(choice.target, _label(snapshot, item, choice), f"{url_for('main.plan_move')}?{urlencode(asked)}")


def _label(snapshot: ItemSnapshot, item: Item, choice: Choice) -> str:
    if item.bucket_hash in buckets.POSTMASTER:
        return gettext("Collect from the postmaster")
    return _place(snapshot, choice.target)


def _place(snapshot: ItemSnapshot, store: str) -> str:
    if store == VAULT_STORE:
        return gettext("Vault")
    if store == ACCOUNT_STORE:
        return gettext("Account-wide inventory")
    character = snapshot.profile.character(store)
    return class_name(character, snapshot.definitions) if character else store


def _flags(item: Item) -> Iterator[FlagForm]:
    if not item.instance_id:
        return
    if item.is_lockable:
        is_on = item.has(ItemState.LOCKED)
        href = url_for("main.lock", instance_id=item.instance_id)
        yield FlagForm(href, "locked", str(int(not is_on)), gettext("Unlock") if is_on else gettext("Lock"))
    if buckets.group_of(item.bucket_hash, None) is buckets.Group.QUESTS:
        is_on = item.has(ItemState.TRACKED)
        href = url_for("main.track", instance_id=item.instance_id)
        yield FlagForm(href, "tracked", str(int(not is_on)), gettext("Stop tracking") if is_on else gettext("Track"))
