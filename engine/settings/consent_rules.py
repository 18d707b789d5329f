"""Which channels to a person count for which risk, and for how long a plan may be confirmed.

The home states them; a workspace can only tighten them; a looser home file counts only once a person accepted it.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from engine.model.confirmation import Channel
from engine.model.plan import RiskLevel

_ALL = tuple(Channel)
# An approval counts for both: it is a signature over the whole plan, by a key that a person let count in this home.
_STRONG = (Channel.APPROVAL, Channel.PAGE, Channel.TERMINAL)


class ConsentRules(BaseModel):
    """Which channels to a person count for which risk; times in minutes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    low: tuple[Channel, ...] = Field(
        default=_ALL,
        description="Channels that count for a low-risk plan: one that only adds or changes reversibly.",
        json_schema_extra={"x-since": "0.1.0"},
    )
    high: tuple[Channel, ...] = Field(
        default=_STRONG,
        description="Channels that count for a high-risk plan: it deletes, replaces, loses data or can't be undone.",
        json_schema_extra={"x-since": "0.1.0"},
    )
    expires_minutes: float = Field(
        default=60.0,
        gt=0,
        le=24 * 60,
        description="For how long a plan may be confirmed after it was made.",
        json_schema_extra={"x-since": "0.1.0"},
    )

    def channels(self, level: RiskLevel) -> tuple[Channel, ...]:
        """Those that count for a risk, weakest first."""
        named = self.low if level is RiskLevel.LOW else self.high
        return tuple(channel for channel in _ALL if channel in named)

    def tightened(self, other: ConsentRules) -> ConsentRules:
        """What both allow."""
        return ConsentRules(
            low=tuple(channel for channel in self.low if channel in other.low),
            high=tuple(channel for channel in self.high if channel in other.high),
            expires_minutes=min(self.expires_minutes, other.expires_minutes),
        )

    def loosens(self, accepted: ConsentRules) -> tuple[str, ...]:
        """In words, where these rules allow more than the accepted ones."""
        more = [
            f"{level}-risk plans may be confirmed by {channel}"
            for level, mine, theirs in (("low", self.low, accepted.low), ("high", self.high, accepted.high))
            for channel in mine
            if channel not in theirs
        ]
        if self.expires_minutes > accepted.expires_minutes:
            more.append(
                f"plans stay confirmable for {self.expires_minutes:g} minutes, not {accepted.expires_minutes:g}"
            )
        return tuple(more)


# What tightens nothing: the ground on which a workspace states its own.
NO_OPINION = ConsentRules(low=_ALL, high=_ALL, expires_minutes=24 * 60)
