"""Models of the Hugging Face hub on this machine: where they are, and what fetches one that is wanted."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, cast

from rag.embed.naming import path_of
from rag.model.errors import EmbedderFailed

_DESCRIPTIONS = ("modules.json", "config.json")
_OTHER_RUNTIMES = ["*.h5", "*.msgpack", "*.onnx", "*.ot", "onnx/*", "openvino/*"]


def model_folder(name: str, *, download: bool) -> Path:
    """`name` is a folder or a name on the hub; what is not on disk is downloaded only with `download`.

    Raises `EmbedderFailed` when it is not here and can't be, or may not be, fetched.
    """
    folder = _on_disk(name, download=download)
    if folder is None and download:
        folder = _fetched(name)
    if folder is None:
        raise EmbedderFailed(
            f"The model {name} is not on this machine.",
            hint="Give the path of its folder, or allow its download in the settings.",
        )
    return folder


def libraries(*, download: bool) -> Any:
    """The module sentence_transformers, told to be quiet. Raises `EmbedderFailed` when it is not installed."""
    _hub(download=download)
    try:
        from huggingface_hub.utils import disable_progress_bars  # noqa: PLC0415 - optional, like the next

        disable_progress_bars()  # the screen is the caller's; asked once, when transformers is imported
        # Heavy, too: seconds to import.
        import sentence_transformers  # noqa: PLC0415 # pyright: ignore[reportMissingImports]
    except ImportError as error:
        raise _not_installed() from error
    return cast("Any", sentence_transformers)


def _fetched(name: str) -> Path:
    hub = _hub(download=True)
    try:
        return Path(hub.snapshot_download(name, ignore_patterns=_OTHER_RUNTIMES))
    except Exception as error:  # the network's errors and the hub's
        raise EmbedderFailed(
            f"The model {name} can't be downloaded: {error}.", hint="Choose another in the settings of the index."
        ) from error


def _on_disk(name: str, *, download: bool) -> Path | None:
    """A folder of that path, else what the hub's cache holds under that name."""
    folder = path_of(name)
    if any(map(_is_file, (folder / file for file in _DESCRIPTIONS))):
        return folder
    hub, names = _hub(download=download), [name] if "/" in name else [name, f"sentence-transformers/{name}"]
    try:
        cached = [hub.try_to_load_from_cache(each, file) for each in names for file in _DESCRIPTIONS]
    except ValueError:  # no name of the hub's form
        return None
    return next((Path(path).parent for path in cached if isinstance(path, str)), None)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # no path at all: too long, not allowed
        return False


def _hub(*, download: bool) -> Any:
    # Both are read once, when it is imported.
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    if not download:
        os.environ["HF_HUB_OFFLINE"] = "1"
    try:
        # Optional: comes with sentence-transformers.
        import huggingface_hub  # noqa: PLC0415
    except ImportError as error:
        raise _not_installed() from error
    return huggingface_hub


def _not_installed() -> EmbedderFailed:
    return EmbedderFailed(
        "sentence-transformers is not installed.",
        hint='Run `pip install "groundplan[sentence-transformers]"`, or choose a model that ships.',
    )
