"""Account: the provider identity a plan is bound to."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Account(BaseModel):
    """Which cloud, which account of it, which region, as the provider itself reports them."""

    model_config = ConfigDict(frozen=True)

    provider: str
    id: str
    region: str = ""

    def __str__(self) -> str:
        return f"{self.provider}:{self.id}" + (f"@{self.region}" if self.region else "")
