"""The vendors: who is here, what they sell to a character, what of it one has, and what a search finds of it."""
