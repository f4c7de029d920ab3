"""PURE: which steps bring an item where a player wants it. Nothing here talks to Bungie; see `planner.plan`."""
