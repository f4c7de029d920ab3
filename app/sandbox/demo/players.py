"""The demo's three players: one with everything, one without characters, one whose account is cross-saved."""

from datetime import datetime

from app.sandbox.demo.catalogue import ARMOR_KINDS, of_kind
from app.sandbox.demo.guardian import Character, fill
from app.sandbox.demo.hoard import Hoard
from app.sandbox.demo.market import vendors_answer
from app.sandbox.demo.profile import profile_answer
from app.sandbox.envelope import Json
from app.sandbox.world import RecordedAccount

_XBOX, _PSN, _STEAM, _BUNGIE = 1, 2, 3, 254
_NO_ACCOUNT = 1601
DEMO_ID, NEWCOMER_ID, CROSSROADS_ID = "4611686018400000001", "4611686018400000002", "4611686018400000003"
_CHARACTERS = tuple(Character(f"230584300900000010{number}", number) for number in range(3))
_WEALTH = {3159615086: 431_250, 2817410917: 12_480, 3147280338: 400}


def players(now: datetime) -> tuple[RecordedAccount, ...]:
    """All accounts as recorded answers. `now` only moves dates: when they last played, when bounties run out."""
    return (_demo(now), _newcomer(now), _crossroads(now))


def _demo(now: datetime) -> RecordedAccount:
    card = _card(DEMO_ID, _STEAM, "Demo", 42)
    hoard = Hoard(1, now)
    fill(hoard, _CHARACTERS)
    profile = profile_answer(card, hoard, _CHARACTERS, _WEALTH)
    return RecordedAccount(DEMO_ID, _linked(card, now, "40000001"), profile, vendors_answer(now))


def _newcomer(now: datetime) -> RecordedAccount:
    """Bought the game, never made a character."""
    card = _card(NEWCOMER_ID, _STEAM, "Newcomer", 7)
    profile = profile_answer(card, Hoard(2, now), (), {})
    return RecordedAccount(NEWCOMER_ID, _linked(card, now, "40000002"), profile)


def _crossroads(now: datetime) -> RecordedAccount:
    """One Hunter, played on PlayStation; Steam is overridden by it and Xbox never had an account."""
    card = _card(CROSSROADS_ID, _PSN, "Crossroads", 1234) | _cross_save([_XBOX, _STEAM, _PSN])
    hunter = Character("2305843009000000201", 1)
    hoard = Hoard(3, now)
    _modest_kit(hoard, hunter)
    linked = _linked(card, now, "40000003") | {"profilesWithErrors": [_never_played()]}
    steam = _card("4611686018400000004", _STEAM, "Crossroads", 1234) | _cross_save([])
    linked["profiles"].append(
        steam | {"dateLastPlayed": "2020-02-01T12:00:00Z", "isOverridden": True, "isCrossSavePrimary": False}
    )
    return RecordedAccount(CROSSROADS_ID, linked, profile_answer(card, hoard, (hunter,), {3159615086: 1_500}))


def _modest_kit(hoard: Hoard, hunter: Character) -> None:
    for slot in (1498876634, 2465295065, 953998645):
        models = [model for model in of_kind("hand-cannon", "bow", "rocket-launcher") if model.bucket == slot]
        plain = [model for model in models if model.tier != "exotic"]
        hoard.wear(hunter.id, plain[0])
        for model in plain[1:3]:
            hoard.carry(hunter.id, model)
    for kind in ARMOR_KINDS:
        models = [model for model in of_kind(kind) if model.class_type == hunter.number and model.tier != "exotic"]
        hoard.wear(hunter.id, models[0])
        hoard.store(models[1])
    for kind in ("ghost", "sparrow", "ship", "emblem", "finishers", "emotes", "artifact"):
        hoard.wear(hunter.id, of_kind(kind)[0])
    hoard.wear(hunter.id, next(model for model in of_kind("subclass") if model.class_type == hunter.number))
    hoard.pocket(of_kind("material")[0], 12)


def _card(membership_id: str, membership_type: int, name: str, code: int) -> Json:
    return {
        "crossSaveOverride": 0,
        "applicableMembershipTypes": [membership_type],
        "isPublic": True,
        "membershipType": membership_type,
        "membershipId": membership_id,
        "displayName": name,
        "bungieGlobalDisplayName": name,
        "bungieGlobalDisplayNameCode": code,
    }


def _cross_save(types: list[int]) -> Json:
    return {"crossSaveOverride": _PSN, "applicableMembershipTypes": types}


def _never_played() -> Json:
    return {
        "errorCode": _NO_ACCOUNT,
        "infoCard": _card("4611686018400000005", _XBOX, "Crossroads", 1234) | _cross_save([]),
    }


def _linked(card: Json, now: datetime, bungie_id: str) -> Json:
    played: Json = {
        "dateLastPlayed": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "isOverridden": False,
        "isCrossSavePrimary": card["crossSaveOverride"] != 0,
        "platformSilver": {"platformSilver": {}},
        "unpairedGameVersions": 0,
    }
    name, code = card["bungieGlobalDisplayName"], card["bungieGlobalDisplayNameCode"]
    user: Json = {
        "supplementalDisplayName": f"{name}#{code:04}",
        "iconPath": "/img/profile/avatars/default_avatar.gif",
        "crossSaveOverride": 0,
        "isPublic": False,
        "membershipType": _BUNGIE,
        "membershipId": bungie_id,
        "displayName": name,
        "bungieGlobalDisplayName": name,
        "bungieGlobalDisplayNameCode": code,
    }
    return {"profiles": [card | played], "bnetMembership": user, "profilesWithErrors": []}
