"""`groundplan schema`: what a manifest may say, for the editor that it is written in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.model.errors import Refused
from server.cli.command import command
from server.cli.desk import Desk

_FOLDER = ".groundplan"
_SCHEMA = "manifest.schema.json"
_LINES = (
    f"YAML: # yaml-language-server: $schema=../{_FOLDER}/{_SCHEMA}",
    f"TOML: #:schema ../{_FOLDER}/{_SCHEMA}",
    f"Nickel, for its language server: NICKEL_IMPORT_PATH={_FOLDER}",
)


def register(app: typer.Typer) -> None:
    command(app, "schema")(schema)


def schema(
    desk: Desk,
    write: Annotated[
        bool, typer.Option("--write", help=f"Write it and Nickel's contracts into the workspace's {_FOLDER}/.")
    ] = False,
) -> None:
    """Print the JSON schema of manifests, with which an editor completes and checks them."""
    files = desk.engine.contract_files()
    if not write:
        typer.echo(files[_SCHEMA], nl=False)
        return
    written = _write(Path(desk.workspace.path), files)
    desk.show({"files": [str(file) for file in written]}, *(f"Wrote {file}." for file in written))
    desk.tell("The first line of a manifest tells the editor:\n" + "\n".join(f"  {line}" for line in _LINES))


def _write(workspace: Path, files: dict[str, str]) -> list[Path]:
    """Raises `Refused` where a link would lead the writing out of the workspace."""
    written: list[Path] = []
    for name, text in files.items():
        target = workspace / _FOLDER / name
        if target.is_symlink() or not target.resolve().is_relative_to(workspace.resolve()):
            raise Refused(f"{_FOLDER}/{name} is a link that may leave the workspace.", hint="Take the link away.")
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")
        written.append(target)
    return written
