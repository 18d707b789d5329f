"""A home with an index, made in a process of its own: `python -m benchmarks.filled_home HOME PASSAGES`.

The passages lie as files in the workspace, so that a server of this home finds its index as a server before it left it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.search_process import Chance, Pages
from rag.library import Library
from rag.model.options import LibraryOptions
from server.office import Office
from server.shelves import Shelves

_ROOT = Path(__file__).parents[1]
_LONGEST_SECONDS = 900.0
_WORKSPACE = "demo"


def fill(home: Path, count: int) -> int:
    """How many passages the index holds, those of the shipped pages among them."""
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.filled_home", str(home), str(count)],
        cwd=_ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=_LONGEST_SECONDS,
    )  # fmt: skip
    return int(told.stdout)


def let_a_refresh_be_due(home: Path) -> None:
    """Something of the workspace is new, as after an hour of somebody's work."""
    for page in sorted(_docs(home).iterdir())[:20]:
        with page.open("a", encoding="utf-8") as file:
            file.write("\nAnd one more line.\n")


def _docs(home: Path) -> Path:
    return home / "workspaces" / _WORKSPACE / "docs" / "pages"


def _fill(home: Path, count: int) -> int:
    office, chance, pages = Office(home, {}), Chance(), Pages(count)
    office.engine().ensure_demo_workspace()
    _docs(home).mkdir(parents=True)
    for number, name in enumerate(pages.marks()):
        (_docs(home) / f"page-{number}.md").write_text(pages.read(name).text, encoding="utf-8")
    shelves = Shelves(home, {}, office.engine)
    library = Library(home / "index", LibraryOptions(), shelves.sources, lambda _: chance)
    library.refresh()
    chunks = sum(each.chunks for each in library.status().shelves)
    library.close()
    office.close()
    return chunks


if __name__ == "__main__":
    print(_fill(Path(sys.argv[1]), int(sys.argv[2])))
