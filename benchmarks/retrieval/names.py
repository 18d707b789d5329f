"""Names to the letter: servers, addresses, run ids and error codes among hundreds that are alike; is the right
chunk the first?"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.retrieval.systems import ours
from rag.embed.contract import Embedder
from rag.index.shelving import Shelving
from rag.model.document import KNOWLEDGE_SHELF, Document, Scope
from rag.model.options import LibraryOptions
from rag.model.query import Query

_SERVERS = 300
_ASKED = 100  # of each kind
_ROLES = ("web", "db", "cache", "gitea", "queue", "build")
_PLACES = ("fra", "nbg", "hel", "ash")
_CODES = ("QUOTA", "AUTH", "NET", "DISK", "DNS")
_QUESTIONS = {
    "server": ("{}", "what runs on {}?", "is {} healthy", "why did the last change of {} fail"),
    "address": ("{}", "which server has the address {}", "who answers at {}?"),
    "run": ("{}", "what did run {} do", "why did {} fail?"),
    "error": ("{}", "what does {} mean", "how do I mend {}?"),
    "server misspelt": ("{}", "what runs on {}?"),
}


@dataclass(frozen=True, slots=True)
class _Record:
    names: dict[str, str]
    document: Document


class _Records:
    shelf = KNOWLEDGE_SHELF
    scope = Scope.HISTORY

    def __init__(self, chance: random.Random) -> None:
        self.all = list(_records(chance))
        self._by_id = {each.document.id: each.document for each in self.all}

    def marks(self) -> dict[str, str]:
        return dict.fromkeys(self._by_id, "")

    def read(self, document_id: str) -> Document | None:
        return self._by_id.get(document_id)


def top_first(embedder: Embedder) -> dict[str, float]:
    """By kind: how often the first chunk is of the record that the name belongs to."""
    chance = random.Random(4)  # the same records every time
    records = _Records(chance)
    with tempfile.TemporaryDirectory() as folder:
        shelving = Shelving(Path(folder), LibraryOptions(), lambda: [records], lambda: embedder)
        shelving.refresh()
        with shelving.view() as store:
            shares: dict[str, float] = {}
            for kind, forms in _QUESTIONS.items():
                right = 0
                for record in chance.sample(records.all, _ASKED):
                    name = record.names[kind.partition(" ")[0]]
                    asked = chance.choice(forms).format(_misspelt(name, chance) if " " in kind else name)
                    ranked = ours(store, embedder, Query(asked)).ranked
                    right += bool(ranked) and ranked[0].stored.document_id == record.document.id
                shares[kind] = right / _ASKED
        shelving.close()
    return shares


def _records(chance: random.Random) -> Iterator[_Record]:
    for number in range(_SERVERS):
        role, place = chance.choice(_ROLES), chance.choice(_PLACES)
        names = {
            "server": f"{role}-{place}-{number:03}",
            "address": f"10.{chance.randrange(8)}.{number % 250}.{number // 250 + 10}",
            "run": f"run-{chance.randrange(16**10):010x}",
            "error": f"{chance.choice(_CODES)}_{number + 1000}",
        }
        text = (
            f"The server {names['server']} in {place} has the address {names['address']} and serves {role}.\n\n"
            f"Run {names['run']} changed it last: the step failed with {names['error']}, "
            f"after {chance.randrange(2, 90)} seconds, and was tried again {chance.randrange(1, 5)} times."
        )
        document = Document(
            f"records/{number}", _Records.shelf, _Records.scope, f"records/{number}", f"{role} server", text
        )
        yield _Record(names, document)


def _misspelt(name: str, chance: random.Random) -> str:
    """Two letters of the first part change places, or one is left out."""
    at = chance.randrange(len(name.partition("-")[0]) - 1)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :] if chance.random() < 0.5 else name[:at] + name[at + 1 :]
