"""Wish lists: which rolls of which items somebody recommends or warns of, in the community's text format.

`reading` makes rolls of a text, `packing` writes rolls down so that those of one item are found without reading the
rest, `matching` tells which of them a copy fulfils. Standard library only.
"""
