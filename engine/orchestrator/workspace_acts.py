"""Acts on what the home knows of a workspace: create, register, switch, archive, rename, import."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.bundle import named, read_bundle, unpack
from engine.model.change import Change
from engine.model.errors import PlanStale
from engine.registry.templates import write_template
from engine.secrets.store import move_secrets
from engine.state.transfer import Arrival, Transfer
from engine.state.workspaces import Workspaces


@dataclass(frozen=True, slots=True)
class WorkspaceActs:
    """Each can be repeated: what is there already is left as it is."""

    home: Path
    workspaces: Workspaces
    transfer: Transfer

    def act(self, change: Change) -> None:
        after = change.after or {}
        name, folder = change.address.removeprefix("workspace."), Path(str(after["path"]))
        match after["op"]:
            case "create":
                write_template(str(after["template"]), name, folder)
                self.workspaces.add(name, folder)
                self.workspaces.activate(name)
            case "register":
                self.workspaces.add(name, folder)
                self.workspaces.activate(name)
            case "switch":
                self.workspaces.activate(name)
            case "rename":
                new = str(after["new_name"])
                self.workspaces.rename(str(after["uid"]), new, lambda: move_secrets(self.home, name, new))
            case "import":
                self._take_in(name, folder, Path(str(after["bundle"])), str(after["sha256"]))
            case _:
                self.workspaces.archive(name)

    def _take_in(self, name: str, folder: Path, file: Path, sha256: str) -> None:
        """First the folder, whole; then the registration with all rows. Raises `PlanStale` for another file."""
        opened = read_bundle(file)
        if opened.bundle.sha256 != sha256:
            raise PlanStale(f"{file} is another file than the one that was planned.")
        unpack(named(opened.files, name), folder)
        bundle = opened.bundle
        arrival = Arrival(name, bundle.uid, str(folder), bundle.serial, bundle.created_at.timestamp())
        self.transfer.arrive(arrival, opened.tables)
