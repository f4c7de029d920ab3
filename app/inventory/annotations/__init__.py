"""What players say of their own items: tags, notes, labels; as values, in files, and one put upon the other."""
