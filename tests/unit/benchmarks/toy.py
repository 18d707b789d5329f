"""A corpus of six pages, three questions about it and two about nothing in it, small enough to count by hand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TEXTS = {
    "toy:backup.md": "Backups are taken at night and kept for two weeks.",
    "toy:firewall.md": "A firewall lets port 443 in and refuses the rest.",
    "toy:volume.md": "A volume is formatted once and mounted below /data.",
    "toy:network.md": "Private networks get addresses from 10.77.0.0/24.",
    "toy:quota.md": "A quota that is full has to be raised at the provider.",
    "toy:token.md": "Tokens of the HTTP door are issued for one client each.",
}
PAGES = [
    {
        "id": id_, "path": id_.partition(":")[2], "tool": "toy", "title": text.split()[0],
        "text": f"# {text.split()[0]}\n\n{text} It stands everywhere.\n",
    }
    for id_, text in TEXTS.items()
]  # fmt: skip
QUESTIONS: list[dict[str, Any]] = [
    {"qid": "q1", "set": "one", "query": "how long are backups kept", "relevant": ["toy:backup.md"]},
    {"qid": "q2", "set": "two", "query": "what does a firewall let in", "relevant": ["toy:firewall.md", "toy:token.md"]},
    {"qid": "q3", "set": "one", "query": "addresses of private networks", "relevant": ["toy:network.md"]},
]  # fmt: skip
OTHERS = [{"qid": "u1", "query": "bake bread"}, {"qid": "u2", "query": "tune a piano"}]


@dataclass(frozen=True)
class Files:
    corpus: Path
    queries: Path
    unanswerable: Path


def write_lines(file: Path, lines: Iterable[Mapping[str, Any] | str]) -> Path:
    """A text is written as it is."""
    file.write_text("\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines) + "\n")
    return file


def toy_files(folder: Path) -> Files:
    return Files(
        write_lines(folder / "pages.jsonl", PAGES),
        write_lines(folder / "queries.jsonl", QUESTIONS),
        write_lines(folder / "others.jsonl", OTHERS),
    )
