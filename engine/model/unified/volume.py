from __future__ import annotations

from typing import Any, ClassVar, Literal

from engine.model.quantity import Size, size_in_bytes
from engine.model.resource_type import ResourceModel, prop


class Volume(ResourceModel):
    """A block device that keeps its data when its server goes."""

    loses: ClassVar[str] = "the data on it"

    stateful: ClassVar[bool] = True

    size: Size = prop("Capacity, such as 10GiB; it can grow, and shrinking replaces it.")
    server: str | None = prop("Id of the server it is attached to.", None, refers="server")
    mount: str | None = prop("Folder where the server mounts it.", None, pattern=r"^/[A-Za-z0-9._/-]{1,200}$")
    filesystem: Literal["ext4", "xfs"] = prop("File system made on an empty volume.", "ext4", immutable=True)
    region: str | None = prop("Region or zone; the provider's default if left out.", None, immutable=True)
    device: str | None = prop("Device path on the server.", computed=True)

    @classmethod
    def forces_replace(cls, name: str, before: Any, after: Any) -> bool:
        return (
            name == "size" and before is not None and after is not None and size_in_bytes(after) < size_in_bytes(before)
        )

    @classmethod
    def conflicts(cls, properties: dict[str, Any]) -> list[tuple[str, str]]:
        lone = properties.get("mount") is not None and properties.get("server") is None
        return [("mount", "a volume is mounted on a server; name the server too")] if lone else []
