"""What keeps an answer small enough to read: values are clipped, long lists come in parts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TypeVar, cast

from engine.model.errors import Invalid
from engine.model.unknown import WIRE_KEY
from server.render.clean import visible

T = TypeVar("T")
LONGEST_TEXT = 300
LONGEST_LIST = 100
HEAVIEST_PART = 24_000


def shown(value: Any, longest: int = LONGEST_TEXT) -> Any:
    """A value in wire form as an answer shows it: no hidden characters, clipped, an Unknown in words."""
    if isinstance(value, str):
        return clipped(visible(value), longest)
    if isinstance(value, dict):
        table = cast("dict[str, Any]", value)
        if table.keys() == {WIRE_KEY}:
            return f"(known after apply: {visible(str(table[WIRE_KEY]))})"
        return {visible(str(key)): shown(item, longest) for key, item in table.items()}
    if isinstance(value, list | tuple):
        items = list(cast("Sequence[Any]", value))
        rest = [f"… and {len(items) - LONGEST_LIST} more"] if len(items) > LONGEST_LIST else []
        return [*(shown(item, longest) for item in items[:LONGEST_LIST]), *rest]
    return value


def clipped(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text) - longest} more characters)"


def part(items: Sequence[T], cursor: str, most: int) -> tuple[list[T], str]:
    """The items from the cursor on, and the cursor of the part after them; it is empty on the last.

    A part holds at most `most` items, and fewer where they are heavy. Raises `Invalid` for a cursor that none gave out.
    """
    start = _start(cursor, len(items))
    weight, taken = 0, list[T]()
    for item in items[start : start + most]:
        weight += len(json.dumps(item, default=_weighed))
        if taken and weight > HEAVIEST_PART:
            break
        taken.append(item)
    end = start + len(taken)
    return taken, str(end) if end < len(items) else ""


def _weighed(item: Any) -> Any:
    return item.model_dump(mode="json") if hasattr(item, "model_dump") else str(item)


def _start(cursor: str, length: int) -> int:
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and int(cursor[:9]) < length):
        raise Invalid(
            f"{cursor[:40]!r} is not a cursor of this list.", hint="Use the cursor of the last answer, or none."
        )
    return int(cursor[:9])
