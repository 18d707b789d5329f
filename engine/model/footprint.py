"""Footprint: the processors, memory and disk that something takes, or that a size gives."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from engine.model.quantity import Size, size_in_bytes, size_text

_MIB = 1 << 20


class Footprint(BaseModel):
    """Whole processors; memory and disk as quantities. A disk that is None is as large as the machine's own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cpu: Annotated[int, Field(ge=1, le=512)]
    memory: Size
    disk: Size | None = None

    @classmethod
    def of(cls, cpu: int, memory: int, disk: int) -> Self:
        """From counts of bytes, rounded up to whole MiB."""
        return cls(cpu=cpu, memory=_whole(memory), disk=_whole(disk))

    @property
    def memory_bytes(self) -> int:
        return size_in_bytes(self.memory)

    @property
    def disk_bytes(self) -> int:
        """0 where it is the machine's own."""
        return size_in_bytes(self.disk) if self.disk else 0

    def holds(self, other: Footprint) -> bool:
        """Whether the other one fits into this."""
        has_disk = self.disk is None or self.disk_bytes >= other.disk_bytes
        return self.cpu >= other.cpu and self.memory_bytes >= other.memory_bytes and has_disk

    def __str__(self) -> str:
        return f"{self.cpu} cpu, {self.memory}" + (f", {self.disk}" if self.disk else "")


def _whole(count: int) -> str:
    return size_text(max(1, -(-count // _MIB)) * _MIB)
