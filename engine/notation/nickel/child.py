"""The program of the child process: evaluates Nickel files, and writes one line of JSON for each.

It is started as a file, with nothing of ours on its path; the server's process never imports it or py-nickel. Before
py-nickel is loaded its time, memory and output are limited; before it reads a file the process gives up the right to
open anything outside its folder, where the kernel has a way to (Landlock, Linux 5.13 or newer).
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import struct
import sys
from typing import Any

LONGEST_ERROR = 64 << 10
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_NO_NEW_PRIVILEGES = 38
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
# Rights over files by Landlock's version: 13 at first, then moving, truncating, devices.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
_MOST_FILE_RIGHTS = 16


def limit(seconds: int, memory: int, output: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
    if sys.platform == "linux":  # elsewhere the address space can't be limited
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def confine(folder: str) -> bool:
    """Give up opening anything outside the folder, writing, and TCP; whether the kernel holds us to it."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    version: int = libc.syscall(_CREATE_RULESET, None, 0, 1)
    if version < 1:
        return False
    rights = (1 << _FILE_RIGHTS.get(version, _MOST_FILE_RIGHTS)) - 1
    network, scopes = (3 if version >= 4 else 0), (3 if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset: int = libc.syscall(_CREATE_RULESET, struct.pack("QQQ", rights, network, scopes), size, 0)
    parent = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    beneath = struct.pack("=Qi", _READ_FILE | _READ_FOLDER, parent)
    done = (
        ruleset >= 0
        and libc.syscall(_ADD_RULE, ruleset, 1, beneath, 0) == 0
        and libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
        and libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0
    )
    os.close(parent)
    if not done:
        raise OSError(ctypes.get_errno(), "Landlock is there and can't be used")
    os.close(ruleset)
    return True


def main() -> None:
    job: dict[str, Any] = json.load(sys.stdin)
    limit(job["seconds"], job["memory"], job["output"])
    sys.path.insert(0, job["packages"])
    # Only now, under its limits.
    import nickel as loaded  # noqa: PLC0415 # pyright: ignore[reportMissingTypeStubs]

    confine(job["folder"])
    for file in job["files"]:
        sys.stdout.write(json.dumps({"file": file, **tell(loaded, file, job)}) + "\n")
        sys.stdout.flush()


def tell(nickel: Any, file: str, job: dict[str, Any]) -> dict[str, Any]:
    """What the file amounts to, what is wrong with it, or that it amounts to too much."""
    quoted = file.replace("\\", "\\\\").replace('"', '\\"').replace("%{", "\\%{")
    try:
        value: str = nickel.run(f'import "{quoted}"', job["library"])
    except nickel.NickelException as wrong:
        return {"error": str(wrong)[:LONGEST_ERROR]}
    return {"json": value} if len(value) <= job["largest"] else {"large": True}


if __name__ == "__main__":
    main()
