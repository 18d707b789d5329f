"""Background: refreshes that nobody waits for, one after another, never two at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock, Thread

from rag.index.refresh import Signals
from rag.model.errors import IndexBusy
from rag.model.status import RefreshReport

_FRESH_SECONDS = 3.0
_SHARE = 20  # looking at the sources takes at most about a twentieth of the time
_END_SECONDS = 5.0  # a batch of texts is embedded to its end


class Background:
    """`refresh` is called in a daemon thread while somebody asked for it since it last began."""

    def __init__(self, refresh: Callable[[], RefreshReport], signals: Signals) -> None:
        self._refresh = refresh
        self._signals = signals
        self._lock = Lock()
        self._thread: Thread | None = None
        self._asked = False
        self._next_look = 0.0
        self.trouble = ""

    def look_if_due(self) -> None:
        """Looks again when the last look is some seconds old; the longer a look takes, the rarer it is."""
        if time.monotonic() >= self._next_look:
            self.begin()

    def begin(self) -> None:
        """Never raises; what goes wrong is in `trouble`."""
        with self._lock:
            if self._signals.stop.is_set():
                return
            self._next_look = time.monotonic() + _FRESH_SECONDS
            self._asked = True
            self._signals.again.set()
            if self._thread is None:
                self._thread = Thread(target=self._run, name="groundplan-index", daemon=True)
                self._thread.start()

    def wait_for_look(self, seconds: float) -> None:
        """Until all sources were looked at once in this process, or nobody is about to."""
        if self._thread is not None:
            self._signals.looked.wait(seconds)

    def close(self) -> None:
        self._signals.stop.set()
        thread = self._thread
        if thread is not None:
            thread.join(_END_SECONDS)

    def _run(self) -> None:
        while self._is_asked():
            try:
                self.trouble = self._refresh().trouble
            except IndexBusy:
                # Whoever writes looks at the same sources.
                pass
            except Exception as error:  # noqa: BLE001 - nobody listens here: the status tells it, and searches go on
                self.trouble = str(error) or type(error).__name__
            self._signals.looked.set()
            self._next_look = time.monotonic() + max(_FRESH_SECONDS, _SHARE * self._signals.look_seconds)

    def _is_asked(self) -> bool:
        with self._lock:
            asked, self._asked = self._asked and not self._signals.stop.is_set(), False
            if not asked:
                self._thread = None
            return asked
