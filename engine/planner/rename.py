"""A workspace gets another name: in the registry, in everything that is kept under it, and in its own file."""

from __future__ import annotations

import tomllib
from pathlib import Path

from engine.manifest import file_edits
from engine.model.action import Action
from engine.model.change import Change, Compensation, PropertyDiff
from engine.model.errors import Invalid, Refused
from engine.model.plan import FileEdit
from engine.model.request import PlanWorkspace
from engine.model.workspace import Workspace
from engine.notation.splice import CannotEdit
from engine.notation.text_file import Unfit, read_text_file
from engine.notation.writer import writer_of
from engine.planner.home_aim import HomeAim
from engine.secrets.ssh_keys import public_key
from engine.secrets.store import secrets_folder
from engine.settings.files import MOST_BYTES, WORKSPACE_FILE


def aim_at_rename(request: PlanWorkspace, home: Path, known: Workspace, taken: Workspace | None) -> HomeAim:
    """`taken` is the workspace that has the new name already. Raises `Invalid` or `Refused`."""
    new, folder = request.new_name, Path(known.path)
    if new == known.name:
        raise Refused(f"workspace {known.name} is called so already.", hint="Choose another new_name.")
    if taken is not None:
        where = "archived, at" if taken.archived else "at"
        raise Refused(f"workspace {new} exists already, {where} {taken.path}.", hint="Choose another name.")
    if secrets_folder(home, new).exists():
        raise Refused(
            f"{secrets_folder(home, new)} is there already, with secrets of no workspace.", hint="Take it away first."
        )
    # From now on the key's line is written down: with another name in it, every server would have to be replaced.
    public_key(home, known.name)
    change = Change(
        address=f"workspace.{known.name}", effect="workspace", action=Action.UPDATE,
        reason="it gets another name; objects, folder and state stay as they are",
        after={"op": "rename", "path": known.path, "new_name": new, "uid": known.uid},
        diff=(PropertyDiff(path="name", before=known.name, after=new),),
        compensation=Compensation(possible=True, text=f"rename it back to {known.name}"),
    )  # fmt: skip
    warnings = (
        "Pending plans of this workspace end; labels and names of existing objects that hold its name keep it.",
        f"Clients and scripts that were given {known.name} by name need the new one.",
    )
    return HomeAim((change,), _name_in_file(folder, known.name, new), warnings)


def _name_in_file(folder: Path, old: str, new: str) -> tuple[FileEdit, ...]:
    """The edit of `workspace.toml`; none where it does not state the name.

    Raises `Invalid` for a file that can't be read or edited: its name would be wrong from then on.
    """
    try:
        text = read_text_file(folder / WORKSPACE_FILE, folder.resolve(), MOST_BYTES)
        stated = tomllib.loads(text).get("name")
        if stated is None:
            return ()
        if stated != old:
            raise Invalid(
                f"{WORKSPACE_FILE} names the workspace {str(stated)[:60]!r}.", hint=f'Make it name = "{old}".'
            )
        edited = writer_of(WORKSPACE_FILE).merge(text, (), {"name": new})
    except (OSError, Unfit, ValueError, CannotEdit) as wrong:
        said = wrong.strerror if isinstance(wrong, OSError) else wrong
        raise Invalid(
            f"{folder / WORKSPACE_FILE} can't be edited: {said}.", hint="Mend it first, or bring the folder back."
        ) from None
    return file_edits({WORKSPACE_FILE: text}, {WORKSPACE_FILE: edited})
