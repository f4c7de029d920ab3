"""Bungie's own OpenAPI document as JSON Schema, so that answers can be held against it.

Differences that the document leaves to prose: 64-bit integers travel as strings, bytes as numbers, `nullable` fields
may be null, and any field may be absent. Fields that the document does not know are errors, except the few that Bungie
really sends.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import orjson
from jsonschema import Draft202012Validator

from tests.shared import shared_dir

_INTEGER, _BOOLEAN = {"type": "integer"}, {"type": "boolean"}
# Sent by Bungie in recorded answers and definitions, though its document does not name them (any more).
_SENT_ALL_THE_SAME: dict[str, dict[str, Any]] = {
    "Destiny.Entities.Items.DestinyItemComponent": {"dismantlePermission": _INTEGER},
    "Destiny.DestinyStat": {"maximumValue": _INTEGER},
    "Destiny.Definitions.Common.DestinyDisplayPropertiesDefinition": {"iconHash": _INTEGER},
    "Destiny.Definitions.DestinyInventoryItemDefinition": {
        "acquireRewardSiteHash": _INTEGER,
        "acquireUnlockHash": _INTEGER,
    },
    "Destiny.Definitions.DestinyItemInventoryBlockDefinition": {"nonTransferrableOriginal": _BOOLEAN},
    "Destiny.Definitions.DestinyEquippingBlockDefinition": {"equippingSoundHash": _INTEGER, "hornSoundHash": _INTEGER},
    "Destiny.Definitions.DestinyItemSocketEntryDefinition": {"overridesUiAppearance": _BOOLEAN},
    "Destiny.Definitions.BreakerTypes.DestinyBreakerTypeDefinition": {"unlockHash": _INTEGER},
    "Destiny.Definitions.DestinyStatDefinition": {"interpolate": _BOOLEAN},
    "Destiny.Definitions.DestinyItemSocketEntryPlugItemRandomizedDefinition": {"weight": {"type": "number"}},
}
_KEPT = ("type", "enum", "minimum", "maximum", "required", "pattern")
_INT64 = {"type": "string", "pattern": "^-?[0-9]{1,20}$"}


@cache
def _document() -> dict[str, Any]:
    root = shared_dir()
    assert root is not None
    read: dict[str, Any] = orjson.loads(Path(root, "openapi.json").read_bytes())
    return read


@cache
def _schemas() -> dict[str, Any]:
    made = {name: _converted(schema) for name, schema in _document()["components"]["schemas"].items()}
    for name, extra in _SENT_ALL_THE_SAME.items():
        made[name]["properties"] |= extra
    for name, schema in made.items():
        if name.startswith("Destiny.Definitions.") and name.endswith("Definition") and "properties" in schema:
            schema["properties"]["blacklisted"] = _BOOLEAN
    return made


@cache
def validator(path: str, method: str = "get") -> Draft202012Validator:
    """A validator of whole envelopes for the 200 answer of one documented path."""
    reference = _document()["paths"][path][method]["responses"]["200"]["$ref"]
    response = _document()["components"]["responses"][reference.rsplit("/", 1)[1]]
    envelope = _converted(response["content"]["application/json"]["schema"])
    envelope["required"] = ["Response", "ErrorCode", "ThrottleSeconds", "ErrorStatus", "Message", "MessageData"]
    return Draft202012Validator(envelope | {"components": {"schemas": _schemas()}})


@cache
def schema_validator(name: str) -> Draft202012Validator:
    """A validator of one component schema, such as a definition."""
    reference = {"$ref": f"#/components/schemas/{name}"}
    return Draft202012Validator(reference | {"components": {"schemas": _schemas()}})


def complaints(check: Draft202012Validator, answer: Any, most: int = 8) -> list[str]:
    """What is wrong with an answer, in short lines; empty when it fits."""
    found = []
    for error in check.iter_errors(answer):
        found.append(f"{'/'.join(str(step) for step in error.absolute_path)}: {error.message[:160]}")
        if len(found) >= most:
            break
    return found


def _converted(schema: Any) -> Any:
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}
    if schema.get("format") == "int64":
        return _or_null(dict(_INT64), schema)
    if schema.get("format") == "byte":
        return {"type": "integer", "minimum": 0, "maximum": 255}
    made = {name: schema[name] for name in _KEPT if name in schema}
    if "allOf" in schema:
        made["allOf"] = [_converted(each) for each in schema["allOf"]]
    if "items" in schema:
        made["items"] = _converted(schema["items"])
    if "properties" in schema:
        made["properties"] = {name: _converted(each) for name, each in schema["properties"].items()}
        made["additionalProperties"] = False
    if isinstance(schema.get("additionalProperties"), dict):
        made["additionalProperties"] = _converted(schema["additionalProperties"])
    return _or_null(made, schema)


def _or_null(made: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if schema.get("nullable") and "type" in made:
        made["type"] = [made["type"], "null"]
    return made


@cache
def schema_names() -> dict[str, str]:
    """Component schema by the bare name of its class, as manifest tables are named."""
    return {name.rsplit(".", 1)[1]: name for name in _schemas() if "." in name}
