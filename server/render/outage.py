"""Why the engine says nothing, in words that whoever asked something else may read."""

from __future__ import annotations

from engine.model.errors import GroundplanError


def outage(error: Exception) -> str:
    """A driver's own words may hold addresses, statements and paths: of those only the kind is told."""
    if isinstance(error, GroundplanError):
        return " ".join(str(error).split())
    kind = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
    return f"The state can't be read: {kind}. See `groundplan doctor`."
