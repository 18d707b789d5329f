"""The home's `[index]` table: which model reads the knowledge, and where that is done.

The home alone states it: a workspace, which may be a cloned repository, can't choose where its text is sent.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from engine.settings.secret_setting import SecretSetting

_ADDRESS = r"^$|^https?://\S{1,400}$"


class IndexSettings(BaseModel):
    """How the knowledge index reads and where it keeps its vectors."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    embedder: str = Field(
        default="minilm",
        min_length=1,
        max_length=400,
        description="The model that turns text into vectors: minilm, which ships; minilm:FILE.onnx; "
        "sentence-transformers:NAME_OR_FOLDER; or openai:MODEL at embedder_url.",
        json_schema_extra={"x-since": "0.1.0"},
    )
    embedder_url: str = Field(
        default="",
        pattern=_ADDRESS,
        description="Address of an OpenAI-compatible endpoint; all indexed text goes there.",
        json_schema_extra={"x-form": "an address that begins with http:// or https://", "x-since": "0.1.0"},
    )
    embedder_key: SecretSetting = Field(
        default="",
        description="Where the endpoint's key is, env:NAME or secret://NAME; never the key.",
        json_schema_extra={"x-since": "0.1.0"},
    )
    download: bool = Field(
        default=False,
        description="Whether a model that is not here may be fetched from its hub.",
        json_schema_extra={"x-since": "0.1.0"},
    )
    chroma: str = Field(
        default="",
        pattern=_ADDRESS,
        description="Address of a Chroma server; empty for the one that is built in.",
        json_schema_extra={"x-form": "an address that begins with http:// or https://", "x-since": "0.1.0"},
    )
    rerank: str = Field(
        default="none",
        pattern=r"^(none|late|cross-encoder:.{1,400})$",
        description="A second, slower look at the best pages: late compares them word by word with the shipped model; "
        "cross-encoder:NAME_OR_FOLDER is a model of sentence-transformers.",
        json_schema_extra={"x-form": "none, late or cross-encoder:NAME_OR_FOLDER", "x-since": "0.1.0"},
    )
    threads: int = Field(
        default=0,
        ge=0,
        le=64,
        description="How many threads the model may use; 0 lets it choose.",
        json_schema_extra={"x-since": "0.1.0"},
    )
