"""Which clouds this process has credentials of, by the names of variables and files alone: no value is read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

# Each inner tuple is enough by itself. Files are relative to the person's home.
_VARIABLES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "aws": (
        ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), ("AWS_PROFILE",), ("AWS_WEB_IDENTITY_TOKEN_FILE",),
        ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",), ("AWS_CONTAINER_CREDENTIALS_FULL_URI",),
    ),
    "hetzner": (("HCLOUD_TOKEN",),),
    "upcloud": (("UPCLOUD_TOKEN",), ("UPCLOUD_USERNAME", "UPCLOUD_PASSWORD")),
}  # fmt: skip
_FILES: Mapping[str, tuple[str, ...]] = {
    "aws": (".aws/credentials", ".aws/config"),
    "hetzner": (".config/hcloud/cli.toml",),
    "upcloud": (".config/upctl.yaml",),
}
CLOUDS = tuple(_VARIABLES)


def credentials_of(cloud: str, environment: Mapping[str, str]) -> tuple[str, ...]:
    """The names of what is there."""
    told = [" and ".join(names) for names in _VARIABLES[cloud] if all(environment.get(name) for name in names)]
    person = environment.get("HOME", "")
    # A relative HOME would mean the folder that the process happens to be in.
    files = [f"~/{name}" for name in _FILES[cloud] if person.startswith("/") and _is_file(Path(person, name))]
    return (*told, *files)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False
