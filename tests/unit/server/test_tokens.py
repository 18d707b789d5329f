"""Tokens of the HTTP door."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from engine.model.errors import Invalid, NotFound
from server.auth.owner_only import key_file
from server.auth.tokens import TOKENS_FILE, issue_token, known_tokens, revoke_token, token_for, verify


def test_a_token_names_its_client_and_no_other(tmp_path: Path) -> None:
    first, second = issue_token(tmp_path, "cursor"), issue_token(tmp_path, "vscode")
    assert (verify(tmp_path, first), verify(tmp_path, second)) == ("cursor", "vscode")
    assert verify(tmp_path, first + "x") is None
    assert verify(tmp_path, "") is None
    assert verify(tmp_path, "tökén") is None


def test_asking_again_gives_the_same_token_and_issuing_again_another(tmp_path: Path) -> None:
    first = token_for(tmp_path, "cursor")
    assert token_for(tmp_path, "cursor") == first
    assert issue_token(tmp_path, "cursor") != first
    assert verify(tmp_path, first) is None


def test_a_revoked_token_is_worth_nothing(tmp_path: Path) -> None:
    token = issue_token(tmp_path, "cursor")
    revoke_token(tmp_path, "cursor")
    assert verify(tmp_path, token) is None
    with pytest.raises(NotFound):
        revoke_token(tmp_path, "cursor")


def test_the_file_is_its_owners_alone_and_is_not_trusted_otherwise(tmp_path: Path) -> None:
    issue_token(tmp_path, "cursor")
    path = tmp_path / TOKENS_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    with pytest.raises(Invalid, match="chmod 600"):
        known_tokens(tmp_path)


@pytest.mark.parametrize("name", ["", "Cursor", "a b", 'x"\n[tokens]', "../x", "-x"])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Invalid):
        issue_token(tmp_path, name)


def test_a_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    key = key_file(tmp_path / "keys" / "request-state")
    assert len(key) == 32
    assert key_file(tmp_path / "keys" / "request-state") == key
    assert stat.S_IMODE((tmp_path / "keys" / "request-state").stat().st_mode) == 0o600
