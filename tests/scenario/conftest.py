"""A home with the demo workspace, its engine at work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.app import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(tmp_path / "home", {"PATH": "/usr/bin:/bin"})
    opened.engine().ensure_demo_workspace()
    opened.engine().start_worker()
    yield opened
    opened.close()
