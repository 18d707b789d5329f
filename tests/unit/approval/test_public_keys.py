"""Whose key a home may list: one Ed25519 key for each name, in the form that ssh-keygen writes."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from engine.model.approver import Approver, fingerprint_of, read_public_key
from engine.model.errors import Invalid, ManifestInvalid
from engine.settings.load import SettingsLoader, Wanted

# From `ssh-keygen -t ed25519` and `ssh-keygen -lf`.
LINE = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOYEk+Kb48+3tHdnXdO2JOK/hsW0TFiicVQqDwuko7Fy ada"
FINGERPRINT = "SHA256:o8zPcOzsU73PLVpfAGZR1u9UzsaO1BQRjfTMVYQqdMU"
BLOB = LINE.split()[1]
LONG = base64.b64encode(base64.b64decode(BLOB) + b"x").decode()
OTHER = base64.b64encode(base64.b64decode(BLOB)[:-1] + b"x").decode()
PRIVATE = "-----BEGIN OPENSSH PRIVATE KEY-----\\nb3BlbnNzaC1rZXktdjEAAAAA"

BAD = {
    "": "approvers.ada: This is no public key in OpenSSH form. Make one with `ssh-keygen -t ed25519`",
    "hello": "approvers.ada: Only keys of the type ssh-ed25519 can approve.",
    "<script>": "approvers.ada: This is no public key in OpenSSH form.",
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ ada": "approvers.ada: Only keys of the type ssh-ed25519 can approve.",
    "sk-ssh-ed25519@openssh.com AAAA ada": "approvers.ada: Only keys of the type ssh-ed25519 can approve.",
    "ssh-ed25519": "approvers.ada: This ssh-ed25519 key is not whole. Copy the one line of the .pub file again.",
    f"ssh-ed25519 {BLOB[:-4]}": "approvers.ada: This ssh-ed25519 key is not whole.",
    f"ssh-ed25519 {LONG}": "approvers.ada: This ssh-ed25519 key is not whole.",
    f"ssh-ed25519 {BLOB}é": "approvers.ada: This ssh-ed25519 key is not whole.",
    PRIVATE: "approvers.ada: This is a private key. Take it out of this file; write the line of its .pub file here.",
}


def test_a_fingerprint_is_the_one_that_ssh_keygen_prints() -> None:
    assert fingerprint_of(read_public_key(LINE)) == FINGERPRINT
    assert str(Approver("ada", read_public_key(LINE))) == f"ada ({FINGERPRINT})"


@pytest.mark.parametrize("line", BAD)
def test_a_bad_key_is_refused_with_place_and_remedy_and_never_repeated(tmp_path: Path, line: str) -> None:
    told = _told(tmp_path, f'[approvers]\nada = "{line}"\n')
    assert BAD[line] in told
    assert "config.toml:2:1: " in told
    assert not line.split()[1:2] or line.split()[1] not in told


@pytest.mark.parametrize("name", ["Ada", "a b", "", "a" * 41, "\\u00e4", "-ada", "a/../b"])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    assert "This is no name of an approver." in _told(tmp_path, f'[approvers]\n"{name}" = "{LINE}"\n')


def test_one_key_has_one_name(tmp_path: Path) -> None:
    told = _told(tmp_path, f'[approvers]\nada = "{LINE}"\nbob = "{LINE} again"\n')
    assert "ada and bob have the same key. Keep one of the two names." in told


@pytest.mark.parametrize("value", ["1", "true", "[]", "{a = 1}", '["x"]'])
def test_a_key_is_a_text(tmp_path: Path, value: str) -> None:
    assert "approvers" in _told(tmp_path, f"[approvers]\nada = {value}\n")


@pytest.mark.promise("APPROVAL-3")
def test_a_workspace_lists_no_approver(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "workspace.toml").write_text(f'name = "shop"\n[approvers]\nmallory = "{LINE}"\n')
    with pytest.raises(ManifestInvalid, match=r"approvers.mallory: A workspace can't say this"):
        SettingsLoader(tmp_path, {}).load(Wanted(tmp_path / "shop", "shop"))


def test_a_good_key_is_listed(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(f'[approvers]\n"ada.l-1" = "  {LINE} with words "\n')
    assert [*SettingsLoader(tmp_path, {}).load().settings.approvers] == ["ada.l-1"]


@pytest.mark.parametrize("line", [*BAD, "ssh-ed25519 " + "A" * 1_000_000, "\x00", "ssh-ed25519 ====", "-" * 1_000_000])
def test_no_text_breaks_the_reading(line: str) -> None:
    with pytest.raises(Invalid):
        read_public_key(line)


def _told(home: Path, config: str) -> str:
    (home / "config.toml").write_text(config)
    with pytest.raises(ManifestInvalid) as refused:
        SettingsLoader(home, {}).load()
    return str(refused.value)
