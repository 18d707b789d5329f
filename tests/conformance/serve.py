"""The HTTP door with the suite's fixtures, for a client that has no token; or `--plain`, as `groundplan serve` opens it.

`python -m tests.conformance.serve HOME [--plain]` prints its address once it listens.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from server.app import Office, build_server, serve_http
from server.http.mcp import PATH, http_app
from tests.conformance.fixtures import register_fixtures


def main() -> None:
    office = Office(Path(sys.argv[1]), {})
    if "--plain" in sys.argv:
        serve_http(office, "127.0.0.1", 0, ready=lambda url: print(url, flush=True))
    else:
        _serve_fixtures(office)


def _serve_fixtures(office: Office) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    address = ("127.0.0.1", int(listener.getsockname()[1]))
    app = signed_in(
        http_app(office, build_server(office, extra=register_fixtures), address), office.token_for("conformance")
    )
    print(f"http://{address[0]}:{address[1]}{PATH}", flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run(sockets=[listener])


def signed_in(app: ASGIApp, token: str) -> ASGIApp:
    """The app as a client with this token sees it. The product has no way to switch tokens off, and needs none here."""

    async def signed(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = [*scope["headers"], (b"authorization", f"Bearer {token}".encode())]
            scope = {**scope, "headers": headers}
        await app(scope, receive, send)

    return signed


if __name__ == "__main__":
    main()
