"""Quantities as people write them: memory and disk (`4GiB`), durations (`1m30s`)."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

_UNITS = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}
_SIZE = re.compile(r"([0-9]{1,9})\s*(KiB|MiB|GiB|TiB)")


def size_in_bytes(text: str) -> int:
    """`4GiB` -> 4294967296. Raises ValueError for anything but a whole number and a binary unit."""
    found = _SIZE.fullmatch(text.strip())
    if not found or int(found[1]) == 0:
        raise ValueError(f"{text[:40]!r} is not a size; write a whole number with KiB, MiB, GiB or TiB, such as 40GiB")
    return int(found[1]) * _UNITS[found[2]]


def size_text(count: int) -> str:
    """The shortest exact text for a count of bytes: 4294967296 -> `4GiB`."""
    for unit, factor in reversed(_UNITS.items()):
        if count % factor == 0:
            return f"{count // factor}{unit}"
    raise ValueError(f"{count} bytes is no whole number of KiB")


Size = Annotated[
    str,
    AfterValidator(lambda text: size_text(size_in_bytes(text))),
    Field(description="a size such as 512MiB or 40GiB", json_schema_extra={"examples": ["40GiB"]}),
]
