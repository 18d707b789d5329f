"""Closed: settings whose values may hold a password. Whether they are set is told, never the value."""

from __future__ import annotations

import re
from typing import Any

from engine.model.unknown import is_list, is_mapping
from engine.settings.merge import Keys

# By name: what is a secret, and addresses that may carry one.
_CLOSED = ("database", "queue", "key", "token", "password", "passwd", "secret", "credential", "url")
_WITH_USER = re.compile(r"\w+://[^\s/]*@")


def is_closed(path: Keys) -> bool:
    return any(word in part.lower() for part in path for word in _CLOSED)


def holds_password(value: Any) -> bool:
    """Whether the value, or a part of it, is an address with a user in it, or has a closed name."""
    if is_mapping(value):
        return any((each and is_closed((str(key),))) or holds_password(each) for key, each in value.items())
    if is_list(value):
        return any(map(holds_password, value))
    return isinstance(value, str) and _WITH_USER.search(value) is not None
