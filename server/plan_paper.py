"""Plans and approvals on paper: the files that go from the home to an approver, and back."""

from __future__ import annotations

import stat
from pathlib import Path

from engine.model.approval import LONGEST_APPROVAL, Approval
from engine.model.errors import ApprovalInvalid, Invalid
from engine.model.plan_file import LONGEST_PLAN_FILE, PlanFile
from server.auth.owner_only import write_owner_only
from server.render.clean import visible

_SHOWN = 200


def read_plan_file(path: Path) -> PlanFile:
    """Raises `Invalid` for whatever is no plan file, however it is none."""
    return PlanFile.parse(_text(path, LONGEST_PLAN_FILE))


def read_approval(path: Path) -> Approval:
    """Raises `ApprovalInvalid` for whatever is no approval file."""
    try:
        return Approval.parse(_text(path, LONGEST_APPROVAL))
    except Invalid as wrong:
        raise ApprovalInvalid(wrong.message) from None


def write_paper(path: Path, text: str) -> None:
    """In place of what was there, readable by its owner alone."""
    try:
        if path.exists() and not path.is_file():
            raise Invalid(f"{_shown(path)} is no regular file, so nothing was written.", hint="Name another file.")
        if not path.parent.is_dir():
            raise Invalid(f"There is no folder {_shown(path.parent)}.", hint="Make it, or name another file.")
        write_owner_only(path, text.encode())
    except (OSError, ValueError) as wrong:
        raise Invalid(f"{_shown(path)} can't be written: {_why(wrong)}.", hint="Name another file.") from None


def _text(path: Path, most_bytes: int) -> str:
    try:
        # Looked at before it is opened: a pipe would never end, a device never be empty.
        if not stat.S_ISREG(path.stat().st_mode):
            raise Invalid(f"{_shown(path)} is no regular file.", hint="Name the file itself.")
        with path.open("rb") as file:
            data = file.read(most_bytes + 1)
    except (OSError, ValueError) as wrong:
        raise Invalid(f"{_shown(path)} can't be read: {_why(wrong)}.", hint="Name a file that is there.") from None
    if len(data) > most_bytes:
        raise Invalid(f"{_shown(path)} is larger than {most_bytes >> 10:,} KiB.", hint="Name another file.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Invalid(f"{_shown(path)} is no text.", hint="Name another file.") from None


def _shown(path: Path) -> str:
    return visible(str(path), _SHOWN, lines=False)


def _why(wrong: Exception) -> str:
    return wrong.strerror or "it fails" if isinstance(wrong, OSError) else "that is no name of a file"
