"""Whether a container engine answers, for the Local provider's hosts."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from server.cli.checkup.check import Check

_REMEDY = "For real hosts on this machine install Docker or Podman and start it; the Demo provider needs neither."
_PATIENCE = 3.0


def check_containers(environment: Mapping[str, str], person: Path) -> Check:
    """Ask each socket where Docker or Podman may listen; without one only the Local provider is missing."""
    refused = ""
    for path in _sockets(environment, person):
        if not path.exists():
            continue
        try:
            if _answers(path):
                return Check("containers", "ok", f"an engine answers at {path}")
        except PermissionError:
            refused = f"{path} is there, but you may not use it"
        except (OSError, HTTPException):
            refused = f"{path} is there, but nothing answers"
    return Check("containers", "warning", refused or "neither Docker nor Podman was found", _REMEDY)


def _sockets(environment: Mapping[str, str], person: Path) -> Iterator[Path]:
    named = environment.get("DOCKER_HOST", "")
    if named.startswith("unix://"):
        yield Path(named.removeprefix("unix://"))
    yield Path("/var/run/docker.sock")
    yield person / ".docker" / "run" / "docker.sock"
    if runtime := environment.get("XDG_RUNTIME_DIR"):
        yield Path(runtime) / "docker.sock"
        yield Path(runtime) / "podman" / "podman.sock"
    yield Path("/run/podman/podman.sock")


def _answers(path: Path) -> bool:
    connection = HTTPConnection("localhost", timeout=_PATIENCE)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(_PATIENCE)
        line.connect(str(path))
        connection.sock = line
        connection.request("GET", "/_ping")
        return connection.getresponse().status == 200
