"""Loads: models opened at first use, in threads of their own, so that a slow one keeps no search waiting."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooSlow
from threading import Lock, Thread
from typing import Generic, TypeVar

from rag.model.errors import LibraryError

_AGAIN_SECONDS = 60.0
T = TypeVar("T")


class Loads(Generic[T]):
    """`opened` loads what a setting names, a `noun` such as embedder. Safe to use from several threads."""

    def __init__(self, noun: str, opened: Callable[[str], T]) -> None:
        self._noun, self._opened = noun, opened
        self._lock = Lock()
        self._loads: dict[str, tuple[float, Future[T]]] = {}

    def get(self, setting: str, patience: float | None = None) -> T:
        """Loaded. Raises `LibraryError` when it can't be, or `TimeoutError` after `patience` seconds."""
        try:
            return self._load(setting).result(patience)
        except TooSlow:
            raise TimeoutError(f"The {self._noun} {setting} is still being loaded.") from None

    def _load(self, setting: str) -> Future[T]:
        with self._lock:
            known = self._loads.get(setting)
            if known is None or _is_over(*known):
                known = time.monotonic(), Future[T]()
                self._loads[setting] = known
                name = f"groundplan-{self._noun}"
                Thread(target=self._open, args=(setting, known[1]), name=name, daemon=True).start()
            return known[1]

    def _open(self, setting: str, load: Future[T]) -> None:
        try:
            loaded = self._opened(setting)
        except LibraryError as error:
            load.set_exception(error)
        except Exception as error:  # noqa: BLE001 - whoever waits is told, whatever a model's library raises
            load.set_exception(LibraryError(f"The {self._noun} {setting} can't be loaded: {error}."))
        else:
            load.set_result(loaded)


def _is_over(begun: float, load: Future[T]) -> bool:
    """It failed, and long enough ago to be worth another try."""
    return load.done() and load.exception() is not None and time.monotonic() - begun > _AGAIN_SECONDS
