"""The host image: used where it is ready, built through the Docker API where it is not."""

from __future__ import annotations

import io
import logging
import tarfile
from collections.abc import Mapping

from engine.model.errors import ProviderError, TransientFailure
from engine.providers.local.daemon import Daemon
from engine.providers.local.image.tag import RECIPE, recipe_files
from engine.providers.local.translation import quoted

log = logging.getLogger("groundplan.local")


def ensure_image(daemon: Daemon, tag: str, arguments: Mapping[str, str] | None = None) -> None:
    """Build the image under this tag unless the daemon has it.

    Raises `ProviderError` with the builder's last words.
    """
    if daemon.has_image(tag):
        return
    log.info("building the host image %s; the first time takes a minute or two", tag)
    for message in daemon.build(tag, build_context(), arguments or {}):
        if message.get("error"):
            raise _failure(str(message["error"]))
        line = str(message.get("stream") or message.get("status") or "").strip()
        if line:
            log.info("image: %s", line[:200])
    if not daemon.has_image(tag):
        raise TransientFailure(f"The builder ended without the image {tag}.")


def build_context() -> bytes:
    """The recipe as a tar; times and owners are left out, so equal recipes are equal bytes."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path in recipe_files():
            content = path.read_bytes()
            entry = tarfile.TarInfo(path.relative_to(RECIPE).as_posix())
            entry.size, entry.mode = len(content), 0o644
            tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def _failure(text: str) -> ProviderError:
    return TransientFailure(
        f"The host image could not be built: {quoted(text)}.",
        hint="Check that this machine reaches a registry with debian:12-slim and Debian's packages, then resume.",
    )
