"""ModeDefaults: what Groundplan itself runs with in one of its modes; NotBuilt: what of a mode is not there yet."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue


class NotBuilt(BaseModel):
    """`until` names the command that will bring it, where that is known."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: str
    until: str = ""


class ModeDefaults(BaseModel):
    """`most_cpu` is 0 where there is no upper end. `settings` are keys of the home's settings with their values;
    what the mode leaves out stays as it is built in. `commands` are typed in this order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    summary: str
    cpu: Annotated[int, Field(ge=1)]
    most_cpu: Annotated[int, Field(ge=0)] = 0
    memory: str
    processes: tuple[str, ...]
    backends: dict[str, str]
    settings: dict[str, JsonValue] = {}
    commands: tuple[str, ...]
    services: dict[str, str] = {}
    not_built: tuple[NotBuilt, ...] = ()

    @property
    def machine(self) -> str:
        """Such as `4 to 8 cpu, 8GiB`."""
        end = f" to {self.most_cpu}" if self.most_cpu > self.cpu else "" if self.most_cpu else " or more"
        return f"{self.cpu}{end} cpu, {self.memory}"
