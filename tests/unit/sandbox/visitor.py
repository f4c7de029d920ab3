"""A client of the sandbox for tests: signs in as a person would and asks as Bungie's clients do."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from app.sandbox import Sandbox, SandboxOptions, SandboxServer, World, create_sandbox

CALLBACK = "http://127.0.0.1:1/callback/bungie"
OPTIONS = SandboxOptions(redirect_uri=CALLBACK, action_spacing_s=0)
DEMO_ID, NEWCOMER_ID, CROSSROADS_ID = "4611686018400000001", "4611686018400000002", "4611686018400000003"
CLIENT = {"client_id": OPTIONS.client_id, "client_secret": OPTIONS.client_secret}
EVERYTHING = "100,101,102,103,104,105,200,201,202,203,204,205,206,300,301,302,304,305,307,308,309,310,600,800,900,1200"
TIMEOUT_S = 20


class Clock:
    """A clock that stands still until it is told to move. Seconds since the epoch."""

    def __init__(self, now_s: float = 1_790_000_000.0) -> None:
        self.now_s = now_s

    def __call__(self) -> float:
        return self.now_s


class Visitor:
    """Speaks to one sandbox server; `token` is the bearer that it has, if any."""

    def __init__(self, server: SandboxServer) -> None:
        self.server = server
        self.url = server.url
        self.headers: dict[str, str] = {"X-API-Key": OPTIONS.api_key, "User-Agent": "SandboxTests/1.0"}
        self.type, self.id = 3, DEMO_ID

    def pick(self, account: str = DEMO_ID, **form: str) -> requests.Response:
        data = {"account": account, "state": "st", **form}
        return requests.post(f"{self.url}/en/OAuth/Authorize", data=data, allow_redirects=False, timeout=TIMEOUT_S)

    def code(self, account: str = DEMO_ID) -> str:
        return parse_qs(urlsplit(self.pick(account).headers["Location"]).query)["code"][0]

    def token(self, **form: str) -> requests.Response:
        return requests.post(f"{self.url}/Platform/App/OAuth/token/", data=CLIENT | form, timeout=TIMEOUT_S)

    def sign_in(self, account: str = DEMO_ID, membership_type: int = 3) -> dict[str, Any]:
        pair = self.token(grant_type="authorization_code", code=self.code(account)).json()
        self.headers["Authorization"] = f"Bearer {pair['access_token']}"
        self.type, self.id = membership_type, account
        return dict(pair)

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(
            f"{self.url}/Platform{path}", headers=self.headers | headers, timeout=TIMEOUT_S, allow_redirects=False
        )

    def post(self, action: str, body: Mapping[str, Any]) -> requests.Response:
        url = f"{self.url}/Platform/Destiny2/Actions/Items/{action}/"
        return requests.post(url, json=dict(body), headers=self.headers, timeout=TIMEOUT_S)

    def act(self, action: str, character_id: str, **body: Any) -> int:
        """The error code of an action; 1 is a success."""
        answer = self.post(action, {"characterId": character_id, "membershipType": self.type, **body})
        return int(answer.json()["ErrorCode"])

    def profile(self, components: str = EVERYTHING) -> dict[str, Any]:
        answer = self.get(f"/Destiny2/{self.type}/Profile/{self.id}/?components={components}")
        return dict(answer.json()["Response"])

    def transfer(self, item: Mapping[str, Any], character_id: str, *, to_vault: bool, amount: int = 1) -> int:
        return self.act(
            "TransferItem",
            character_id,
            itemReferenceHash=item["itemHash"],
            itemId=item.get("itemInstanceId", "0"),
            stackSize=amount,
            transferToVault=to_vault,
        )


def serve(world: World, options: SandboxOptions = OPTIONS, clock: Clock | None = None) -> SandboxServer:
    app: Sandbox = create_sandbox(world, options, clock) if clock else create_sandbox(world, options)
    return SandboxServer(app)


def all_items(profile: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every item of a profile answer, wherever it is."""
    lists = [profile["profileInventory"]["data"]["items"]]
    for name in ("characterInventories", "characterEquipment"):
        lists += [each["items"] for each in profile[name]["data"].values()]
    return list(itertools.chain.from_iterable(lists))


def belongings(profile: Mapping[str, Any]) -> tuple[list[tuple[str, int]], dict[int, int]]:
    """What a player owns, wherever it lies: sorted instances, and pieces by hash of what stacks."""
    instances, stacks = [], dict[int, int]()
    for item in all_items(profile):
        if "itemInstanceId" in item:
            instances.append((item["itemInstanceId"], item["itemHash"]))
        else:
            stacks[item["itemHash"]] = stacks.get(item["itemHash"], 0) + item["quantity"]
    return sorted(instances), stacks
