"""Update notifications: while anybody is subscribed to a plan or run, its moves are published, in both eras.

A 2026-07-28 client holds a `subscriptions/listen` stream open, and the watch lives exactly as long. An older client
subscribes once, so its watch lives until it unsubscribes, the run is over, or the server ends.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.mcpserver import MCPServer
from mcp.server.subscriptions import InMemorySubscriptionBus, ResourceUpdated
from mcp_types import EmptyResult, SubscribeRequestParams, UnsubscribeRequestParams

from engine.model.errors import GroundplanError
from engine.model.plan import PlanStatus
from server.office import Office
from server.resources.addresses import Moving, moving

Asking = ServerRequestContext[Any, Any]
Tell = Callable[[], Awaitable[None]]
_LOOK_SECONDS = 20.0
_MOST = 256


class Watch:
    def __init__(self, office: Office) -> None:
        self.bus = InMemorySubscriptionBus()
        self._office = office
        self._subscribed: dict[tuple[int, str], asyncio.Task[None]] = {}

    async def __call__(self, ctx: Asking, call_next: CallNext) -> HandlerResult:
        """Middleware: follow what a listen stream names for as long as it is open."""
        if ctx.method != "subscriptions/listen":
            return await call_next(ctx)
        following = [asyncio.create_task(self._follow(each, self._publishing(each.uri))) for each in _named(ctx)]
        try:
            return await call_next(ctx)
        finally:
            for task in following:
                task.cancel()

    def serve_older_clients(self, server: MCPServer[Office]) -> None:
        # MCPServer has no public way to serve these two methods, and its capabilities follow from the handlers.
        lowlevel = server._lowlevel_server  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        lowlevel.add_request_handler("resources/subscribe", SubscribeRequestParams, self._subscribe)
        lowlevel.add_request_handler("resources/unsubscribe", UnsubscribeRequestParams, self._unsubscribe)

    def end(self) -> None:
        for task in self._subscribed.values():
            task.cancel()
        self._subscribed.clear()

    async def _subscribe(self, ctx: Asking, params: SubscribeRequestParams) -> EmptyResult:
        target, key = moving(str(params.uri)), _key(ctx, str(params.uri))
        if target is not None and key not in self._subscribed and len(self._subscribed) < _MOST:
            session = ctx.session

            async def tell() -> None:
                await session.send_resource_updated(target.uri)

            task = asyncio.create_task(self._follow(target, tell))
            self._subscribed[key] = task
            task.add_done_callback(lambda _: self._subscribed.pop(key, None))
        return EmptyResult()

    async def _unsubscribe(self, ctx: Asking, params: UnsubscribeRequestParams) -> EmptyResult:
        task = self._subscribed.pop(_key(ctx, str(params.uri)), None)
        if task is not None:
            task.cancel()
        return EmptyResult()

    def _publishing(self, uri: str) -> Tell:
        async def tell() -> None:
            await self.bus.publish(ResourceUpdated(uri=uri))

        return tell

    async def _follow(self, target: Moving, tell: Tell) -> None:
        """Tell of each move until there can be no more. What can't be found is never told of."""
        follow = self._follow_run if target.is_run else self._follow_plan
        try:
            await follow(target, tell)
        except GroundplanError:
            return

    async def _follow_run(self, target: Moving, tell: Tell) -> None:
        engine = await self._office.opened()
        run = engine.run(target.id)
        while run.workspace == target.workspace and not run.status.is_over:
            before, run = (run.status, run.done), await engine.wait_run(target.id, _LOOK_SECONDS)
            if (run.status, run.done) != before:
                await tell()
        self._office.catch_up()

    async def _follow_plan(self, target: Moving, tell: Tell) -> None:
        engine = await self._office.opened()
        record = engine.plan(target.id)
        while record.workspace == target.workspace and record.status in (PlanStatus.PLANNING, PlanStatus.PENDING):
            before, record = record.status, await engine.wait_plan(target.id, _LOOK_SECONDS)
            if record.status != before:
                await tell()


def _named(ctx: Asking) -> list[Moving]:
    wanted = (ctx.params or {}).get("notifications")
    uris: Any = wanted.get("resourceSubscriptions") if isinstance(wanted, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    if not isinstance(uris, list):
        return []
    texts = [each for each in uris if isinstance(each, str)][:_MOST]  # pyright: ignore[reportUnknownVariableType]
    return [target for target in map(moving, texts) if target is not None]


def _key(ctx: Asking, uri: str) -> tuple[int, str]:
    """Which connection asked for which address: the handshake's parameters live as long as the connection."""
    return id(ctx.session.client_params), uri
