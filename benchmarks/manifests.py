"""The same number of small resources, declared in one counted declaration or one by one."""

from __future__ import annotations

from typing import Literal

Shape = Literal["counted", "separate"]


def manifest(shape: Shape, count: int) -> str:
    """SSH keys of the Demo cloud: it makes them at once, so that what is measured is the engine."""
    head = "provider: demo\nresources:\n  ssh_key:\n"
    if shape == "counted":
        return f"{head}    key: {{ count: {count} }}\n"
    return head + "".join(f"    key-{number:05}: {{}}\n" for number in range(count))
