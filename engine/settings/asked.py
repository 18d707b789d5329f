"""What a caller asks of the settings: keys that there are, with values that a plan may carry.

A value that came as an argument is taken as it is: what would be a template in a file is written so that it stays text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from engine.model.errors import Invalid, Problem
from engine.model.unknown import is_list, is_mapping
from engine.notation.problems import Problems, nearest, quoted
from engine.notation.reader import check_values
from engine.settings.closed import holds_password, is_closed
from engine.settings.interpolate import as_text
from engine.settings.merge import Keys, leaves
from engine.settings.schema import kind_of, kinds
from engine.settings.secret_setting import is_pointer

_MOST = 200
_WHERE = "these settings"
_WRITE_IT = "Name it as secret://NAME, or write it into the file by hand."


def asked_changes(changes: Mapping[str, Any]) -> dict[Keys, Any]:
    """By path; None takes a key out of its file. Raises `Invalid`, or `ManifestInvalid` with every problem."""
    if not changes:
        raise Invalid("no change of a setting is named.", hint="Name a key and its value; null takes it out.")
    if len(changes) > _MOST:
        raise Invalid(f"{len(changes)} changes are too many for one plan.", hint=f"Name at most {_MOST}.")
    problems = Problems()
    found = {tuple(key.split(".")): value for key, value in changes.items()}
    for path, value in found.items():
        _check_key(path, problems)
        _check_value(path, value, problems)
    _check_apart(found, problems)
    problems.raise_any(_WHERE)
    return {path: as_text(value) for path, value in found.items()}


def _check_key(path: Keys, problems: Problems) -> None:
    key = ".".join(path)
    kind = kind_of(path)
    if kind is not None and (path == kind.path or kind.type == "table") and all(path):
        return
    below = [each.key for each in kinds().values() if each.path[: len(path)] == path]
    if below:
        problems.add(Problem("This is a table of settings.", f"Name one of {', '.join(below)}.", address=key))
    else:
        known = [each.key for each in kinds().values()]
        hint = nearest(key, known) or "`groundplan settings show` lists all."
        problems.add(Problem("There is no such setting.", hint, address=key[:80]))


def _check_value(path: Keys, value: Any, problems: Problems) -> None:
    def report(below: tuple[Any, ...], message: str, hint: str) -> None:
        problems.add(Problem(message, hint, address=".".join(map(str, (*path, *below)))))

    check_values(value, report)
    for each, leaf in leaves(value, path) if is_mapping(value) else [(path, value)]:
        if (is_closed(each) or holds_password(leaf)) and not _tells_no_secret(leaf):
            problems.add(Problem("A plan can't carry what may be a secret.", _WRITE_IT, address=".".join(each)))


def _tells_no_secret(value: Any) -> bool:
    if is_list(value):
        return all(map(_tells_no_secret, value))
    return not isinstance(value, str) or is_pointer(value) or _is_open_address(value)


def _is_open_address(text: str) -> bool:
    """An address with nobody's name and password in it, and nothing behind it that may be a key."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return bool(parts.scheme and parts.netloc) and "@" not in parts.netloc and not parts.query and not parts.fragment


def _check_apart(found: Mapping[Keys, Any], problems: Problems) -> None:
    for path in found:
        outer = next((path[:end] for end in range(1, len(path)) if path[:end] in found), None)
        if outer:
            message = f"{quoted('.'.join(outer))} is changed as a whole too."
            problems.add(Problem(message, "Name either one.", address=".".join(path)))
