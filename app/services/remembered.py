"""Everything that is remembered of Bungie's answers about a player, handed out or forgotten in one go."""

from __future__ import annotations

from typing import Any

from app.services.profiles import ProfileService
from app.services.vendors.stock import StockService


class Remembered:
    def __init__(self, profiles: ProfileService, stock: StockService) -> None:
        self._profiles = profiles
        self._stock = stock

    def export(self, membership_id: str) -> dict[str, Any] | None:
        """Plain values; None when nothing is remembered."""
        profile, vendors = self._profiles.export(membership_id), self._stock.export(membership_id)
        return (profile or {}) | {"vendors": vendors} if vendors else profile

    def erase(self, membership_id: str) -> None:
        """Raises redis.RedisError when Redis may still hold something."""
        self._stock.erase(membership_id)
        self._profiles.erase(membership_id)
