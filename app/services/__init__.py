"""Use cases, one class a file. They take plain values and collaborators, and know nothing of Flask."""
