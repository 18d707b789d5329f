"""Ignore rules: `.gitignore` files, nested, and `.groundplanignore` of the same form, which has the last word."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

_FILES = (".gitignore", ".groundplanignore")
_LONGEST = 1_000_000  # bytes of an ignore file that are read
_MOST_PARENTS = 40


class _Result(Protocol):
    @property
    def include(self) -> bool | None: ...


class _Spec(Protocol):
    def check_file(self, file: str, /) -> _Result: ...


@dataclass(frozen=True, slots=True)
class Ignore:
    """Rules that hold in a folder, those of the folders above first: the last one that matches decides."""

    rules: tuple[tuple[Path, _Spec], ...] = ()

    def within(self, folder: Path) -> Ignore:
        """With the rules that the folder itself adds."""
        found = tuple((folder, spec) for name in _FILES if (spec := _read(folder / name)) is not None)
        return Ignore((*self.rules, *found)) if found else self

    def leaves_out(self, path: Path, *, folder: bool) -> bool:
        for base, spec in reversed(self.rules):
            name = path.relative_to(base).as_posix()
            decided = spec.check_file(f"{name}/" if folder else name).include
            if decided is not None:
                return decided
        return False


def rules_above(folder: Path) -> Ignore:
    """What the repository that holds the folder leaves out, up to where its `.git` is; nothing outside of one."""
    above: list[Path] = []
    for parent in (folder, *folder.parents)[:_MOST_PARENTS]:
        if parent != folder:
            above.append(parent)
        if (parent / ".git").exists():
            break
    else:
        return Ignore()
    ignore = Ignore()
    for parent in reversed(above):
        ignore = ignore.within(parent)
    return ignore


def _read(path: Path) -> _Spec | None:
    """None for no such file. A line that is no pattern matches nothing, as in git."""
    # Here and not above: a server that never searches never needs it.
    from pathspec import GitIgnoreSpec  # noqa: PLC0415

    if not path.is_file():
        return None
    with path.open("rb") as opened:
        lines = opened.read(_LONGEST).decode("utf-8", "replace").splitlines()
    try:
        return cast("_Spec", GitIgnoreSpec.from_lines(lines))
    except ValueError:
        return cast("_Spec", GitIgnoreSpec.from_lines(line for line in lines if _is_pattern(line)))


def _is_pattern(line: str) -> bool:
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - as above

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
