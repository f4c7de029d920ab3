"""Staff refresh the definitions through a real worker; beat does it by itself."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import redis
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.manifest.store import DefinitionStore
from app.models import User
from app.sandbox import SandboxServer
from app.wiring import services as services_of_current_app
from config import Settings
from tests.fixtures.site import NewSite
from tests.fixtures.waiting import wait_until
from tests.shared import ROOT
from tests.visitor import Visitor

PASSWORD = "a long enough password"


@pytest.fixture
def admin(app: Flask, live_server: str) -> Visitor:
    with app.app_context():
        services_of_current_app().staff.create("zavala", PASSWORD, "admin")
    visitor = Visitor(live_server)
    assert visitor.sign_in_staff("zavala", PASSWORD).status_code == 200
    return visitor


def ask(admin: Visitor, accept: str = "text/html") -> object:
    token = admin.page("/updateManifest").select_one("form[action='/updateManifest'] [name=csrf_token]")
    return admin.session.post(
        admin.site + "/updateManifest",
        data={"csrf_token": token["value"]},
        headers={"Accept": accept},
        timeout=20,  # type: ignore[index]
    )


def state(admin: Visitor, place: str) -> str:
    return str(admin.get(place, headers={"Accept": "application/json"}).json()["state"])


def test_asking_changes_nothing(admin: Visitor, sandbox: SandboxServer) -> None:
    sandbox.app.state.requests.clear()
    page = admin.page("/updateManifest")
    assert page.select_one("form[method=post][action='/updateManifest']")
    assert not sandbox.app.state.requests.recent


def test_a_refresh_goes_to_the_worker_and_its_page_tells_the_end(
    admin: Visitor, celery_worker: Path, sandbox: SandboxServer
) -> None:
    wait_until(lambda: sandbox.app.state.requests.counts.total() > 0, "the worker's own first refresh", limit_s=20)
    answer = ask(admin)
    assert answer.status_code == 202  # type: ignore[attr-defined]
    place = answer.headers["Location"]  # type: ignore[attr-defined]
    assert place.startswith("/admin/manifest/")
    done = {"switched", "unchanged", "skipped"}
    wait_until(lambda: state(admin, place) in done, "the run has ended", limit_s=30, every_s=0.3)
    overview = admin.page("/admin/manifest").get_text(" ", strip=True)
    assert "InventoryItem" in overview
    assert admin.get("/readyz").status_code == 200


def test_json_is_answered_when_asked_for(admin: Visitor) -> None:
    answer = ask(admin, "application/json")
    assert answer.status_code == 202  # type: ignore[attr-defined]
    assert answer.json()["location"] == answer.headers["Location"]  # type: ignore[attr-defined]


def test_clicks_at_once_are_one_run(admin: Visitor) -> None:
    with ThreadPoolExecutor(4) as pool:
        places = {answer.headers["Location"] for answer in pool.map(lambda _: ask(admin), range(4))}  # type: ignore[attr-defined]
    assert len(places) == 1


def test_an_unknown_run_is_a_404(admin: Visitor) -> None:
    assert admin.get("/admin/manifest/nothing").status_code == 404


def test_without_a_broker_the_answer_is_a_sentence_within_two_seconds(new_site: NewSite, settings: Settings) -> None:
    dead = "redis://127.0.0.1:9/0"
    cut_off = new_site(replace(settings, celery_broker_url=dead))
    with cut_off.app_context():
        use_cases = services_of_current_app()
        token = use_cases.sessions.start(use_cases.staff.create("zavala", PASSWORD, "admin").id)
    cut_off.config["WTF_CSRF_ENABLED"] = False
    client = cut_off.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
    began = time.monotonic()
    answer = client.post("/updateManifest")
    assert answer.status_code == 503
    assert time.monotonic() - began < 2
    assert "queue" in answer.text
    assert 'data-notice="stale"' in answer.text
    runs = soup_text(client.get("/admin/manifest").text)
    assert "queue does not answer" in runs


def soup_text(html: str) -> str:
    from bs4 import BeautifulSoup  # noqa: PLC0415

    return BeautifulSoup(html, "lxml").get_text(" ", strip=True)


@pytest.fixture
def beat(site_environ: dict[str, str]) -> Iterator[None]:
    command = [sys.executable, "-m", "celery", "-A", "celery_worker.celery", "beat", "--pidfile="]
    environ = {**os.environ, **site_environ, "MANIFEST_REFRESH_S": "2"}
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    yield
    process.terminate()
    process.wait(timeout=10)


def test_beat_brings_new_definitions_by_itself(
    live_server: str, celery_worker: Path, beat: None, redis_url: str, sandbox: SandboxServer
) -> None:
    visitor = Visitor(live_server)
    wait_until(lambda: visitor.get("/readyz").status_code == 200, "the first definitions", limit_s=30)
    with redis.Redis.from_url(redis_url) as client:
        store = DefinitionStore(client)
        first = store.current("en")
        assert first
        for key in client.scan_iter("m:*"):
            client.delete(key)

        def is_loaded_again() -> bool:
            current = store.current("en")
            return current is not None and current.id != first.id

        wait_until(is_loaded_again, "beat has them loaded again", limit_s=30)
    wait_until(lambda: visitor.get("/readyz").status_code == 200, "the site is ready again", limit_s=10)


# --- how far a run is, and what became of the others --------------------------------------------------------------


def begin_run(app: Flask, by: int | None = None) -> tuple[str, str]:
    """A run that is under way, as its worker would have it: its id, and the owner of its lock."""
    with app.app_context():
        manifest = services_of_current_app().manifest
        run_id = manifest.request_run(by)
        owner = manifest._lock.acquire()
        assert owner
        assert manifest._runs.start("admin", run_id, owner)
        manifest._lock.tell(
            owner, {"stage": "en: reading DestinyStatDefinition", "bytes_downloaded": 12_300_000, "rows_read": 4500}
        )
        return run_id, owner


@pytest.fixture
def zavala(app: Flask, admin: Visitor) -> int:
    with app.app_context():
        return db.session.scalars(select(User.id).where(User.name == "zavala")).one()


@pytest.mark.parametrize("is_overview", [True, False], ids=["overview", "its own page"])
def test_a_run_under_way_tells_stage_bytes_and_rows_without_scripts(
    app: Flask, admin: Visitor, zavala: int, is_overview: bool
) -> None:
    run_id, _ = begin_run(app, zavala)
    place = "/admin/manifest" if is_overview else f"/admin/manifest/{run_id}"
    page = admin.page(place)
    (panel,) = page.select("[data-run]")
    told = panel.get_text(" ", strip=True)
    for part in ("Running", "Reading Stat (en)", "12.3 MB", "4,500", "Asked for by staff", "zavala"):
        assert part in told
    assert panel.select_one(f"a[href='{place}']")
    (refresh,) = page.select("head noscript meta[http-equiv=refresh]")
    assert refresh["content"] == f"3; url={place}"
    assert page.select("head script[src*='manifest-run']")


def test_a_script_is_told_the_same(app: Flask, admin: Visitor) -> None:
    run_id, owner = begin_run(app)
    place, accept = f"/admin/manifest/{run_id}", {"Accept": "application/json"}
    first = admin.get(place, headers=accept).json()
    assert first["is_active"]
    assert {name: first["told"][name] for name in ("stage", "bytes", "rows")} == {
        "stage": "Reading Stat (en)", "bytes": "12.3 MB", "rows": "4,500",
    }  # fmt: skip
    with app.app_context():
        manifest = services_of_current_app().manifest
        manifest._lock.tell(owner, {"stage": "en: switching", "bytes_downloaded": 20_000_000, "rows_read": 9000})
        assert admin.get(place, headers=accept).json()["told"]["stage"] == "Switching (en)"
        manifest._lock.release(owner)
    assert not admin.get(place, headers=accept).json()["is_active"]


def test_a_run_that_has_ended_neither_reloads_nor_asks(app: Flask, admin: Visitor) -> None:
    with app.app_context():
        run_id = services_of_current_app().manifest.refresh("cli").id
    for place in ("/admin/manifest", f"/admin/manifest/{run_id}"):
        page = admin.page(place)
        assert not page.select("meta[http-equiv=refresh], script[src*='manifest-run']")
        assert not page.select("[data-run]:not([data-run=''])")


def test_the_history_tells_who_asked_what_came_and_why_it_failed(
    app: Flask, admin: Visitor, zavala: int, sandbox: SandboxServer
) -> None:
    with app.app_context():
        manifest = services_of_current_app().manifest
        good = manifest.refresh("admin", run_id=manifest.request_run(zavala))
        sandbox.app.state.faults.set(manifest_missing=True)
        bad = manifest.refresh("beat", force=True)
    rows = admin.page("/admin/manifest").select("table tbody tr")
    failed, switched = (row.get_text(" ", strip=True) for row in rows)
    assert bad.error
    assert bad.error in failed
    assert "Schedule" in failed
    assert "Failed, the old definitions stay in use" in failed
    assert good.version_to in switched
    assert "Asked for by staff zavala" in switched
    assert f"{good.rows_read:,}" in switched
