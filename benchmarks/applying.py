"""Applying many resources that take the cloud no time, every step durable."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.engine_process import in_own_process
from benchmarks.row import Row
from benchmarks.terraform import PEER, seen_of_terraform, why_no_peer

_SIZES = (1_000, 5_000, 10_000)
LARGEST_FOR_THE_PEER = 5_000
_NOTE = "From the yes to the end of the run, one run each; every intent and outcome is on disk before the next move."
_ALONE = "Ours alone, to see whether the time per step grows: Terraform takes a quarter of an hour for this many."


def applies(*, quick: bool) -> Iterator[Row]:
    """For each size a row against the peer, and one of seconds per thousand against the smallest size."""
    smallest: float | None = None
    for count in _SIZES[:1] if quick else _SIZES:
        seconds = in_own_process("counted", count, 1, apply=True).apply_seconds
        yield _row(count, seconds)
        per_thousand = seconds / count * 1000
        if smallest is None:
            smallest = per_thousand
            continue
        what = f"  the same, per 1,000 of {count:,}"
        yield Row(what, per_thousand, "s", f"per 1,000 of {_SIZES[0]:,}", smallest, "near 1x: linear")


def _row(count: int, seconds: float) -> Row:
    what, goal = f"durable apply of {count:,}", "under 10 s" if count == LARGEST_FOR_THE_PEER else "under 1x"
    if count > LARGEST_FOR_THE_PEER:
        return Row(what, seconds, "s", note=_ALONE)
    peer = seen_of_terraform("counted", count, apply=True)
    return Row(what, seconds, "s", PEER, peer.apply_seconds if peer else None, goal, why_no_peer() or _NOTE)
