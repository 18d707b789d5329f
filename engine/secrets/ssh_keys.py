"""The SSH key of a workspace: the private half stays in the home."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.secrets.keys import write_owner_only
from engine.secrets.store import secrets_folder


def private_key_path(home: Path, workspace: str) -> Path:
    """The key file to give to `ssh -i`; made on first use."""
    path = secrets_folder(home, workspace) / "ssh" / "id_ed25519"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        made = Ed25519PrivateKey.generate()
        write_owner_only(
            path,
            made.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
            ),
        )
    return path


def public_key(home: Path, workspace: str) -> str:
    """One line in OpenSSH form. It ends with the name that the workspace first had: servers know the whole line."""
    private = private_key_path(home, workspace)
    path = private.with_suffix(".pub")
    if not path.exists():
        loaded = serialization.load_ssh_private_key(private.read_bytes(), password=None)
        line = loaded.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
        write_owner_only(path, f"{line.decode()} groundplan-{workspace}\n".encode())
    return path.read_text(encoding="utf-8").strip()
