"""The definitions of the game: `source` downloads, `build` reduces, `store` keeps and answers. No Flask, no SQL."""
