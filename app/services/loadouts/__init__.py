"""Loadouts: `shelf` keeps a player's own, `service` reads, makes and applies them, `ingame` is for the game's own."""
