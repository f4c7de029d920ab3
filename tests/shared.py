"""Where the recorded Bungie answers lie: the folder `shared` beside the repository, when it exists."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
_SHARED = ROOT.parent / "shared"


def shared_dir() -> Path | None:
    """The folder of recorded worlds and Bungie's specification, or None on a machine without it."""
    return _SHARED if _SHARED.is_dir() else None


requires_shared = pytest.mark.skipif(shared_dir() is None, reason="no ../shared with recorded answers here")
