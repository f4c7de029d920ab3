"""PKCE where it is switched on, and a change of SECRET_KEY that signs nobody out."""

from __future__ import annotations

from dataclasses import replace

import pytest
import requests
from flask import Flask

from app.bungie.errors import GrantRevoked
from app.bungie.http import BungieHttp
from app.bungie.oauth import BungieOAuth
from app.sandbox import SandboxServer
from app.wiring import services as services_of_current_app
from config import Settings
from tests.fixtures.site import NewSite
from tests.visitor import Visitor


class TestPkce:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, bungie=replace(settings.bungie, uses_pkce=True))

    def test_a_player_signs_in_with_a_proof(self, live_server: str, sandbox: SandboxServer) -> None:
        visitor = Visitor(live_server)
        picker = visitor.submit(visitor.get("/"), "/login/bungie")
        assert "code_challenge_method=S256" in picker.url
        player = next(iter(sandbox.app.state.players))
        assert visitor.submit(picker, "", account=player).url.endswith("/vault")

    @pytest.mark.parametrize("verifier", ["", "another browser's secret"])
    def test_a_code_without_its_proof_is_worthless(self, sandbox: SandboxServer, verifier: str) -> None:
        oauth = BungieOAuth(BungieHttp(sandbox.url, "sandbox-key", "40000"), "40000", "sandbox-secret")
        page = requests.Request("GET", oauth.authorize_url("s", verifier="the right secret")).prepare()
        challenge = str(page.url).split("code_challenge=")[1].split("&")[0]
        player = next(iter(sandbox.app.state.players.values()))
        code = sandbox.app.state.grants.new_code(player.bungie_id, challenge)
        with pytest.raises(GrantRevoked):
            oauth.exchange(code, verifier=verifier)

    def test_the_right_proof_is_accepted(self, sandbox: SandboxServer) -> None:
        oauth = BungieOAuth(BungieHttp(sandbox.url, "sandbox-key", "40000"), "40000", "sandbox-secret")
        challenge = oauth.authorize_url("s", verifier="right").split("code_challenge=")[1].split("&")[0]
        player = next(iter(sandbox.app.state.players.values()))
        code = sandbox.app.state.grants.new_code(player.bungie_id, challenge)
        assert oauth.exchange(code, verifier="right").membership_id == player.bungie_id


def test_without_the_switch_nothing_undocumented_is_sent(live_server: str) -> None:
    visitor = Visitor(live_server)
    assert "code_challenge" not in visitor.submit(visitor.get("/"), "/login/bungie").url


def test_a_changed_secret_key_keeps_old_cookies_good_and_signs_new_ones(
    app: Flask, new_site: NewSite, settings: Settings
) -> None:
    with app.app_context():
        use_cases = services_of_current_app()
        token = use_cases.sessions.start(use_cases.staff.create("zavala", "a long enough password", "admin").id)
    before = app.test_client()
    with before.session_transaction() as session:
        session["_user_id"] = token
    cookie = before.get_cookie("vault_raider")
    assert cookie is not None

    changed = replace(settings, secret_key="the next key of the site", secret_key_fallbacks=(settings.secret_key,))
    after = new_site(changed).test_client()
    after.set_cookie("vault_raider", cookie.value)
    assert after.get("/admin/manifest").status_code == 200

    forgotten = new_site(replace(changed, secret_key_fallbacks=())).test_client()
    forgotten.set_cookie("vault_raider", cookie.value)
    assert forgotten.get("/admin/manifest").status_code == 303
