"""Chroma: vectors by key in named collections, in a folder of ours or on a server. It holds no text and no metadata."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from threading import Thread
from typing import Any, cast
from urllib.parse import urlsplit

from rag.embed.contract import Vectors
from rag.model.errors import LibraryError

# Cosine, not the preset square of the distance; 200 to look at finds 99.7 of the nearest 100, the preset 99.3.
_CONFIGURATION = {"hnsw": {"space": "cosine", "ef_search": 200}}
AT_ONCE = 5_000  # a batch of more than 5,461 is refused


class ChromaFailed(LibraryError):
    """Chroma is damaged, of another version, or does not answer; `is_wrong` when it answers and lacks vectors."""

    def __init__(self, message: str, *, is_wrong: bool = False) -> None:
        super().__init__(message)
        self.is_wrong = is_wrong


class Chroma:
    """Every call raises `ChromaFailed` after `seconds`, or at once when Chroma fails. Safe to share by threads."""

    def __init__(self, client: Callable[[], Any], where: str, seconds: float) -> None:
        self._where = where
        self._seconds = seconds
        self._client: Any = self._call(client, _close)
        self._collections: dict[str, Any] = {}

    def make(self, name: str) -> None:
        """Be there, empty if it was not. Nothing else makes a collection: a search of one that is lost must fail."""
        self._collections[name] = self._call(
            lambda: self._client.get_or_create_collection(name, embedding_function=None, configuration=_CONFIGURATION)
        )

    def put(self, name: str, keys: Sequence[int], vectors: Vectors) -> None:
        """At most `AT_ONCE`; a key that is there already gets this vector."""
        collection = self._collection(name)
        self._call(lambda: collection.upsert(ids=[str(key) for key in keys], embeddings=vectors))

    def remove(self, name: str, keys: Sequence[int]) -> None:
        collection = self._collection(name)
        self._call(lambda: collection.delete(ids=[str(key) for key in keys]))

    def nearest(self, name: str, vector: Vectors, count: int) -> list[tuple[int, float]]:
        """Keys and cosines, best first."""
        collection = self._collection(name)
        found = self._call(lambda: collection.query(query_embeddings=[vector], n_results=count, include=["distances"]))
        keys, distances = found["ids"][0], found["distances"][0]
        return [(int(key), 1.0 - distance) for key, distance in zip(keys, distances, strict=True)]

    def keys(self, name: str) -> set[int]:
        return {int(key) for key in self._call(lambda: self._collection(name).get(include=[]))["ids"]}

    def count(self, name: str) -> int:
        return self._call(self._collection(name).count)

    def names(self) -> set[str]:
        return {each.name for each in self._call(lambda: self._client.list_collections(limit=100_000))}

    def drop(self, name: str) -> None:
        self._collections.pop(name, None)
        self._call(lambda: self._client.delete_collection(name))

    def close(self) -> None:
        self._collections.clear()
        self._call(lambda: _close(self._client))

    def _collection(self, name: str) -> Any:
        if name not in self._collections:
            self._collections[name] = self._call(lambda: self._client.get_collection(name, embedding_function=None))
        return self._collections[name]

    def _call(self, action: Callable[[], Any], undo: Callable[[Any], None] | None = None) -> Any:
        """In a thread that may be left behind, since Chroma's client waits for a silent server for ever.

        `undo` gets what comes of it too late.
        """
        done: Future[Any] = Future()

        def act() -> None:
            try:
                done.set_result(action())
            except BaseException as error:  # noqa: BLE001 - a panic in its native code is no Exception
                done.set_exception(_failed(self._where, error))

        Thread(target=act, name="groundplan-chroma", daemon=True).start()
        try:
            return done.result(self._seconds)
        except TimeoutError as error:
            if undo is not None:
                done.add_done_callback(lambda late: None if late.exception() else undo(late.result()))
            raise _failed(self._where, error) from None


def in_folder(folder: Path) -> Chroma:
    chromadb, settings = _library()

    def client() -> Any:
        folder.mkdir(exist_ok=True, mode=0o700)
        return chromadb.PersistentClient(path=str(folder), settings=settings)

    return Chroma(client, str(folder), seconds=120.0)


def on_server(address: str) -> Chroma:
    parts = urlsplit(address)
    secure = parts.scheme == "https"
    chromadb, settings = _library()

    def client() -> Any:
        return chromadb.HttpClient(
            host=parts.hostname or "localhost", port=parts.port or (443 if secure else 8000), ssl=secure,
            settings=settings,
        )  # fmt: skip

    return Chroma(client, address, seconds=10.0)


def _library() -> tuple[Any, Any]:
    # Here and not above: a second and 90 MB that an index of a few thousand passages does without.
    import chromadb  # noqa: PLC0415
    from chromadb.config import Settings  # noqa: PLC0415

    # Without _env_file=None it takes settings, and names of modules to import, from a .env in the working folder.
    return cast("Any", chromadb), cast("Any", Settings)(_env_file=None, anonymized_telemetry=False)


def _close(client: Any) -> None:
    client.close()
    # That leaves the connections to a server open: its own, and those of the client it keeps to ask for its tenant.
    for each in (client, getattr(client, "_admin_client", None)):
        session = getattr(getattr(each, "_server", None), "_session", None)
        if session is not None:
            session.close()


def _failed(where: str, error: BaseException) -> ChromaFailed:
    return ChromaFailed(f"Chroma at {where} failed: {type(error).__name__}: {error}".rstrip(": ") + ".")
