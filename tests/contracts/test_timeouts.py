"""Nothing of ours waits for the outside without an end: every call over the network names how long it may take."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.shared import ROOT

# What opens or uses a connection, by the name it is called by. The sandbox and the demo talk to themselves only.
WAITING = {"request", "post", "put", "urlopen", "create_connection", "SMTP", "SMTP_SSL", "HTTPConnection"}
OWN_WORLD = ("app/sandbox/", "app/cli/demo/", "app/cli/embedded_redis.py")
LIBRARIES = {"requests", "smtplib", "socket", "urllib", "http", "_session", "session"}


def network_calls(source: str) -> Iterator[ast.Call]:
    is_http = "import requests" in source or "punctual_session" in source
    waiting = WAITING | ({"get"} if is_http else set())  # elsewhere it reads a table or a mapping
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in waiting:
            names = {each.id for each in ast.walk(node.func) if isinstance(each, ast.Name)}
            names |= {each.attr for each in ast.walk(node.func) if isinstance(each, ast.Attribute)}
            if names & LIBRARIES:
                yield node


def test_every_call_over_the_network_has_a_time_limit() -> None:
    calls = 0
    for path in sorted((ROOT / "app").rglob("*.py")):
        name = str(path.relative_to(ROOT))
        if name.startswith(OWN_WORLD):
            continue
        for call in network_calls(path.read_text()):
            calls += 1
            assert any(each.arg == "timeout" for each in call.keywords), f"{name}:{call.lineno}"
    assert calls >= 6  # Bungie.net, its files, mail twice, the webhook, wish lists


def test_every_redis_client_has_a_time_limit() -> None:
    for path in sorted((ROOT / "app").rglob("*.py")):
        name, source = str(path.relative_to(ROOT)), path.read_text()
        if "Redis.from_url(" in source and not name.startswith(OWN_WORLD):
            assert source.count("Redis.from_url(") <= source.count("socket_timeout="), name


def test_a_call_without_a_limit_is_noticed() -> None:
    (call,) = network_calls("import requests\nrequests.post('http://x')")
    assert not call.keywords
