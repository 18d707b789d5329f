"""A home on paper with an approver and a waiting plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.approval.signed import SigningOffice


@pytest.fixture
def office(tmp_path: Path) -> SigningOffice:
    return SigningOffice(tmp_path)
