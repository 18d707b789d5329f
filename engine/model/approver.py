"""Approver: whose signature may approve a plan beforehand, under the name that the home gives the key."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from engine.model.errors import Invalid

KEY_TYPE = "ssh-ed25519"
_KEY_BYTES = 32
_LEAD = len(KEY_TYPE).to_bytes(4, "big") + KEY_TYPE.encode() + _KEY_BYTES.to_bytes(4, "big")
_TYPE = re.compile(r"[a-z0-9@.-]{1,64}")
_MAKE_ONE = "Make one with `ssh-keygen -t ed25519` and write the line of its .pub file here."


@dataclass(frozen=True, slots=True)
class Approver:
    """`key` is the public half of an Ed25519 key, 32 bytes."""

    name: str
    key: bytes

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.key)

    def __str__(self) -> str:
        return f"{self.name} ({self.fingerprint})"


def fingerprint_of(key: bytes) -> str:
    """As `ssh-keygen -l` prints it: SHA256: and 43 characters."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(_LEAD + key).digest()).decode().rstrip("=")


def read_public_key(line: str) -> bytes:
    """The 32 bytes of `ssh-ed25519 AAAA… comment`.

    Raises `Invalid`, whose words never repeat the text: it may be a private key that went astray.
    """
    if "PRIVATE KEY" in line:
        raise Invalid("This is a private key.", hint="Take it out of this file; write the line of its .pub file here.")
    parts = line.split()
    if not parts or not _TYPE.fullmatch(parts[0]):
        raise Invalid("This is no public key in OpenSSH form.", hint=_MAKE_ONE)
    if parts[0] != KEY_TYPE:
        raise Invalid("Only keys of the type ssh-ed25519 can approve.", hint=_MAKE_ONE)
    try:
        blob = base64.b64decode(parts[1] if len(parts) > 1 else "", validate=True)
    except (binascii.Error, ValueError):
        blob = b""
    if not blob.startswith(_LEAD) or len(blob) != len(_LEAD) + _KEY_BYTES:
        raise Invalid("This ssh-ed25519 key is not whole.", hint="Copy the one line of the .pub file again.")
    return blob[len(_LEAD) :]
