"""class Office: one home as the doors see it."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from engine.model.account import Account
from engine.model.errors import GroundplanError
from engine.model.principal import Principal
from rag.model.document import KNOWLEDGE_SHELF, Document, Scope
from server.auth.owner_only import key_file
from server.auth.tokens import token_for

if TYPE_CHECKING:
    # For its weight, not for a cycle: see `engine()`.
    from engine.facade import Engine
    from rag.library import Library
    from server.shelves import Shelves

_ACCOUNTS_KEPT_SECONDS = 60.0
_ACCOUNTS_WAIT_SECONDS = 2.0


class Office:
    """Where the home is, the process's environment, the engine and the library, each opened when it is first needed.

    `workspace` is the one meant by calls that name none; empty for the active one.
    """

    def __init__(self, home: Path, environment: Mapping[str, str], workspace: str = "") -> None:
        self.home = home
        self.environment = environment
        self.workspace = workspace
        self._engine: Engine | None = None
        self._opening = threading.Lock()
        self._waking = threading.Lock()
        self._closed = False
        self._accounts: dict[str, tuple[float, tuple[Account, ...]]] = {}
        self._library: Library | None = None
        self._reading = threading.Lock()

    def engine(self) -> Engine:
        """The home's engine; whoever asks first opens it. May be called from any thread."""
        with self._opening:
            if self._engine is None:
                if self._closed:
                    raise GroundplanError("Groundplan is shutting down.", hint="Try again in a moment.")
                # Imported here and nowhere else: the engine brings the database and queue libraries, about a second
                # that the first tools/list must not wait for.
                from engine.facade import Engine  # noqa: PLC0415

                self._engine = Engine.open(self.home, self.environment)
            return self._engine

    async def opened(self) -> Engine:
        """The engine, without holding up other calls while it is being opened."""
        return self._engine or await asyncio.to_thread(self.engine)

    def library(self) -> Library:
        """The home's knowledge index; whoever asks first opens it. May be called from any thread.

        Raises `LibraryError`, and `GroundplanError` for settings that can't be meant.
        """
        with self._reading:
            if self._library is None:
                if self._closed:
                    raise GroundplanError("Groundplan is shutting down.", hint="Try again in a moment.")
                self._library = self._shelves().open()
            return self._library

    def document(self, shelf: str, scope: Scope, path: str) -> Document | None:
        """As the index reads it; a shipped page needs no engine, and not even settings that can be meant.

        Raises as `library` does, and `LibraryError` where a workspace's sources need an engine that can't be opened.
        """
        try:
            library = self.library()
        except GroundplanError:
            if shelf != KNOWLEDGE_SHELF:
                raise
            return self._shelves().page(path)
        return library.document(shelf, scope, path)

    def paths(self, shelf: str, scope: Scope) -> list[str]:
        """The paths under which a shelf's documents can be read."""
        return self._shelves().paths(shelf, scope)

    def _shelves(self) -> Shelves:
        # Imported here and nowhere else: the index brings numpy and, when it is searched, Chroma and a model.
        from server.shelves import Shelves  # noqa: PLC0415

        return Shelves(self.home, self.environment, self.engine)

    def catch_up(self) -> None:
        """Something happened that is worth finding: an index that is in use takes it in, in the background."""
        library = self._library
        if library is not None:
            library.refresh_soon()

    def wake(self) -> None:
        """Open the engine and start its worker, so that a run whose process died goes on. Never raises."""
        with self._waking:
            try:
                self.engine().start_worker()
            except GroundplanError:
                # A home that can't be opened says so to whoever calls a tool next; nobody listens here.
                return

    async def accounts(self, workspace: str) -> tuple[Account, ...]:
        """Who we are at the workspace's providers, remembered for a minute; empty if they don't say soon."""
        at, known = self._accounts.get(workspace, (-_ACCOUNTS_KEPT_SECONDS, ()))
        if time.monotonic() - at < _ACCOUNTS_KEPT_SECONDS:
            return known
        engine = await self.opened()
        try:
            found = await asyncio.wait_for(engine.accounts(workspace), _ACCOUNTS_WAIT_SECONDS)
        except (GroundplanError, TimeoutError):
            return ()
        if found:
            self._accounts[workspace] = (time.monotonic(), found)
        return found

    def person(self, door: str, client: str = "") -> Principal:
        """The operating-system user who runs this process."""
        return Principal(user=_system_user(), door=door, client=client)

    def token_for(self, client: str) -> str:
        """The bearer token of a client of the HTTP door, issued on first use."""
        return token_for(self.home, client)

    def request_state_key(self) -> bytes:
        """Seals what clients carry between a question and its answer; the same for every process of the home."""
        return key_file(self.home / "keys" / "request-state")

    def close(self) -> None:
        with self._reading:
            self._closed = True
            library, self._library = self._library, None
        if library is not None:
            library.close()
        with self._waking, self._opening:
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()


def _system_user() -> str:
    """The account's name by its number: the environment, which anyone may set, is not asked."""
    if os.name == "posix":
        import pwd  # noqa: PLC0415 - not there on Windows

        try:
            return pwd.getpwuid(os.getuid()).pw_name
        except KeyError:
            return f"uid-{os.getuid()}"
    return os.getlogin()
