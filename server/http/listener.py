"""A small web server of our own on loopback, for a process that serves no HTTP otherwise."""

from __future__ import annotations

import socket
import threading

import uvicorn
from starlette.applications import Starlette

from server.http.confirm import confirm_routes
from server.http.pending import pending_pages
from server.office import Office

_STARTING = threading.Lock()


def start_listener(office: Office) -> str:
    """The origin of this process's pages; the first call starts a thread on a free port of 127.0.0.1."""
    pages = pending_pages(office)
    with _STARTING:
        if not pages.origin:
            bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            bound.bind(("127.0.0.1", 0))
            bound.listen(32)
            pages.origin = f"http://127.0.0.1:{bound.getsockname()[1]}"
            threading.Thread(target=_serve, args=(office, bound), name="groundplan-page", daemon=True).start()
        return pages.origin


def _serve(office: Office, bound: socket.socket) -> None:
    # No access log: the link is a secret. No log set-up: stdout is the protocol's.
    config = uvicorn.Config(
        Starlette(routes=confirm_routes(office)), log_config=None, access_log=False, log_level="critical",
        lifespan="off", server_header=False, limit_concurrency=64, timeout_keep_alive=5,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[bound])
