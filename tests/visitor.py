"""A person with a browser without JavaScript: follows links, fills the forms that stand on the pages, keeps cookies."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urljoin

import requests
from bs4 import BeautifulSoup, Tag

Tile = tuple[int, str, int]  # hash, instance id or "", quantity


@dataclass
class Visitor:
    site: str
    session: requests.Session = field(default_factory=requests.Session)

    def get(self, path: str, **more: object) -> requests.Response:
        return self.session.get(urljoin(self.site, path), timeout=30, **more)  # type: ignore[arg-type]

    def page(self, path: str) -> BeautifulSoup:
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
        return soup(answer)

    def submit(self, answer: requests.Response, action: str, **fields: str) -> requests.Response:
        """Sends the form of a page that goes to `action`, with its hidden fields and these."""
        form = find_form(soup(answer), action)
        values = {each["name"]: each.get("value", "") for each in form.select("input[name]")}
        target = urljoin(answer.url, str(form.get("action") or ""))
        return self.session.post(target, data=values | fields, timeout=30)

    def sign_in(self, membership_id: str) -> requests.Response:
        """Through the front page's button, Bungie's account picker and back."""
        picker = self.submit(self.get("/"), "/login/bungie")
        return self.submit(picker, "", account=membership_id)

    def sign_out(self) -> requests.Response:
        return self.submit(self.get("/account"), "/logout")

    def sign_in_staff(self, name: str, password: str) -> requests.Response:
        return self.submit(self.get("/login"), "/login", name=name, password=password)

    def tiles(self, path: str) -> Counter[Tile]:
        return tiles_of(self.page(path))

    def everything(self) -> Counter[Tile]:
        """The tiles of /vault and of every character's page."""
        found = self.tiles("/vault")
        overview = self.page("/characters")
        for element in overview.select("[data-character]"):
            found += self.tiles(f"/characters/{element['data-character']}")
        return found


def soup(answer: requests.Response) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "lxml")


def find_form(page: BeautifulSoup, action: str) -> Tag:
    for form in page.select("form"):
        if str(form.get("action", "")).partition("?")[0] == action:
            return form
    raise AssertionError(f"no form to {action} on this page: {page.get_text()[:300]}")


def tiles_of(page: BeautifulSoup) -> Counter[Tile]:
    return Counter(
        (int(str(tile["data-item-hash"])), str(tile.get("data-item-id", "")), int(str(tile.get("data-quantity", 1))))
        for tile in page.select("[data-item-hash]")
    )


def listed_items(response: dict) -> Counter[Tile]:
    """The items of a raw GetProfile answer, counted by the tests' own reading of it."""
    lists = [
        response.get(name, {}).get("data", {}).get("items", []) for name in ("profileInventory", "profileCurrencies")
    ]
    for name in ("characterInventories", "characterEquipment"):
        lists += [inventory["items"] for inventory in response.get(name, {}).get("data", {}).values()]
    return Counter(
        (each["itemHash"], each.get("itemInstanceId", ""), each["quantity"]) for one in lists for each in one
    )
