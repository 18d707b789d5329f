"""Principal: who acts, and the client that speaks for them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Principal(BaseModel):
    """`user` is an operating-system user or the name a token stands for; `door` is stdio, http, cli or page."""

    model_config = ConfigDict(frozen=True)

    user: str
    door: str
    client: str = ""

    def __str__(self) -> str:
        return f"{self.user} over {self.door}" + (f" ({self.client})" if self.client else "")
