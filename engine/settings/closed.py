"""Closed: settings whose values may hold a password. Whether they are set is told, never the value."""

from __future__ import annotations

import re
from typing import Any

from engine.settings.merge import Keys

# By name: what is a secret, and addresses that may carry one.
_CLOSED = ("database", "queue", "key", "token", "password", "passwd", "secret", "credential", "url")
_WITH_USER = re.compile(r"\w+://[^\s/]*@")


def is_closed(path: Keys) -> bool:
    return any(word in part.lower() for part in path for word in _CLOSED)


def holds_password(value: Any) -> bool:
    """An address with a user in it, whatever its setting is called."""
    return isinstance(value, str) and _WITH_USER.search(value) is not None
