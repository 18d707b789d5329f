"""`python -m benchmarks`: every measurement, one table. It never fails because something was slow."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable

from benchmarks.applying import applies
from benchmarks.cold_start import cold_start
from benchmarks.embedding import embedding
from benchmarks.memory import memory
from benchmarks.nickel import nickel
from benchmarks.planning import plans
from benchmarks.row import Row
from benchmarks.search import searches
from benchmarks.settings import settings
from benchmarks.table import as_json, as_text
from benchmarks.tool_calls import tool_calls

MEASUREMENTS: dict[str, Callable[..., Iterable[Row]]] = {
    "start": cold_start,
    "calls": tool_calls,
    "plan": plans,
    "settings": settings,
    "nickel": nickel,
    "apply": applies,
    "memory": memory,
    "embed": embedding,
    "search": searches,
}


def main() -> None:
    wanted = _arguments()
    rows: list[Row] = []
    for name in wanted.only or MEASUREMENTS:
        print(f"measuring: {name} …", file=sys.stderr, flush=True)
        rows.extend(MEASUREMENTS[name](quick=wanted.quick))
    print(as_json(rows) if wanted.json else as_text(rows))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=list(MEASUREMENTS), help="this one alone; may be repeated")
    parser.add_argument("--quick", action="store_true", help="the small sizes only")
    parser.add_argument("--json", action="store_true", help="for programs")
    return parser.parse_args()


if __name__ == "__main__":
    main()
