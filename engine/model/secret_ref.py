"""SecretRef: a pointer to a secret, never the value."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

SECRET_PATTERN = r"^secret://[a-z0-9][a-z0-9_-]{0,62}$"  # noqa: S105 - a pattern of references, no secret
SecretRef = Annotated[str, Field(pattern=SECRET_PATTERN, description="secret://NAME, a secret of the workspace")]


def secret_name(reference: str) -> str:
    """`secret://db-root` -> `db-root`."""
    return reference.removeprefix("secret://")
