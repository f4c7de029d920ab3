"""Tags and notes: kept, changed, taken back, read from files and written to them."""
