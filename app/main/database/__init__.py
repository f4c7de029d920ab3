"""The pages of the item database: the finds of a question, and one definition. For everybody, signed in or not."""
