"""MiniLM: the embedder that ships, all-MiniLM-L6-v2 on onnxruntime, quick to load and without torch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from rag.embed.contract import Vectors
from rag.embed.naming import cut
from rag.model.errors import EmbedderFailed

DATA = Path(__file__).parent / "data"
SHIPPED = DATA / "minilm-l6-v2.nb8row.onnx"
SHIPPED_SHA256 = "c20e6b361fc0b20eaf594483bc67a681e394785856f2994adbf83154a8a61493"
TOKENIZER = DATA / "tokenizer.json"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
DIMENSIONS = 384
LONGEST = 256  # tokens that the model was made for; the rest of a text is cut off
_CHARACTERS = 20_000  # no text needs more for its first 256 tokens, and the tokenizer reads all it is given
_BATCH = 16  # more at once is no faster, and is all padded to its longest
_THREADS = 2  # more leave too little of a small machine to its user
_Integers = NDArray[np.int64]


class Session(Protocol):
    """What is used of onnxruntime's session. Several threads may run one at once."""

    def run(self, names: Sequence[str], inputs: Mapping[str, _Integers], /) -> list[Vectors]: ...


class Encoding(Protocol):
    @property
    def ids(self) -> list[int]: ...


class Tokenizer(Protocol):
    def encode(self, sequence: str, /) -> Encoding: ...


@dataclass(frozen=True, slots=True)
class _Model:
    session: Session
    tokenizer: Tokenizer


class MiniLM:
    """Loads at first use. More texts than `batch` are sorted by length, so that little is padded.

    `model` is another ONNX file of the same model, such as the int8 one for older runtimes.
    """

    dimensions = DIMENSIONS
    batch = _BATCH

    def __init__(self, model: Path = SHIPPED, *, threads: int = 0) -> None:
        self._file = model
        self._threads = threads or _THREADS
        self._lock = Lock()
        self._loaded: _Model | None = None
        self._fingerprint = _name(SHIPPED_SHA256) if model == SHIPPED else ""

    @property
    def fingerprint(self) -> str:
        with self._lock:
            self._fingerprint = self._fingerprint or _name(_sha256(self._file))
            return self._fingerprint

    def embed(self, texts: Sequence[str]) -> Vectors:
        model = self._model()
        vectors = np.empty((len(texts), DIMENSIONS), np.float32)
        for places, inputs in batches(model.tokenizer, texts):
            try:
                (vectors[places],) = model.session.run(["embedding"], inputs)
            except Exception as error:  # onnxruntime's errors have no ancestor of their own
                raise _unusable(self._file, error) from error
        return vectors

    def embed_query(self, text: str) -> Vectors:
        return self.embed([text])[0]

    def _model(self) -> _Model:
        if self._loaded is None:
            with self._lock:
                self._loaded = self._loaded or _Model(open_session(self._file, self._threads), open_tokenizer())
        return self._loaded


def batches(tokenizer: Tokenizer, texts: Sequence[str]) -> Iterator[tuple[NDArray[np.intp], dict[str, _Integers]]]:
    """The model's inputs, shortest texts first, each with the places that its texts had."""
    token_ids = [tokenizer.encode(cut(text, _CHARACTERS)).ids for text in texts]
    lengths = np.fromiter(map(len, token_ids), np.intp, len(token_ids))
    order = np.argsort(lengths, kind="stable")
    for start in range(0, len(order), _BATCH):
        places = order[start : start + _BATCH]
        ids = np.zeros((len(places), int(lengths[places[-1]])), np.int64)
        mask = np.zeros_like(ids)
        for row, place in enumerate(places):
            ids[row, : lengths[place]] = token_ids[place]
            mask[row, : lengths[place]] = 1
        yield places, {"input_ids": ids, "attention_mask": mask}


def open_session(model: Path | bytes, threads: int = 2) -> Session:
    """Of a file or what one holds. Raises `EmbedderFailed` when it is no model that the installed runtime can run."""
    # Here and not above: a tenth of a second and 40 MB that a server without searches does without.
    import onnxruntime  # noqa: PLC0415 # pyright: ignore[reportMissingTypeStubs]

    runtime = cast("Any", onnxruntime)
    runtime.disable_telemetry_events()
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # the arena keeps the memory of the largest batch for good
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # idle threads leave the processor alone
    options.log_severity_level = 3
    held = model if isinstance(model, bytes) else str(model)
    try:
        return cast("Session", runtime.InferenceSession(held, options, providers=["CPUExecutionProvider"]))
    except Exception as error:  # onnxruntime's errors have no ancestor of their own
        raise _unusable(SHIPPED if isinstance(model, bytes) else model, error) from error


def open_tokenizer() -> Tokenizer:
    """Cuts at `LONGEST` tokens and pads nothing."""
    import tokenizers  # noqa: PLC0415 - heavy: not before the first search

    try:
        opened = cast("Any", tokenizers.Tokenizer.from_file(str(TOKENIZER)))
    except Exception as error:  # tokenizers raises bare exceptions
        raise _unusable(TOKENIZER, error) from error
    opened.enable_truncation(LONGEST)
    opened.no_padding()
    return cast("Tokenizer", opened)


def _sha256(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise _unusable(file, error) from error


def _name(sha256: str) -> str:
    return f"minilm-l6-v2.{sha256[:12]}"


def _unusable(file: Path, error: Exception) -> EmbedderFailed:
    if file in (SHIPPED, TOKENIZER):
        return EmbedderFailed(f"The shipped model can't be loaded: {error}.", hint="Install Groundplan anew.")
    return EmbedderFailed(
        f"{file} can't be loaded as an ONNX file of all-MiniLM-L6-v2: {error}.",
        hint="Correct the path in the embedder setting, or set it to `minilm`.",
    )
