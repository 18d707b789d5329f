"""TokenVectors: what the shipped model makes of each word, before it averages them into one vector a text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.embed.contract import Vectors
from rag.embed.minilm import SHIPPED, batches, open_session, open_tokenizer

_TOKENS = "/Mul_output_0"  # last hidden state times mask, by the name that models/make_minilm.py exports it under
_GRAPH, _OUTPUT, _NAME = b"\x3a", b"\x62", b"\x0a"  # ModelProto.graph, GraphProto.output, ValueInfoProto.name
_LEAST = 1e-6


class TokenVectors:
    """A session of its own beside the embedder's, about 40 MB. Raises `EmbedderFailed` where it can't be loaded."""

    def __init__(self, *, threads: int = 2) -> None:
        self._session = open_session(_with_tokens(SHIPPED.read_bytes()), threads)
        self._tokenizer = open_tokenizer()

    def of(self, texts: Sequence[str]) -> list[Vectors]:
        """Of each text, a unit vector a token: shape `(tokens, 384)`, without the two that frame every text."""
        found: list[Vectors] = [np.empty((0, 0), np.float32)] * len(texts)
        for places, inputs in batches(self._tokenizer, texts):
            (rows,) = self._session.run([_TOKENS], inputs)
            lengths = inputs["attention_mask"].sum(axis=1)
            for place, row, length in zip(places.tolist(), rows, lengths.tolist(), strict=True):
                vectors = row[1 : length - 1]
                found[place] = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), _LEAST)
        return found


def _with_tokens(model: bytes) -> bytes:
    """The same model with one more output: a protobuf message goes on where it was appended to."""
    name = _TOKENS.encode()
    output = _NAME + bytes([len(name)]) + name
    graph = _OUTPUT + bytes([len(output)]) + output
    return model + _GRAPH + bytes([len(graph)]) + graph
