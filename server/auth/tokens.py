"""Bearer tokens of the HTTP door: one per client, kept in the home's `tokens.toml`, readable by its owner alone.

The token is kept as it is, not as a hash, because `client-config` prints it again for the client's file.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
import stat
import tomllib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from engine.model.errors import Invalid, NotFound
from server.auth.owner_only import write_owner_only

TOKENS_FILE = "tokens.toml"
_CLIENT = re.compile(r"[a-z0-9][a-z0-9-]{0,38}")
_MARK = "gp_"
_HEADER = "# Bearer tokens of Groundplan's HTTP door, one per client. Keep this file to yourself.\n\n"


def issue_token(home: Path, client: str) -> str:
    """A fresh token for the client; the one it had is worth nothing from now on."""
    if not _CLIENT.fullmatch(client):
        raise Invalid(f"{client[:60]!r} can't name a client.", hint="Use lower-case letters, digits and dashes.")
    token = _MARK + secrets.token_urlsafe(32)
    with _changing(home) as known:
        known[client] = token
    return token


def token_for(home: Path, client: str) -> str:
    """The client's token, issued on first use."""
    return known_tokens(home).get(client) or issue_token(home, client)


def revoke_token(home: Path, client: str) -> None:
    with _changing(home) as known:
        if known.pop(client, None) is None:
            raise NotFound(f"No token is known for {client[:60]!r}.", hint=f"Known: {', '.join(known) or 'none'}.")


def verify(home: Path, token: str) -> str | None:
    """The name of the client whose token this is. Takes as long for a near miss as for a far one."""
    found: str | None = None
    shown = token.encode("utf-8", "surrogatepass")
    for client, known in known_tokens(home).items():
        if hmac.compare_digest(known.encode(), shown):
            found = client
    return found


def known_tokens(home: Path) -> dict[str, str]:
    """Client name -> token. Raises `Invalid` if others may read the file, or if it can't be understood."""
    path = home / TOKENS_FILE
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise Invalid(f"{path} can be read by others.", hint=f"Run `chmod 600 {path}`, then issue its tokens anew.")
    try:
        table = tomllib.loads(text).get("tokens", {})
    except tomllib.TOMLDecodeError as wrong:
        raise Invalid(f"{path} is not valid TOML: {wrong}.") from None
    return {client: token for client, token in table.items() if isinstance(token, str) and token.startswith(_MARK)}


@contextmanager
def _changing(home: Path) -> Generator[dict[str, str]]:
    """The tokens to change; what is left of them is written back. One process at a time."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(home / f".{TOKENS_FILE}.lock"):
        known = known_tokens(home)
        yield known
        lines = "".join(f'{client} = "{token}"\n' for client, token in sorted(known.items()))
        write_owner_only(home / TOKENS_FILE, f"{_HEADER}[tokens]\n{lines}".encode())


@contextmanager
def _alone(path: Path) -> Generator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if os.name == "posix":
            import fcntl  # noqa: PLC0415 - not there on Windows, where two issuers at once are left to chance

            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
