"""Layer: what one place says of the settings, and where in it each value stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from engine.model.resource import Place
from engine.notation.document import Document


class LayerName(StrEnum):
    """Highest first: a value hides those of every layer after its own."""

    ARGUMENTS = "arguments"
    VARIABLES = "variables"
    WORKSPACE = "workspace"
    ENVIRONMENT = "environment"
    HOME = "home"
    BUILT_IN = "built-in"

    @property
    def is_text(self) -> bool:
        """A file that a person keeps: here `{{ … }}` means something. What came as an argument is taken as it is."""
        return self in (LayerName.WORKSPACE, LayerName.ENVIRONMENT, LayerName.HOME)


@dataclass(frozen=True, slots=True)
class Layer:
    """`source` is a file, an option or a variable's prefix in words; `document` is there where it is a file."""

    name: LayerName
    values: Mapping[str, Any]
    source: str = ""
    document: Document | None = None

    def place(self, path: tuple[str, ...]) -> Place:
        """Line and column are 0 where there are none."""
        return self.document.place(path) if self.document else Place(self.source, 0, 0)
