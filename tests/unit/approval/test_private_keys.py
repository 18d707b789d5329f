"""A private key is read where its owner keeps it: the right type, for its owner's eyes alone, unlocked if need be."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from engine.model.errors import Invalid
from server.auth.signing_key import SigningKey
from tests.unit.approval.signed import write_key


def _never() -> str:
    raise AssertionError("nobody should be asked")


@pytest.mark.openssh
@pytest.mark.parametrize("passphrase", ["", "open sesame"])
def test_a_key_of_ssh_keygen_is_read_and_has_its_fingerprint(tmp_path: Path, passphrase: str) -> None:
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", "ada", "-f", str(tmp_path / "key")]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    key = SigningKey.read(tmp_path / "key", lambda: passphrase)
    listed = subprocess.run(
        ["ssh-keygen", "-lf", str(tmp_path / "key.pub")], check=True, capture_output=True, text=True
    )
    assert key.fingerprint == listed.stdout.split()[1]


def test_a_locked_key_opens_with_its_passphrase_alone(tmp_path: Path) -> None:
    path = write_key(tmp_path / "key", passphrase="open sesame")
    assert SigningKey.read(path, lambda: "open sesame").fingerprint.startswith("SHA256:")
    for wrong in ("", "open", "open sesame ", "\x00", "é" * 5000):
        with pytest.raises(Invalid, match="The passphrase does not open the key"):
            SigningKey.read(path, lambda said=wrong: said)


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_another_type_does_not_sign(tmp_path: Path, kind: str) -> None:
    made = rsa.generate_private_key(65537, 2048) if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(Invalid, match="not of the type ed25519"):
        SigningKey.read(write_key(tmp_path / "key", made), _never)


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = write_key(tmp_path / "key")
    path.chmod(0o640)
    with pytest.raises(Invalid, match="chmod 600"):
        SigningKey.read(path, _never)


@pytest.mark.parametrize(
    "content", [b"", b"ssh-ed25519 AAAA", b"\x00" * 50_000, b"-----BEGIN OPENSSH PRIVATE KEY-----\n"]
)
def test_what_is_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(Invalid, match="holds no private key"):
        SigningKey.read(path, _never)


@pytest.mark.parametrize("name", ["none", ".", "\x00"])
def test_where_no_key_is_says_so(tmp_path: Path, name: str) -> None:
    with pytest.raises(Invalid):
        SigningKey.read(tmp_path / name, _never)


def test_the_public_half_signs_nothing(tmp_path: Path) -> None:
    write_key(tmp_path / "key")
    (tmp_path / "key.pub").chmod(0o600)
    with pytest.raises(Invalid, match="holds no private key"):
        SigningKey.read(tmp_path / "key.pub", _never)
