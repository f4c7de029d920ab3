"""The parts of a character's page."""
