"""What there is to tell about one item: its numbers, sockets, counters, set, steps. Pure, as the whole inventory is."""
