"""Acts on a workspace's registration: create, register, switch, archive."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from engine.model.change import Change
from engine.model.errors import Invalid
from engine.state.workspaces import Workspaces

_TEMPLATES = files("engine") / "workspace_templates"


def template_names() -> tuple[str, ...]:
    return tuple(sorted(each.name for each in _TEMPLATES.iterdir() if each.is_dir()))


def act_on_workspace(workspaces: Workspaces, change: Change) -> None:
    """Can be repeated: what is there already is left as it is."""
    after = change.after or {}
    name, folder = change.address.removeprefix("workspace."), Path(str(after["path"]))
    match after["op"]:
        case "create":
            write_template(str(after["template"]), name, folder)
            workspaces.add(name, folder)
            workspaces.activate(name)
        case "register":
            workspaces.add(name, folder)
            workspaces.activate(name)
        case "switch":
            workspaces.activate(name)
        case _:
            workspaces.archive(name)


def write_template(template: str, name: str, folder: Path) -> None:
    """A new workspace's files beside whatever the folder holds. Raises `Invalid` for an unknown template."""
    source = Path(str(_TEMPLATES / template))
    if template not in template_names():
        raise Invalid(f"there is no template {template[:60]!r}.", hint=f"There are: {', '.join(template_names())}.")
    for file in (each for each in sorted(source.rglob("*")) if each.is_file()):
        target = folder / file.relative_to(source)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(file.read_text(encoding="utf-8").replace("WORKSPACE_NAME", name), encoding="utf-8")
