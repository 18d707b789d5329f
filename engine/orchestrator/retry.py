"""Pauses between attempts: exponential with full jitter, only after errors that are safe to retry."""

from __future__ import annotations

import random
from dataclasses import dataclass

from engine.model.errors import ProviderError

_LONGEST = 30.0


@dataclass(frozen=True, slots=True)
class RetryRule:
    """`attempts` in all; the pause before attempt n+1 is random up to `base_seconds * 2^n`."""

    attempts: int = 5
    base_seconds: float = 0.5

    def pause(self, attempt: int, error: ProviderError) -> float | None:
        """Seconds to wait after a failed attempt, counted from 1; None when it must not be tried again."""
        if not error.retry_is_safe or attempt >= self.attempts:
            return None
        return max(error.retry_after, random.uniform(0, min(_LONGEST, self.base_seconds * 2**attempt)))  # noqa: S311
