"""Which Kubernetes clusters a person's kubeconfig names: contexts alone, never a user, a token or an address."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from engine.advice.program import plain
from engine.model.unknown import is_list, is_mapping
from engine.notation.document import Unreadable
from engine.notation.yaml_reader import read_yaml

MOST_CONTEXTS = 10
_MOST_BYTES = 256 << 10
_MOST_FILES = 8


class Unfit(Exception):
    """The file can't be used; the text says why."""


def contexts(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Names of contexts, the current one first. Raises `Unfit` where a file is there and can't be read."""
    found: list[str] = []
    current = ""
    for path in _files(environment):
        data = _read(path)
        current = current or _name(data.get("current-context"))
        listed = data.get("contexts")
        found += [_name(each.get("name")) for each in (listed if is_list(listed) else []) if is_mapping(each)]
    names = [name for name in dict.fromkeys(found) if name]
    return tuple(sorted(names, key=lambda name: name != current))


def _files(environment: Mapping[str, str]) -> Iterator[Path]:
    named = [each for each in environment.get("KUBECONFIG", "").split(os.pathsep) if each]
    if not named and environment.get("HOME", "").startswith("/"):
        named = [f"{environment['HOME']}/.kube/config"]
    yield from (path for each in named[:_MOST_FILES] if (path := Path(each)).is_absolute() and path.exists())


def _read(path: Path) -> Mapping[str, object]:
    try:
        # Without O_NONBLOCK a named pipe would hold the caller until somebody writes into it.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            facts = os.fstat(handle)
            if not stat.S_ISREG(facts.st_mode) or facts.st_size > _MOST_BYTES:
                raise Unfit("kubeconfig is no plain file, or larger than 256 KiB")
            data, _ = read_yaml(file.read(_MOST_BYTES).decode("utf-8"))
    except OSError as failure:
        raise Unfit(f"kubeconfig can't be read: {failure.strerror}") from None
    except (UnicodeDecodeError, Unreadable):
        raise Unfit("kubeconfig is no YAML that can be read") from None
    if not is_mapping(data):
        raise Unfit("kubeconfig is no mapping")
    return data


def _name(value: object) -> str:
    return plain(value) if isinstance(value, str) else ""
