"""Watch: wait until something that another process may move has moved."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
_PAUSE_SECONDS = 0.1


async def watch(value: Callable[[], T], before: T, seconds: float) -> None:
    """Until the value differs from what it was before, or so many seconds.

    Another process may be the one that moves it, so the database is asked.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until and value() == before:  # noqa: ASYNC110 - see above
        await asyncio.sleep(min(_PAUSE_SECONDS, max(0.0, until - time.monotonic())))
