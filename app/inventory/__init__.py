"""What a player owns, as plain values: items, buckets, characters, stores. Imports only the standard library."""
