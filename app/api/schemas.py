"""The shapes of `/api/v1`: plain JSON objects, documented here. Ids are strings, because they exceed 2^53."""

from __future__ import annotations

from typing import Any

from app.inventory.arrange import OwnedItem, Section
from app.services.manifest import ManifestStatus
from app.services.vault import VaultSnapshot


def inventory_json(snapshot: VaultSnapshot) -> dict[str, Any]:
    """`{fetched_at, is_stale, missing, vault, account, currencies, characters}`; each a list of sections of items."""
    inventory = snapshot.inventory
    return {
        "fetched_at": snapshot.fetched_at.isoformat(),
        "is_stale": snapshot.trouble is not None,
        "missing": sorted(inventory.missing),
        "vault": {
            "used": inventory.vault_used,
            "capacity": inventory.vault_capacity,
            "buckets": _sections(inventory.vault),
        },
        "account": _sections(inventory.account),
        "currencies": _sections(inventory.currencies),
        "characters": [
            {
                "id": store.character.id,
                "class_type": store.character.class_type,
                "light": store.character.light,
                "buckets": _sections(store.sections),
            }
            for store in inventory.characters
        ],
    }


def _sections(sections: tuple[Section, ...]) -> list[dict[str, Any]]:
    return [
        {
            "hash": section.bucket_hash,
            "name": section.bucket.name if section.bucket else None,
            "capacity": section.capacity,
            "items": [_item(owned) for owned in section.items],
        }
        for section in sections
    ]


def _item(owned: OwnedItem) -> dict[str, Any]:
    item, definition, power = owned.item, owned.definition, owned.power
    return {
        "hash": item.hash,
        "instance_id": item.instance_id or None,
        "quantity": item.quantity,
        "name": definition.name if definition else None,
        "type": definition.type_name if definition else None,
        "power": power,
        "state": item.state,
        "is_equipped": item.place.name == "EQUIPPED",
    }


def definitions_json(status: ManifestStatus) -> dict[str, Any]:
    """`{locales: {locale: {version, built_at, counts} or null}}`: which definitions this site shows names from."""
    return {
        "locales": {
            each.locale: None
            if each.info is None
            else {
                "version": each.info.version,
                "built_at": each.info.built_at.isoformat(),
                "counts": each.info.counts,
            }
            for each in status.locales
        }
    }
