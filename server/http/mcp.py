"""MCP over streamable HTTP and the confirmation page, as one app on one port."""

from __future__ import annotations

import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import uvicorn
from mcp.server.mcpserver import MCPServer
from mcp.server.streamable_http_manager import StreamableHTTPASGIApp
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.routing import Route

from server.auth.bearer import guarded
from server.http.confirm import confirm_routes
from server.office import Office

PATH = "/mcp"
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def http_app(office: Office, server: MCPServer[Office], address: tuple[str, int]) -> Starlette:
    """The address is the one it is reached at: a request that names another host or origin is refused."""
    server.streamable_http_app(transport_security=_names(*address))
    manager = server.session_manager

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        async with manager.run():
            yield

    door = Route(PATH, endpoint=guarded(StreamableHTTPASGIApp(manager), office.home))
    # The page is for this machine alone: a server that listens elsewhere shows it on a loopback port of its own.
    own = f"http://{address[0]}:{address[1]}" if address[0] == "127.0.0.1" else ""
    return Starlette(routes=[*confirm_routes(office, own), door], lifespan=lifespan)


def serve(
    office: Office, server: MCPServer[Office], address: tuple[str, int], ready: Callable[[str], None] | None = None
) -> None:
    """Until stopped. Port 0 takes a free one; `ready` is told the address once connections are accepted.

    Raises OSError where the address can't be listened at.
    """
    listener = _listener(*address)
    host, port = address[0], int(listener.getsockname()[1])
    office.engine().start_worker()
    config = uvicorn.Config(
        http_app(office, server, (host, port)), log_level="warning", access_log=False, timeout_graceful_shutdown=3
    )
    if ready is not None:
        # The socket listens already, so whoever comes now is only kept waiting.
        ready(f"http://{_shown(host)}:{port}{PATH}")
    uvicorn.Server(config).run(sockets=[listener])


def _listener(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def _names(host: str, port: int) -> TransportSecuritySettings:
    hosts = dict.fromkeys([*_LOOPBACK, _shown(host)])
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=[f"{name}:{port}" for name in hosts],
        allowed_origins=[f"http://{name}:{port}" for name in hosts],
    )


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
