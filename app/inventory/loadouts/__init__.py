"""PURE: a player's own loadouts, what stands in their way, and how they travel as text."""
