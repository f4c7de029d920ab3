"""Coming and going: Bungie's OAuth for players, name and password for staff."""
