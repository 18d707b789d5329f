"""Document: one text that can be found, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Scope(StrEnum):
    """Where a document lives. Each scope has its own freshness rule and its own trust."""

    KNOWLEDGE = "knowledge"  # the pages that ship with Groundplan
    FILES = "files"  # the user's own files in a workspace
    HISTORY = "history"  # what the engine tells of a workspace: runs, failures, changes


class Trust(StrEnum):
    """Who wrote the words. No tier's words are instructions; the tier is shown so that a reader can weigh them."""

    SHIPPED = "shipped"
    WORKSPACE = "workspace"
    OBSERVED = "observed"


class Format(StrEnum):
    MARKDOWN = "markdown"
    RST = "rst"
    TEXT = "text"
    YAML = "yaml"
    TOML = "toml"
    JSON = "json"
    NICKEL = "nickel"


TRUST = {Scope.KNOWLEDGE: Trust.SHIPPED, Scope.FILES: Trust.WORKSPACE, Scope.HISTORY: Trust.OBSERVED}
KNOWLEDGE_SHELF = ""


@dataclass(frozen=True, slots=True)
class Document:
    """`shelf` is "" for the shipped pages, else the uid of the one workspace that may see it.

    `id` is unique and stable within shelf and scope (a path, `runs/<id>`); `kind` is a page's front-matter kind
    (concept, guide, reference, runbook, provider, decision), `file`, or what the history tells of (run, plan, resource,
    audit, drift).
    Lines of passages are counted in `text`, from 1, plus `line_offset` (front matter that was cut off above it); they
    are those of `whole`, which is what its address gives, or of `text` where nothing was cut off.
    """

    id: str
    shelf: str
    scope: Scope
    uri: str
    title: str
    text: str
    kind: str = "file"
    format: Format = Format.MARKDOWN
    tags: tuple[str, ...] = ()
    updated_at: datetime | None = None
    line_offset: int = 0
    whole: str = ""
