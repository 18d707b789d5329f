"""Owner-only files of random bytes in the home."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

_BYTES = 32


def home_key(home: Path, name: str) -> bytes:
    """32 random bytes kept in `keys/<name>`, made on first use; processes that race agree on one."""
    path = home / "keys" / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        write_owner_only(path, secrets.token_bytes(_BYTES))
    return path.read_bytes()


def write_owner_only(path: Path, content: bytes) -> None:
    """Create the file with its content whole, readable by its owner alone; one that exists is left as it is."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
