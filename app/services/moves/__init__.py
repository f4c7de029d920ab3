"""Moves as players ask for them: written down first, done at the game's pace, looked at where an answer is unsure.

`service` takes orders and tells about them, `runner` carries a batch out, `hand` does one step at Bungie, `journal`
writes everything down, `queue` sees to it that one process at a time moves an account's items.
"""
