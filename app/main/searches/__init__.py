"""Searches that a person keeps: the menu beside the box, and the page where they are put in order."""
