"""The search language: text -> tree -> predicate over owned items, and back to text. Standard library only, no `eval`.

`parse` reads, `write` prints, `compile_query` joins a tree with the keywords of `registry` to a predicate. Whatever is
wrong with a text is a `SearchError` that knows its place; nothing else is ever raised.
"""
