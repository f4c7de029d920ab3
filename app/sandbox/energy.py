"""Energy of armor: mods use it up, and what needs more than is left does not go in."""

from app.sandbox.definitions import Definitions
from app.sandbox.envelope import BungieError, Json

_FAILED_RULES = 1676


def spend(definitions: Definitions, row: Json, sockets: list[Json], index: int, plug_hash: int) -> None:
    """Counts what all sockets need once this plug is in. Raises `BungieError` when that is more than there is."""
    energy = row.get("energy")
    if not energy:
        return
    others = [socket.get("plugHash", 0) for at, socket in enumerate(sockets) if at != index]
    used = sum(_cost(definitions, each) for each in (*others, plug_hash))
    if used > energy["energyCapacity"]:
        raise BungieError(_FAILED_RULES)
    row["energy"] = energy | {"energyUsed": used, "energyUnused": energy["energyCapacity"] - used}


def _cost(definitions: Definitions, plug_hash: int) -> int:
    row = definitions.row("DestinyInventoryItemDefinition", plug_hash) if plug_hash else None
    plug = (row or {}).get("plug") or {}
    return int((plug.get("energyCost") or {}).get("energyCost", 0))
