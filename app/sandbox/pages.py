"""The sandbox's own few HTML pages: picking an account, saying what is wrong, and saying what this is."""

from collections.abc import Iterable, Mapping
from html import escape

from app.sandbox.player import Player

_STYLE = """
:root{color-scheme:dark}body{margin:0;min-height:100vh;display:grid;place-items:center;background:#0f1318;
color:#e8e6df;font:16px/1.5 system-ui,sans-serif}main{width:min(30rem,92vw);padding:2rem 0}
h1{font-size:1.3rem;font-weight:600;margin:0 0 .5rem}p{color:#a9b0b8;margin:.25rem 0 1.25rem}
button{display:flex;width:100%;justify-content:space-between;gap:1rem;align-items:center;margin:.5rem 0;
padding:.9rem 1rem;border:1px solid #2b3440;border-left:4px solid #ceae33;background:#171d24;color:inherit;
font:inherit;text-align:left;cursor:pointer}
button:hover,button:focus-visible{background:#212a34;outline:2px solid #ceae33}
button small{color:#a9b0b8}button.refuse{border-left-color:#8a3b3b}.note{font-size:.85rem}
"""


def picker_page(players: Iterable[Player], hidden: Mapping[str, str]) -> str:
    """One button per account and one to refuse. Everything shown or sent back is escaped."""
    fields = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in hidden.items())
    buttons = "".join(_account_button(player) for player in players)
    return _page(
        "Sign in to the sandbox",
        "<h1>Who do you want to be?</h1>"
        "<p>This is a stand-in for Bungie.net. No password, no real account.</p>"
        f'<form method="post">{fields}{buttons}'
        '<button class="refuse" name="refuse" value="1">Refuse<small>go back without signing in</small></button>'
        "</form>",
    )


def trouble_page(sentence: str) -> str:
    return _page("This cannot be done", f"<h1>This cannot be done</h1><p>{escape(sentence)}</p>")


def front_page(world_name: str, account_count: int) -> str:
    return _page(
        "Sandbox Bungie.net",
        "<h1>A stand-in for Bungie.net</h1>"
        f"<p>World {escape(world_name)}, {account_count} accounts. The API is below /Platform/; "
        "faults and the request log are below /_sandbox/.</p>",
    )


def _account_button(player: Player) -> str:
    count = f"{len(player.character_ids)} characters, {player.item_count()} items"
    return (
        f'<button name="account" value="{escape(player.membership_id)}">'
        f"<span>{escape(player.display_name)}</span><small>{count}</small></button>"
    )


def _page(title: str, body: str) -> str:
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
    head += '<link rel="icon" href="data:,">'  # else browsers ask for /favicon.ico and report its 404
    return f'<!DOCTYPE html><html lang="en"><head>{head}<style>{_STYLE}</style></head><body><main>{body}</main></body>'
