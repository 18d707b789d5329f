"""Names and labels of what the provider makes: found by key, told apart by workspace, read by people."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from engine.providers.contract import Wish

PREFIX = "groundplan."
WORKSPACE, KEY, NAME, TYPE, WISH = (PREFIX + part for part in ("workspace", "key", "name", "type", "wish"))


def short_key(key: str) -> str:
    """Ten characters that stand for an idempotency key of any length."""
    return hashlib.sha256(key.encode()).hexdigest()[:10]


def object_name(workspace: str, wish: Wish) -> str:
    """The daemon's name for the object, and its id here: the same wish always has the same one."""
    readable = re.sub(r"[^a-z0-9_-]", "-", f"{workspace}-{wish.name}".lower())[:60]
    return f"gp-{readable}-{short_key(wish.key)}"


def labels_of(workspace: str, wish: Wish) -> dict[str, str]:
    """The user's labels, and ours with the inputs as wished, so that any process can read the object."""
    users = {name: text for name, text in wish.labels.items() if not name.startswith(PREFIX)}
    wished = json.dumps({"properties": wish.properties, "labels": wish.labels}, sort_keys=True)
    return users | {WORKSPACE: workspace, KEY: wish.key, NAME: wish.name, TYPE: wish.type, WISH: wished}


def wished_in(labels: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The properties and labels an object was created with; what Groundplan did not make has only its own labels."""
    try:
        wished = json.loads(labels[WISH])
        return dict(wished["properties"]), dict(wished["labels"])
    except (KeyError, TypeError, ValueError):
        return {}, {name: text for name, text in labels.items() if not name.startswith(PREFIX)}
