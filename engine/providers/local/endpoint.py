"""Where the Docker API answers: the home's settings, the process environment, or the sockets everyone uses."""

from __future__ import annotations

import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from engine.providers.contract import Surroundings
from engine.providers.local.settings import load_local_settings

DEFAULT = "unix:///var/run/docker.sock"
_PATIENCE = 1.0


def well_known_sockets(environment: Mapping[str, str]) -> list[Path]:
    """Docker, rootless Docker, Docker Desktop, colima, then Podman with and without root."""
    home = Path(environment.get("HOME") or "/nonexistent")
    runtime = Path(environment["XDG_RUNTIME_DIR"]) if environment.get("XDG_RUNTIME_DIR") else None
    places = [Path("/var/run/docker.sock")]
    places += [runtime / "docker.sock"] if runtime else []
    places += [
        home / ".docker/run/docker.sock",
        home / ".docker/desktop/docker.sock",
        home / ".colima/default/docker.sock",
    ]
    places += [runtime / "podman/podman.sock"] if runtime else []
    places += [home / ".local/share/containers/podman/machine/podman.sock", Path("/run/podman/podman.sock")]
    return places


def find_endpoint(surroundings: Surroundings) -> str:
    """What the home names, else what the environment names, else the first well-known socket that answers.

    Raises `Invalid` for a setting that there is not.
    """
    settings = load_local_settings(surroundings.settings)
    named = settings.endpoint or surroundings.environment.get("DOCKER_HOST", "")
    if named:
        return named
    for path in well_known_sockets(surroundings.environment):
        if _refusal(f"unix://{path}") == "":
            return f"unix://{path}"
    return DEFAULT


def is_local(endpoint: str) -> bool:
    """Ports that the daemon publishes on loopback are on this machine's loopback."""
    return not endpoint.startswith("tcp://") or urlsplit(endpoint).hostname in ("localhost", "127.0.0.1", "::1")


def available(surroundings: Surroundings) -> str:
    """Empty where a daemon answers; otherwise what is missing and how to get it."""
    endpoint = find_endpoint(surroundings)
    refusal = _refusal(endpoint)
    if not refusal:
        return ""
    if refusal == "denied":
        return (
            f"{endpoint} is there, but this user may not open it: run `sudo usermod -aG docker $USER` "
            "and sign in again, or use rootless Podman."
        )
    if refusal == "unsupported":
        return f"The endpoint {endpoint} is not supported: name a unix:// socket or a tcp:// address."
    return f"Local needs Docker or Podman, and nothing answers at {endpoint}: {_how_to_get(sys.platform)}"


def _how_to_get(platform: str) -> str:
    if platform == "darwin":
        return (
            "install and start Docker Desktop (https://docs.docker.com/desktop/), "
            "or `brew install colima docker && colima start`, "
            "or `brew install podman && podman machine init && podman machine start`."
        )
    return (
        "install Docker (`sudo apt install docker.io` on Debian and Ubuntu, then `sudo usermod -aG docker $USER` "
        "and sign in again), or Podman (`sudo apt install podman && systemctl --user enable --now podman.socket`), "
        "or start Docker Desktop."
    )


def _refusal(endpoint: str) -> str:
    """Empty when something listens there, else `denied`, `absent` or `unsupported`."""
    parts = urlsplit(endpoint)
    try:
        if parts.scheme in ("unix", "http+unix"):
            with socket.socket(socket.AF_UNIX) as probe:
                probe.settimeout(_PATIENCE)
                probe.connect(parts.path)
        elif parts.scheme in ("tcp", "http", "https") and parts.hostname:
            socket.create_connection((parts.hostname, parts.port or 2375), _PATIENCE).close()
        else:
            return "unsupported"
    except PermissionError:
        return "denied"
    except OSError:
        return "absent"
    return ""
