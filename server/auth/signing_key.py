"""An approver's private key: read where its owner keeps it, used once, never kept."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_ssh_private_key

from engine.model.approval import Approval
from engine.model.approver import fingerprint_of
from engine.model.errors import Invalid

_LONGEST = 16 << 10
_MAKE_ONE = "Make one with `ssh-keygen -t ed25519`."


class SigningKey:
    """Signs approvals, and nothing else."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self._key.public_key().public_bytes_raw())

    def sign(self, approval: Approval) -> Approval:
        return approval.model_copy(update={"signature": self._key.sign(approval.signed_bytes()).hex()})

    @classmethod
    def read(cls, path: Path, ask_passphrase: Callable[[], str]) -> SigningKey:
        """An Ed25519 key in OpenSSH form; `ask_passphrase` is called where it is locked. Raises `Invalid`."""
        data = _data(path)
        try:
            key = load_ssh_private_key(data, None)
        except TypeError:
            key = _unlocked(data, ask_passphrase())
        except (ValueError, UnsupportedAlgorithm):
            raise Invalid("The key file holds no private key in OpenSSH form.", hint=_MAKE_ONE) from None
        if not isinstance(key, Ed25519PrivateKey):
            raise Invalid("The key is not of the type ed25519.", hint=_MAKE_ONE)
        return cls(key)


def _unlocked(data: bytes, passphrase: str) -> object:
    try:
        return load_ssh_private_key(data, passphrase.encode())
    except (TypeError, ValueError, UnsupportedAlgorithm):
        raise Invalid("The passphrase does not open the key.", hint="Type it again.") from None


def _data(path: Path) -> bytes:
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise Invalid("The key is no regular file.", hint="Name the file of the private key.")
        if facts.st_mode & 0o077:
            raise Invalid("Others than its owner may read the key file.", hint="Run `chmod 600` on it.")
        with path.open("rb") as file:
            return file.read(_LONGEST)
    except (OSError, ValueError):
        raise Invalid("The key file can't be read.", hint="Name the file of the private key.") from None
