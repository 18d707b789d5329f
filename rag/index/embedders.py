"""Embedders: opened at first use, in a thread of their own, so that a slow one keeps no search waiting."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooSlow
from threading import Lock, Thread

from rag.embed.contract import Embedder
from rag.model.errors import LibraryError

_AGAIN_SECONDS = 60.0


class Embedders:
    """`opened` gives the embedder that a setting names. Safe to use from several threads."""

    def __init__(self, opened: Callable[[str], Embedder]) -> None:
        self._opened = opened
        self._lock = Lock()
        self._loads: dict[str, tuple[float, Future[Embedder]]] = {}

    def get(self, setting: str, patience: float | None = None) -> Embedder:
        """Loaded and tried once. Raises `LibraryError` when it can't be, or `TimeoutError` after `patience` seconds."""
        try:
            return self._load(setting).result(patience)
        except TooSlow:
            raise TimeoutError(f"The embedder {setting} is still being loaded.") from None

    def _load(self, setting: str) -> Future[Embedder]:
        with self._lock:
            known = self._loads.get(setting)
            if known is None or _is_over(*known):
                known = time.monotonic(), Future[Embedder]()
                self._loads[setting] = known
                Thread(target=self._open, args=(setting, known[1]), name="groundplan-embedder", daemon=True).start()
            return known[1]

    def _open(self, setting: str, load: Future[Embedder]) -> None:
        try:
            embedder = self._opened(setting)
            embedder.embed_query("warm")
        except LibraryError as error:
            load.set_exception(error)
        except Exception as error:  # noqa: BLE001 - whoever waits is told, whatever a model's library raises
            load.set_exception(LibraryError(f"The embedder {setting} can't be loaded: {error}."))
        else:
            load.set_result(embedder)


def _is_over(begun: float, load: Future[Embedder]) -> bool:
    """It failed, and long enough ago to be worth another try."""
    return load.done() and load.exception() is not None and time.monotonic() - begun > _AGAIN_SECONDS
