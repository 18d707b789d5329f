"""Which embedder a setting names."""

from __future__ import annotations

from rag.embed.contract import Embedder
from rag.embed.minilm import MiniLM
from rag.embed.naming import path_of
from rag.embed.sentence import SentenceModel
from rag.model.errors import LibraryError

_CHOICES = (
    "It is `minilm` (the default), `minilm:FILE.onnx`, `sentence-transformers:NAME_OR_FOLDER`, "
    "or `openai:MODEL` with the endpoint's URL."
)


def open_embedder(setting: str, *, url: str = "", key: str = "", download: bool = False, threads: int = 0) -> Embedder:
    """Nothing is loaded or asked before first use. `key` is the secret's value; `download` lets a hub be asked;
    `threads` are MiniLM's, 0 for its own choice.

    Raises `LibraryError` when the setting names no embedder.
    """
    kind, _, name = (part.strip() for part in setting.partition(":"))
    match kind:
        case "minilm":
            return MiniLM(path_of(name), threads=threads) if name else MiniLM(threads=threads)
        case "sentence-transformers" if name:
            return SentenceModel(name, download=download)
        case "openai" if name and url:
            # Brings an HTTP client that no other embedder needs.
            from rag.embed.endpoint import Endpoint  # noqa: PLC0415
            from rag.embed.exchange import Exchange  # noqa: PLC0415

            return Endpoint(name, Exchange(url, key))
        case "openai" if name:
            raise LibraryError(
                f"The embedder {setting} needs the URL of its endpoint.", hint="Set it, such as https://host/v1."
            )
        case _:
            raise LibraryError(f"{setting!r} names no embedder.", hint=_CHOICES)
