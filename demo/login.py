"""The person logs in to a host that was built, with the workspace's own key."""

from __future__ import annotations

from pathlib import Path

import asyncssh

from demo.assistant import demand

_ASKED = "cat /etc/hostname; grep PRETTY_NAME /etc/os-release; df --output=source,size,target -h /data | tail -1"


async def look_around(where: str, key: Path) -> str:
    """What the host says of itself, over SSH at `host:port`."""
    host, _, port = where.rpartition(":")
    # The host's key was made a minute ago on this very machine, and reached over loopback: there is none to know it by.
    async with asyncssh.connect(
        host, int(port), username="root", client_keys=[str(key)], known_hosts=None
    ) as host_shell:
        answer = await host_shell.run(_ASKED)
    demand(answer.exit_status == 0, f"the host answers over SSH: {answer.stderr}")
    return str(answer.stdout).strip()
