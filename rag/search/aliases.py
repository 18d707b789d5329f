"""Aliases: names that operators use for the same thing, where a question says one and a page may say the other.

A project and the fork that took its place share their commands and their words, so that a page of either answers.
What merely resembles one another (Docker and Podman, a server and a host) is left to the meaning of the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_SAME = (
    "terraform opentofu tofu",
    "vault openbao bao",
    "redis valkey",
    "elasticsearch opensearch",
    "kubernetes k8s",
    "postgresql postgres pgsql",
)
_WORD = re.compile(r"\w+")
_NAMES: Mapping[str, tuple[str, ...]] = {name: tuple(line.split()) for line in _SAME for name in line.split()}


def names_of(word: str) -> tuple[str, ...]:
    """The word itself, as it was written, and after it what else it is called."""
    return (word, *(name for name in _NAMES.get(word.lower(), ()) if name != word.lower()))


def with_aliases(text: str) -> str:
    """The text with what the things in it are also called, for a model that knows one of the names at most."""
    others = dict.fromkeys(name for word in _WORD.findall(text) for name in names_of(word)[1:])
    return f"{text} ({' '.join(others)})" if others else text


def one_name(word: str) -> str:
    """The same for every alias of a thing; `word` is in lower case."""
    return _NAMES.get(word, (word,))[0]
