"""What every blueprint shares: who may come in, headers, errors, addresses."""
