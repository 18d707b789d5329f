"""Page: one generated page of the reference, with its front matter; and the pieces of Markdown it is made of."""

from __future__ import annotations

import json
import textwrap
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
# When somebody last read all generated pages; a clock would make every build another one.
REVIEWED = "2026-11-24"
WIDTH = 120


@dataclass(frozen=True, slots=True)
class Page:
    """`path` is below `knowledge/reference/`; `body` begins after the heading."""

    path: str
    title: str
    summary: str
    tags: tuple[str, ...]
    body: str
    applies_to: tuple[str, ...] = ("all",)

    def text(self) -> str:
        front = [
            f"title: {_scalar(self.title)}",
            f"summary: {_scalar(self.summary)}",
            "kind: reference",
            f"tags: [{', '.join(_scalar(each) for each in self.tags)}]",
            f"applies-to: [{', '.join(self.applies_to)}]",
            f"reviewed: {REVIEWED}",
        ]
        return "\n".join(["---", *front, "---", "", f"# {self.title}", "", _wrapped(self.body.strip()), ""])


@cache
def words(name: str) -> dict[str, Any]:
    """What a person wrote about one subject: `words/<name>.toml`."""
    return tomllib.loads((Path(__file__).parent / "words" / f"{name}.toml").read_text(encoding="utf-8"))


def example(name: str) -> str:
    """A manifest of `examples/`, which a test plans."""
    return (Path(__file__).parent / "examples" / f"{name}.yaml").read_text(encoding="utf-8")


def joined(*parts: str) -> str:
    """Paragraphs, tables and headings with an empty line between; empty ones are left out."""
    return "\n\n".join(part.strip("\n") for part in parts if part.strip())


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns that are empty in every row are left out; empty altogether without rows."""
    lines = [[_cell(each) for each in row] for row in rows]
    if not lines:
        return ""
    kept = [number for number in range(len(head)) if any(line[number] for line in lines)]
    shown = [
        [head[number] for number in kept],
        ["---" for _ in kept],
        *([line[number] for number in kept] for line in lines),
    ]
    rule = "|".join(shown[1])
    return "\n".join(f"|{rule}|" if line is shown[1] else f"| {' | '.join(line)} |" for line in shown)


def bullets(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def fenced(text: str, language: str = "") -> str:
    return f"```{language}\n{text.strip(chr(10))}\n```"


def as_json(value: Any) -> str:
    return fenced(json.dumps(value, indent=2, ensure_ascii=False), "json")


def code(text: object) -> str:
    return f"`{text}`"


def sentence(text: str) -> str:
    """With a capital in front and a full stop behind."""
    told = f"{text[:1].upper()}{text[1:]}"
    return told if not told or told[-1] in ".!?:…" else f"{told}."


def lowered(text: str) -> str:
    """For the middle of a sentence: without a capital in front and a full stop behind."""
    return f"{text[:1].lower()}{text[1:]}".rstrip(".")


def _wrapped(text: str) -> str:
    """Long lines of prose broken, so that a citation of lines is exact; tables, headings and code stay as they are."""
    lines: list[str] = []
    inside = False
    for line in text.split("\n"):
        inside ^= line.startswith("```")
        indent = "  " if line.startswith("- ") else ""
        kept = inside or len(line) <= WIDTH or line.startswith(("|", "#"))
        wrapped = textwrap.wrap(line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
        lines += [line] if kept else wrapped
    return "\n".join(lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _scalar(text: str) -> str:
    """As YAML: plain where it reads back as it is, otherwise in quotes."""
    try:
        plain = yaml.safe_load(f"- {text}") == [text] and yaml.safe_load(f"[{text}]") == [text]
    except yaml.YAMLError:
        plain = False
    return text if plain else json.dumps(text, ensure_ascii=False)
