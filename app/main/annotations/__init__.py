"""Pages and forms of tags and notes."""
