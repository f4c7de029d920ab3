"""The keywords, a chapter a file: each row says what it is called, what it takes, what it means and how it is told."""
