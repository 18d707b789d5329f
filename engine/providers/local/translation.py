"""From what Docker says to the engine's errors. Docker's text is quoted, cut short, and never interpreted further."""

from __future__ import annotations

from engine.model.errors import (
    AuthFailed,
    CapacityExhausted,
    ObjectConflict,
    ObjectMissing,
    PropertiesInvalid,
    ProviderError,
    QuotaExceeded,
    TransientFailure,
)  # fmt: skip

_SAID: tuple[tuple[str, type[ProviderError], str], ...] = (
    ("pool overlaps", ObjectConflict, "Another network of this machine uses that range: choose another cidr."),
    ("networks have same bridge name", ObjectConflict, "Plan again: the network is being made by another process."),
    ("has active endpoints", ObjectConflict, "Containers are still attached to it; remove or disconnect them first."),
    ("address already in use", ObjectConflict, "Another container holds that address."),
    ("non-overlapping ipv4 address pool", QuotaExceeded, "Docker has no free range left: remove unused networks."),
    ("no space left", CapacityExhausted, "The machine's disk is full: make room with `docker system prune`."),
    ("cannot allocate memory", CapacityExhausted, "The machine has no memory left for this host."),
    ("no such image", ObjectMissing, "The host image vanished; resume the run and it is built again."),
    ("port is already allocated", TransientFailure, "Another program took the port first; resume the run."),
)
_BY_STATUS: dict[int, type[ProviderError]] = {
    400: PropertiesInvalid, 401: AuthFailed, 403: AuthFailed, 404: ObjectMissing, 409: ObjectConflict,
}  # fmt: skip


def quoted(text: str) -> str:
    """Foreign text, on one line and of bounded length."""
    return repr(" ".join(text.split())[:240])


def answer_error(status: int, text: str, doing: str, *, changes: bool) -> ProviderError:
    """The error for an answer that refuses; `changes` tells that the call could have had an effect."""
    for said, kind, hint in _SAID:
        if said in text.lower():
            return kind(f"Docker refused to {doing}: {quoted(text)}.", hint=hint)
    kind = _BY_STATUS.get(status)
    if kind is not None:
        return kind(f"Docker refused to {doing}: {quoted(text)}.")
    return TransientFailure(f"Docker failed to {doing} (status {status}): {quoted(text)}.", effect_unknown=changes)


def silence_error(text: str, doing: str, endpoint: str, *, changes: bool) -> ProviderError:
    """The error for an answer that did not come."""
    if "permission denied" in text.lower() or "PermissionError" in text:
        return AuthFailed(
            f"This user may not open {endpoint}.",
            hint="Join the group that owns the socket (`sudo usermod -aG docker $USER`), then sign in again.",
        )
    refused = "Connection refused" in text or "FileNotFoundError" in text or "No such file" in text
    hint = "Start Docker or Podman, then resume the run." if refused else ""
    return TransientFailure(
        f"No answer from {endpoint} while trying to {doing}: {quoted(text)}.",
        hint=hint,
        effect_unknown=changes and not refused,
    )
