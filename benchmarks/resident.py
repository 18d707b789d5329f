"""How much memory a process holds now."""

from __future__ import annotations

import subprocess


def resident_mb(pid: int) -> float:
    """Resident set in MB (10^6 bytes), by `ps`, which Linux and macOS both have."""
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True, timeout=20)
    return int(told.stdout) * 1024 / 1e6
