"""JSON for scripts and machines: health, definitions, one's own inventory."""
