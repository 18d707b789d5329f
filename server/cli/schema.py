"""`groundplan schema`: what manifests and settings may say, for the editor that they are written in."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from engine.model.errors import Refused
from server.cli.command import command
from server.cli.desk import Desk

_FOLDER = ".groundplan"
_LINES = (
    f"YAML: # yaml-language-server: $schema=../{_FOLDER}/manifest.schema.json",
    f"TOML: #:schema ../{_FOLDER}/manifest.schema.json",
    f"workspace.toml: #:schema {_FOLDER}/workspace.schema.json",
    f"settings/*-defaults.toml: #:schema ../{_FOLDER}/defaults.schema.json",
    f"Nickel, for its language server: NICKEL_IMPORT_PATH={_FOLDER}",
)


class Kind(StrEnum):
    MANIFEST = "manifest"
    WORKSPACE = "workspace"
    DEFAULTS = "defaults"
    CONFIG = "config"

    @property
    def file(self) -> str:
        return f"{self.value}.schema.json"


def register(app: typer.Typer) -> None:
    command(app, "schema")(schema)


def schema(
    desk: Desk,
    kind: Annotated[
        Kind, typer.Argument(help="Of manifests, workspace.toml, an environment's defaults, or the home's config.toml.")
    ] = Kind.MANIFEST,
    write: Annotated[
        bool, typer.Option("--write", help=f"Write all of a workspace and Nickel's contracts into its {_FOLDER}/.")
    ] = False,
) -> None:
    """Print a JSON schema, with which an editor completes and checks manifests or settings."""
    files = desk.engine.contract_files()
    if not write:
        typer.echo(files[kind.file], nl=False)
        return
    files.pop(Kind.CONFIG.file)
    written = _write(Path(desk.workspace.path), files)
    desk.show({"files": [str(file) for file in written]}, *(f"Wrote {file}." for file in written))
    desk.tell("The first line of a file tells the editor:\n" + "\n".join(f"  {line}" for line in _LINES))


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
