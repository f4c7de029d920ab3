"""Copies side by side, and whose power could go where."""
