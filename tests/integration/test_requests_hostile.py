"""Every form and every question of the site, filled with what no browser fills in. Never a 500, on any database."""

from __future__ import annotations

import io
import random
import re
from collections import Counter
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from app.extensions import limiter
from app.sandbox import SandboxServer
from app.wiring import services as services_of_current_app
from tests.contracts.test_routes import EXAMPLES, browser_of, rules
from tests.integration.test_requests_fuzz import GOODBYES

pytestmark = pytest.mark.usefixtures("definitions")

VALUES = [
    "", " ", "0", "1", "-1", "9" * 10, "2147483648", "4294967296", "9223372036854775808", "9" * 20, "9" * 21,
    "9" * 4500, "1e9", "\uff11\uff12", "²", "\x00", "a\x00b", "\U0010ffff", "\u202e", "é" * 700, "a" * 5000,
    "tag:none", "tag:" + "x" * 24, "lock", "to:vault", "to:9", "to:" + "9" * 20, "vault", "spread", "is:weapon",
    'name:"', "(" * 400, "-" * 400 + "is:weapon", "/* x */ is:bow", "keep", "none", "mine", "file", "newer", "red",
    "//evil.example", "https://raw.githubusercontent.com/a/b/c", "{}", '{"equipped":[]}', '{"equipped":[{"hash":1}]}',
    '{"equipped":[{"hash":4294967295,"id":"9","socketOverrides":{"99":1,"٣":2}}],"name":"\\ud800"}', "[" * 3000,
    "AQMAAAAAAA", "a" * 16, "weapons", "archetype", "name,power,power", "-power,name", "=1+1", "%", "\r\nX: y",
]  # fmt: skip
FIELDS = [
    "q", "item", "tag", "notes", "change", "name", "colour", "label", "policy", "columns", "type", "do", "key", "to",
    "from", "character", "slots", "piece", "worn", "class_type", "text", "name_hash", "icon_hash", "color_hash",
    "address", "next", "stay", "locked", "tracked", "quantity", "equip", "section", "folded", "sort", "group", "view",
    "of", "cols", "page", "all", "hash", "by", "values", "without", "loadout", "deleted", "select", "word", "after",
]  # fmt: skip
FILES = [
    "Id,Hash,Tag,Notes\n?,?,?,?", '{"format":"vault-raider-tags","version":1,"items":[{"id":"?"}]}', "?",
    "title:?\ndimwishlist:item=?&perks=?#notes:?", '{"tags":[{"annotation":{"id":"?"}}]}',
]  # fmt: skip
# They would end what the rest needs.
NEVER = {*GOODBYES, "/account/delete"}
ROUNDS = 12


class Filler:
    """Fills forms and addresses; the same seed fills them in the same way. `known` is of the player's own."""

    def __init__(self, seed: int, known: dict[str, list[str]]) -> None:
        self._random = random.Random(seed)
        self._known = known

    def fields(self) -> MultiDict[str, str]:
        """Good values, but for two or three of them: what is looked at later is reached too."""
        pick, made = self._random, MultiDict[str, str]()
        for name, values in self._known.items():
            if pick.random() < 0.9:
                made.add(name, pick.choice(values))
        for name in pick.sample(FIELDS, pick.choice((1, 2, 3))):
            made.setlist(name, pick.sample(VALUES, pick.choice((1, 1, 2))))
        return made

    def path(self, rule: str) -> str:
        return re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda match: self._part(match[1]), rule)

    def _part(self, name: str) -> str:
        pick = self._random
        good = [*self._known.get(name, ()), EXAMPLES[name]]
        bad = [each for each in VALUES if each and "/" not in each]
        return pick.choice(good) if pick.random() < 0.8 else pick.choice(bad)

    def sent(self, method: str) -> dict[str, Any]:
        """What the test's browser sends along: sometimes a file, too."""
        fields = self.fields()
        if method == "GET":
            return {"query_string": fields}
        files = [("file", (io.BytesIO(self._file()), "f"))] if self._random.random() < 0.2 else []
        return {"data": MultiDict([*fields.items(multi=True), *files])}

    def _file(self) -> bytes:
        pick = self._random
        return pick.choice(FILES).replace("?", pick.choice(VALUES)).encode()


def known_of(client: FlaskClient) -> dict[str, list[str]]:
    """What forms of this player would send."""
    items = re.findall(r'data-item-id="(\d+)"', client.get("/vault").text)[:9]
    characters = re.findall(r'data-character="(\d+)"', client.get("/characters").text)
    assert items
    assert characters
    made = client.post("/loadouts/create", data={"character": characters[0]})
    loadout = made.headers["Location"].rpartition("/")[2]
    client.post("/searches", data={"q": "is:bow"})
    return {
        "item": items, "instance_id": items, "piece": items, "character": characters, "character_id": characters,
        "to": [*characters, "vault"], "public_id": [loadout], "key": ["12345678"], "tag": ["keep", "none"],
        "worn": ["0", "1"], "locked": ["1"], "class_type": ["3"], "colour": ["red"], "policy": ["file"],
        "do": ["lock", "tag:keep", "to:vault"], "name": ["A"], "label": ["A"], "from": [*characters, "vault"],
        "slots": ["1"], "change": ["1", "2"], "name_hash": ["1"], "icon_hash": ["1"], "color_hash": ["1"],
    }  # fmt: skip


@pytest.fixture
def player(app: Flask, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """The browser of who owns the most, which may send as much as it likes."""
    app.config["WTF_CSRF_ENABLED"] = False
    monkeypatch.setattr(limiter, "enabled", False)
    most = max(sandbox.app.state.players.values(), key=lambda each: each.item_count())
    with app.app_context():
        user_id = services_of_current_app().accounts.connect(sandbox.app.state.grants.new_code(most.bungie_id))
    return browser_of(app, user_id)


def test_no_form_is_filled_in_so_that_the_site_breaks(app: Flask, player: FlaskClient) -> None:
    filler = Filler(7, known_of(player))
    met: Counter[int] = Counter()
    for rule in rules(app):
        if rule.rule in NEVER:
            continue
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}) * ROUNDS:  # type: ignore[operator]
            path, sent = filler.path(rule.rule), filler.sent(method)
            answer = player.open(path, method=method, **sent)
            assert answer.status_code != 500, (method, path[:200], sent)
            met[answer.status_code] += 1
    assert met[200] > met[400] / 2, met


@pytest.mark.parametrize("slot", ["9" * 20, "9" * 4500, "-1", "1e3", "%C2%B2"])
def test_a_place_that_no_loadout_has_is_not_found(player: FlaskClient, slot: str) -> None:
    for what in ("equip", "prepare", "save", "rename", "clear"):
        form = {"key": "12345678", "name_hash": "1", "icon_hash": "1", "color_hash": "1"}
        assert player.post(f"/characters/1/loadouts/{slot}/{what}", data=form).status_code == 404
