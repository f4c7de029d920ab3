"""Addresses of pages that are put together in more than one place."""

from __future__ import annotations

from app.inventory.items import Item


def address_of(item: Item) -> str:
    """The page of an item: copies by their own number, stacks by the item's, with the character who has them."""
    if item.instance_id:
        return "/items/" + item.instance_id
    return f"/items/{item.hash}?of={item.owner}" if item.owner else f"/items/{item.hash}"


def definition_address(item_hash: int) -> str:
    """The page of an item as the game defines it, for everybody."""
    return f"/database/{item_hash}"
