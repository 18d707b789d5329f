"""Files that only their owner may read, written whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

_KEY_BYTES = 32


def key_file(path: Path) -> bytes:
    """32 random bytes, made on first use; processes that race agree on one."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = _draft(path, secrets.token_bytes(_KEY_BYTES))
        try:
            # A link, not a rename: the first key stays, whoever comes second.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes()


def write_owner_only(path: Path, content: bytes) -> None:
    """Put the content in place of what was there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _draft(path, content).replace(path)


def _draft(path: Path, content: bytes) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft
