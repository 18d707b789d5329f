"""How large chunks are, in tokens."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """A chunk grows to about `target` and never beyond `most`; a table or code block is kept whole up to `whole`."""

    target: int = 200
    most: int = 320
    whole: int = 480
    tiny: int = 60  # smaller ones join a neighbour


SIZES = Sizes()
