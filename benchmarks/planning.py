"""Planning many resources that are not there yet."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.engine_process import in_own_process
from benchmarks.manifests import Shape
from benchmarks.row import Row
from benchmarks.terraform import PEER, seen_of_terraform, why_no_peer

_SIZES = (1_000, 10_000)
_SHAPES: tuple[Shape, ...] = ("counted", "separate")
_REPEATS = 3
_NOTE = "Ours: median of three proposals to an open engine. Terraform: one `terraform plan -out`, its start included."


def plans(*, quick: bool) -> Iterator[Row]:
    for count in _SIZES[:1] if quick else _SIZES:
        for shape in _SHAPES:
            ours = in_own_process(shape, count, _REPEATS, apply=False)
            peer = seen_of_terraform(shape, count, apply=False)
            goal = "under 1x" if count < 10_000 else "under 1x, under 5 s"
            other = peer.plan_seconds if peer else None
            note = why_no_peer() or _NOTE
            yield Row(f"plan of {count:,}, {_WORDS[shape]}", ours.plan_seconds, "s", PEER, other, goal, note)


_WORDS: dict[Shape, str] = {"counted": "one counted declaration", "separate": "a declaration each"}
