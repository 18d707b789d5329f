"""Templates of workspaces: folders of files that a new workspace begins with."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from engine.model.errors import Invalid

_TEMPLATES = Path(str(files("engine") / "workspace_templates"))
_NAME = "WORKSPACE_NAME"


def template_summaries() -> Mapping[str, str]:
    """What each template is for, by name, in the order in which they are shown."""
    return tomllib.loads((_TEMPLATES / "summaries.toml").read_text(encoding="utf-8"))


def check_template(name: str) -> None:
    """Raises `Invalid` for a template that there is not."""
    if name not in template_summaries():
        raise Invalid(f"there is no template {name[:60]!r}.", hint=f"There are: {', '.join(template_summaries())}.")


def write_template(template: str, name: str, folder: Path) -> None:
    """A new workspace's files beside whatever the folder holds. Raises `Invalid` for an unknown template."""
    check_template(template)
    source = _TEMPLATES / template
    for file in (each for each in sorted(source.rglob("*")) if each.is_file()):
        target = folder / file.relative_to(source)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(file.read_text(encoding="utf-8").replace(_NAME, name), encoding="utf-8")
