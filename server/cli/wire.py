"""The engine's nouns as JSON for programs."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel

from engine.model.address import Address


def wire(value: Any) -> Any:
    """JSON-ready, to any depth: an address becomes its text, a time ISO 8601."""
    match value:
        case BaseModel():
            plain = value.model_dump(mode="json")
        case Address() | Path():
            plain = str(value)
        case Enum():
            plain = value.value
        case datetime():
            plain = value.isoformat()
        case dict():
            plain = {str(key): wire(item) for key, item in cast("dict[Any, Any]", value).items()}
        case list() | tuple():
            plain = [wire(item) for item in cast("list[Any]", value)]
        case _ if is_dataclass(value) and not isinstance(value, type):
            plain = {field.name: wire(getattr(value, field.name)) for field in fields(value)}
        case _:
            plain = value
    return plain


def json_text(value: Any) -> str:
    return json.dumps(wire(value), indent=2, ensure_ascii=False)
