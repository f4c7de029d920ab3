"""The pages of loadouts: a player's own, those that were shared, and the game's own."""
