"""When the engine is opened in the background, so that a run whose process died goes on.

Not before the first list of tools was answered: a client gives up on a server that is slow to begin.
"""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext

from server.office import Office

_AFTER_LIST_SECONDS = 0.2
_IDLE_SECONDS = 2.0


class Wake:
    """Middleware that wakes the office once."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._woken = False

    async def __call__(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        result = await call_next(ctx)
        if ctx.method == "tools/list":
            # Later, not now: the answer is not on its way before this returns.
            asyncio.get_running_loop().call_later(_AFTER_LIST_SECONDS, self.now)
        return result

    def soon(self) -> asyncio.TimerHandle:
        """For a client that never asks for the tools."""
        return asyncio.get_running_loop().call_later(_IDLE_SECONDS, self.now)

    def now(self) -> None:
        if not self._woken:
            self._woken = True
            threading.Thread(target=self._office.wake, name="groundplan-wake", daemon=True).start()
