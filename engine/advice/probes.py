"""What servers could run on, looked for one by one: each probe is short, and says what it saw in words."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.advice.clouds import CLOUDS, credentials_of
from engine.advice.kubeconfig import MOST_CONTEXTS, Unfit, contexts
from engine.advice.program import find_program, first_line

_LIBVIRT_SOCKETS = ("run/libvirt/libvirt-sock", "run/libvirt/virtqemud-sock")
_PATIENCE = 0.5
_VERSION = re.compile(r"[0-9][0-9A-Za-z.+~_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Sight:
    """`is_found`: it is there; `answers`: it can be talked to from here."""

    is_found: bool
    answers: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sought:
    """`until` is a moment of the monotonic clock, by which an answer is wanted; `root` is where `run` and `dev` are."""

    environment: Mapping[str, str]
    until: float
    root: Path = Path("/")


Probe = Callable[[Sought], Sight]


def docker(sought: Sought) -> Sight:
    return _engine(sought, "docker", ("version", "--format", "{{.Server.Version}}"))


def podman(sought: Sought) -> Sight:
    return _engine(sought, "podman", ("info", "--format", "{{.Version.Version}}"))


def kubernetes(sought: Sought) -> Sight:
    try:
        names = contexts(sought.environment)
    except Unfit as refusal:
        return Sight(False, False, (str(refusal),))
    if not names:
        return Sight(False, False, ("no kubeconfig with a context",))
    rest = f" and {len(names) - MOST_CONTEXTS} more" if len(names) > MOST_CONTEXTS else ""
    return Sight(True, False, (f"contexts {', '.join(names[:MOST_CONTEXTS])}{rest}", "not tried whether they answer"))


def libvirt(sought: Sought) -> Sight:
    for place in _LIBVIRT_SOCKETS:
        path = sought.root / place
        if path.is_socket():
            said = _knock(path)
            return Sight(True, not said, (f"/{place} {said or 'answers'}", _kvm(sought.root)))
    if find_program("virsh", sought.environment):
        return Sight(True, False, ("virsh is here, and no daemon's socket", _kvm(sought.root)))
    return Sight(False, False, ("neither a libvirt socket nor virsh",))


def cloud(name: str) -> Probe:
    def look(sought: Sought) -> Sight:
        names = credentials_of(name, sought.environment)
        if not names:
            return Sight(False, False, ("no credentials in the environment or in well-known files",))
        return Sight(True, False, (f"credentials: {', '.join(names)}", "not tried whether they are valid"))

    return look


def _engine(sought: Sought, name: str, arguments: tuple[str, ...]) -> Sight:
    program = find_program(name, sought.environment)
    if not program:
        return Sight(False, False, (f"no {name} on the PATH",))
    said = first_line((program, *arguments), sought.environment, sought.until)
    if not said or not _VERSION.fullmatch(said):
        return Sight(True, False, (f"{name} is on the PATH, and no engine gave its version in time",))
    return Sight(True, True, (f"{name} answers, version {said}",))


def _knock(path: Path) -> str:
    """Empty where something listens."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(_PATIENCE)
            line.connect(str(path))
    except PermissionError:
        return "is there, but this user may not open it"
    except OSError:
        return "is there, but nothing answers"
    return ""


def _kvm(root: Path) -> str:
    return "/dev/kvm is here" if (root / "dev/kvm").exists() else "no /dev/kvm: machines would be slow"


PROBES: Mapping[str, Probe] = {
    "docker": docker,
    "podman": podman,
    "kubernetes": kubernetes,
    "libvirt": libvirt,
    **{name: cloud(name) for name in CLOUDS},
}
