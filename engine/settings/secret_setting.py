"""The type of a setting that points at a secret: a literal value is refused, and never repeated."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from engine.model.secret_ref import SECRET_PATTERN

ENVIRONMENT = "env:"
_POINTER = rf"^$|^{ENVIRONMENT}[A-Za-z_][A-Za-z0-9_]*$|{SECRET_PATTERN}"


def is_pointer(value: object) -> bool:
    """It says where a secret is, or that there is none."""
    return isinstance(value, str) and re.search(_POINTER, value) is not None and not value.endswith("\n")


def _pointer(value: Any) -> Any:
    if is_pointer(value):
        return value
    raise PydanticCustomError("secret_setting", "The secret itself can't stand here")


SecretSetting = Annotated[
    str,
    Field(pattern=_POINTER, json_schema_extra={"x-form": "secret://NAME or env:NAME, never the secret"}),
    BeforeValidator(_pointer),
]
