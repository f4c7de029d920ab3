"""The refresh through a real worker, and what a page is told when there is nobody to hand it to."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from app.tasks.manifest import enqueue_refresh
from app.wiring import Services
from app.wiring import services as services_of_current_app
from config import from_env
from tests.fixtures.site import NewSite
from tests.fixtures.waiting import wait_until


def test_a_wish_is_done_by_a_worker(services: Services, celery_worker: Path) -> None:
    run_id = enqueue_refresh(services.manifest, None)
    assert run_id

    def is_done() -> bool:
        report = services.manifest.run(run_id)
        return report is not None and not report.is_active

    wait_until(is_done, f"the worker has finished; see {celery_worker}", limit_s=30)
    report = services.manifest.run(run_id)
    assert report
    assert report.state in {"switched", "unchanged", "skipped"}  # the worker also starts one of its own at once
    wait_until(lambda: services.manifest.status().is_ready, "there are definitions", limit_s=30)


@pytest.fixture
def cut_off(new_site: NewSite, site_environ: dict[str, str]) -> Flask:
    return new_site(from_env({**site_environ, "CELERY_BROKER_URL": "redis://127.0.0.1:1/0"}))


def test_without_a_broker_the_wish_ends_with_a_sentence(cut_off: Flask) -> None:
    with cut_off.app_context():
        manifest = services_of_current_app().manifest
        assert enqueue_refresh(manifest, None) is None
        last = manifest.status().last
        assert last
        assert (last.state, last.error) == ("failed", "The task queue does not answer.")
