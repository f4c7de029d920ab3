"""Wish lists: the page where a person adds and orders them, the thumbs on tiles, and what they say of one copy."""
