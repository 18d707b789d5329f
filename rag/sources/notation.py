"""Which files hold text that can be found, by their names."""

from __future__ import annotations

from pathlib import PurePath

from rag.model.document import Format

PDF = ".pdf"
_BY_SUFFIX = {
    ".md": Format.MARKDOWN, ".mdx": Format.MARKDOWN, ".markdown": Format.MARKDOWN,
    ".rst": Format.RST,
    ".txt": Format.TEXT, ".text": Format.TEXT, PDF: Format.TEXT,
    ".yaml": Format.YAML, ".yml": Format.YAML,
    ".toml": Format.TOML,
    ".json": Format.JSON,
    ".ncl": Format.NICKEL,
}  # fmt: skip
_BY_NAME = {"readme": Format.TEXT, "changelog": Format.TEXT, "notes": Format.TEXT, "todo": Format.TEXT}
_MADE = frozenset({"package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml"})


def format_of(name: str) -> Format | None:
    """None for what is no text of ours, and for lists that programs write for themselves."""
    path = PurePath(name.casefold())
    if path.name in _MADE:
        return None
    return _BY_SUFFIX.get(path.suffix) or (_BY_NAME.get(path.name) if not path.suffix else None)
