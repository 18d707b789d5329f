"""A real MCP client at each door: in memory, over stdio to a process of its own, over HTTP to a process of its own."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from server.app import Office, build_server
from server.auth.tokens import token_for

ROOT = Path(__file__).parents[3]
STDIO = (
    "import sys,pathlib; from server.app import open_office, serve_stdio; "
    "serve_stdio(open_office(pathlib.Path(sys.argv[1])))"
)
HTTP = (
    "import sys,pathlib; from server.app import open_office, serve_http; "
    "serve_http(open_office(pathlib.Path(sys.argv[1])), '127.0.0.1', 0, ready=lambda url: print(url, flush=True))"
)


@asynccontextmanager
async def client_at(door: str, office: Office, **wishes: Any) -> AsyncGenerator[Client]:
    """`door` is memory, stdio or http; wishes are the client's: mode, elicitation_callback, extensions."""
    async with AsyncExitStack() as held:
        target: Any
        if door == "memory":
            target = build_server(office, wake=False)
        elif door == "stdio":
            target = StdioServerParameters(command=sys.executable, args=["-c", STDIO, str(office.home)], cwd=ROOT)
        else:
            url = await held.enter_async_context(served(office))
            http = await held.enter_async_context(bearer(token_for(office.home, "tester")))
            target = streamable_http_client(url, http_client=http)
        yield await held.enter_async_context(Client(target, **wishes))


@asynccontextmanager
async def served(office: Office) -> AsyncGenerator[str]:
    """The address of a server over HTTP, in a process of its own on the office's home."""
    command = [sys.executable, "-c", HTTP, str(office.home)]
    # Without the desktop's variables: no window is to open where somebody works.
    surroundings = {"PATH": "/usr/bin:/bin", "HOME": str(office.home)}
    async with await anyio.open_process(command, cwd=ROOT, env=surroundings, stderr=None) as process:
        assert process.stdout is not None
        try:
            yield (await process.stdout.receive()).decode().strip()
        finally:
            process.terminate()


def bearer(token: str) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=30)
