"""All copies' details in one go are the same as each by itself."""

from __future__ import annotations

import pytest

from app.bungie.profiles import parse_profile
from tests import recorded
from tests.shared import requires_shared, shared_dir

WORLD = shared_dir() and shared_dir() / "worlds" / "june-2026"  # type: ignore[operator]


@requires_shared
@pytest.mark.parametrize("membership_id", recorded.accounts(WORLD)[:3] if WORLD else [])
def test_all_at_once_or_one_by_one_is_the_same(membership_id: str) -> None:
    profile = parse_profile(recorded.profile(WORLD, membership_id))
    at_once = profile.details.copies()
    one_by_one = {item.instance_id: profile.details.item(item) for item in profile.items if item.instance_id}
    assert {key: at_once[key] for key in at_once.keys() & one_by_one.keys()} == {
        key: each for key, each in one_by_one.items() if key in at_once
    }
    assert not any(any(each) for key, each in one_by_one.items() if key not in at_once)
