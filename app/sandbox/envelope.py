"""Bungie's answer envelope, and the error codes that the sandbox can answer with."""

from http import HTTPStatus
from typing import Any

import orjson
from werkzeug.wrappers import Response

Json = dict[str, Any]

# code -> (name, HTTP status, message). Numbers and names are those of Bungie's specification.
_CODES: dict[int, tuple[str, int, str]] = {
    1: ("Success", 200, "Ok"),
    5: ("SystemDisabled", 503, "This system is temporarily disabled for maintenance."),
    7: ("ParameterParseFailure", 400, "A parameter could not be read."),
    18: ("InvalidParameters", 400, "The parameters of this request do not fit together."),
    21: ("NotFound", 404, "There is nothing at this address."),
    36: ("ThrottleLimitExceededMomentarily", 429, "Too soon: wait a moment before doing this again."),
    99: ("WebAuthRequired", 500, "Please sign-in to continue."),
    1601: ("DestinyAccountNotFound", 500, "No Destiny account was found for this membership."),
    1618: ("DestinyUnexpectedError", 500, "Something unexpected happened."),
    1620: ("DestinyCharacterNotFound", 500, "This character was not found."),
    1623: ("DestinyItemNotFound", 500, "The item requested was not found."),
    1627: ("DestinyVendorNotFound", 500, "The vendor requested was not found."),
    1640: ("DestinyItemUnequippable", 500, "This item cannot be equipped here."),
    1641: ("DestinyItemUniqueEquipRestricted", 500, "Only one item of this kind may be worn at a time."),
    1642: ("DestinyNoRoomInDestination", 500, "There is no room left at the destination."),
    1646: ("DestinyTransferNotFoundForSourceBucket", 500, "Nothing moves out of this bucket."),
    1648: ("DestinyUniquenessViolation", 500, "Only one of these may be held there."),
    1656: ("DestinyCannotPerformActionOnEquippedItem", 500, "This cannot be done to an equipped item."),
    1660: ("DestinyItemNotTransferrable", 500, "This item cannot be moved."),
    1663: ("DestinyItemActionForbidden", 500, "This cannot be done to this item."),
    1671: ("DestinyCannotPerformActionAtThisLocation", 500, "Go to orbit or a social space first."),
    1672: ("DestinyThrottledByGameServer", 503, "The game servers ask for less traffic."),
    1673: ("DestinyItemNotTransferrableHasSideEffects", 500, "This can only be claimed in the game."),
    1677: ("DestinySocketNotFound", 500, "This item has no such socket."),
    1679: ("DestinySocketAlreadyHasPlug", 500, "That plug is already in this socket."),
    1680: ("DestinyPlugItemNotAvailable", 500, "That plug is not available for this socket."),
    2101: ("ApiInvalidOrExpiredKey", 500, "The API key given is not valid."),
    2102: ("ApiKeyMissingFromRequest", 500, "This request carries no API key."),
}
# A refusal that no rule of the sandbox leads to, only a fault.
_OTHER = ("DestinyRefusal", 500, "The game refuses this.")


class BungieError(Exception):
    """A refusal with one of Bungie's codes; `throttle_s` is what the envelope's ThrottleSeconds will say."""

    def __init__(self, code: int, throttle_s: int = 0) -> None:
        super().__init__(f"{code} {_CODES.get(code, _OTHER)[0]}")
        self.code = code
        self.throttle_s = throttle_s


def success(payload: Any) -> Response:
    """The envelope of a success. `payload` may be anything that JSON can carry."""
    return _answer(1, 0, {"Response": payload})


def refusal(error: BungieError) -> Response:
    """The envelope of a refusal: no `Response` at all, as Bungie leaves it out."""
    return _answer(error.code, error.throttle_s, {})


def plain_json(payload: Any, status: int = HTTPStatus.OK) -> Response:
    """JSON without an envelope: the token endpoint and the sandbox's own controls speak so."""
    return Response(orjson.dumps(payload), status=status, mimetype="application/json")


def html(text: str, status: int = HTTPStatus.OK) -> Response:
    return Response(text, status=status, mimetype="text/html")


def _answer(code: int, throttle_s: int, head: Json) -> Response:
    name, status, message = _CODES.get(code, _OTHER)
    body = head | {
        "ErrorCode": code,
        "ThrottleSeconds": throttle_s,
        "ErrorStatus": name,
        "Message": message,
        "MessageData": {},
    }
    answer = plain_json(body, status)
    answer.headers["Cache-Control"] = "private, max-age=0"
    if code != 1:
        answer.headers["x-ventcore-status"] = str(code)
    return answer
