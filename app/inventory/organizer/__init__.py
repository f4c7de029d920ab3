"""A player's gear as a table: which rows, which columns, in which order, and the search that each cell stands for."""
