"""What this machine gives: processors, memory and disk, as far as a container's limits let it be used."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator
from pathlib import Path

from engine.model.machine import MachineFacts

_ROOT = Path("/")
# Version 1 of control groups writes a number near 2^63 where there is no limit.
_NO_LIMIT = 1 << 60


def machine_facts(home: Path, root: Path = _ROOT) -> MachineFacts:
    """`root` is where `proc` and `sys` are; what can't be read counts as unknown."""
    processors, total, available = _processors(), *_memory(root)
    quota, limit, used = _limits(root)
    cpu = min(processors, max(1, int(quota))) if quota else processors
    memory = min(total, limit) if total and limit else total or limit
    if limit and limit <= (total or limit):
        available = min(available or limit, max(0, limit - used))
    return MachineFacts(
        system=f"{platform.system()} {platform.machine()}", cpu=cpu, memory=memory, memory_available=available,
        disk_free=_disk_free(home), limited=cpu < processors or memory < total,
    )  # fmt: skip


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _memory(root: Path) -> tuple[int, int]:
    """Total and available; the latter is 0 where the system does not say."""
    facts = dict(line.split(":", 1) for line in _text(root / "proc/meminfo").splitlines() if ":" in line)
    total, available = (_number(facts.get(name, "").split(" kB")[0]) << 10 for name in ("MemTotal", "MemAvailable"))
    if not total:
        try:
            total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        except (ValueError, OSError):
            total = 0
    return total, available


def _limits(root: Path) -> tuple[float, int, int]:
    """Processors and memory that the tightest group lets us use, and what of the memory is taken; 0 is no limit."""
    cpu, memory, used = 0.0, 0, 0
    for folder in _groups(root):
        quota = _quota(folder)
        cpu = min(cpu or quota, quota or cpu)
        limit = _number(_text(folder / "memory.max")) or _number(_text(folder / "memory.limit_in_bytes"))
        if 0 < limit < _NO_LIMIT and (not memory or limit < memory):
            memory = limit
            used = _number(_text(folder / "memory.current")) or _number(_text(folder / "memory.usage_in_bytes"))
    return cpu, memory, used


def _groups(root: Path) -> Iterator[Path]:
    """Our control groups and those above them, of both versions."""
    base = root / "sys/fs/cgroup"
    for line in _text(root / "proc/self/cgroup").splitlines():
        _, names, path = line.split(":", 2) if line.count(":") >= 2 else ("", "", "")
        own = base / names if names else base
        parts = [part for part in path.split("/") if part not in ("", ".", "..")]
        for depth in range(len(parts), 0, -1):
            yield own.joinpath(*parts[:depth])
        yield own


def _quota(folder: Path) -> float:
    quota, _, period = _text(folder / "cpu.max").partition(" ")
    if not quota:
        quota, period = _text(folder / "cpu.cfs_quota_us"), _text(folder / "cpu.cfs_period_us")
    return _number(quota) / (_number(period) or 100_000)


def _disk_free(home: Path) -> int:
    for folder in (home, *home.parents):
        try:
            return shutil.disk_usage(folder).free
        except OSError:
            continue
    return 0


def _text(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(65_536)
    except OSError:
        return ""


def _number(text: str) -> int:
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 20 else 0
