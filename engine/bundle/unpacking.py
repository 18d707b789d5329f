"""Unpacks a bundle into a folder: the folder is there whole, or not at all, whenever it is looked at."""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path

from engine.model.errors import Invalid, Refused
from engine.notation.splice import CannotEdit
from engine.notation.writer import writer_of

_FILE = "workspace.toml"


def check_folder(folder: Path) -> None:
    """Raises `Refused` for a place where something is: nothing is ever overwritten."""
    try:
        taken = folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir())))
        above = next(each for each in folder.parents if each.exists())
    except OSError as failure:
        raise Refused(f"{folder} can't be looked at: {failure.strerror}.", hint="Name another one.") from None
    if taken:
        raise Refused(f"{folder} is there and not empty.", hint="Name a folder that is not there yet.")
    if not above.is_dir():
        raise Refused(f"{above} is no folder.", hint="Name another one.")


def named(files: Mapping[str, bytes], name: str) -> Mapping[str, bytes]:
    """The files with `workspace.toml` naming the workspace so. Raises `Invalid` where it can't be edited."""
    data = files.get(_FILE)
    if data is None:
        return files
    try:
        text = data.decode()
        if tomllib.loads(text).get("name", name) == name:
            return files
        return {**files, _FILE: writer_of(_FILE).merge(text, (), {"name": name}).encode()}
    except (ValueError, CannotEdit) as wrong:
        raise Invalid(f"the bundle's {_FILE} can't be given another name: {wrong}.") from None


def unpack(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files, or find that an earlier attempt has written them.

    Raises `Refused` where something else is in the folder, or it can't be written.
    """
    try:
        if not _is_ours(files, folder):
            check_folder(folder)
            _write(files, folder)
    except OSError as failure:
        raise Refused(f"{folder} can't be written: {failure.strerror}.", hint="Mend its place, then resume.") from None


def _write(files: Mapping[str, bytes], folder: Path) -> None:
    draft = folder.with_name(f".{folder.name}.groundplan-import")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for path, data in files.items():
        target = draft / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    draft.rename(folder)


def _is_ours(files: Mapping[str, bytes], folder: Path) -> bool:
    if not files or folder.is_symlink() or not folder.is_dir():
        return False
    there = {each.relative_to(folder).as_posix(): each for each in folder.rglob("*") if not each.is_dir()}
    return there.keys() == files.keys() and all(there[path].read_bytes() == data for path, data in files.items())
