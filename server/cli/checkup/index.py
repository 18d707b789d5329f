"""The knowledge index: is it there, is it whole, does the model that reads it load."""

from __future__ import annotations

from rag.model.query import Query
from rag.model.status import IndexStatus
from server.cli.checkup.check import Check
from server.office import Office

_REBUILD = "Build it anew: groundplan index rebuild"


def check_index(office: Office) -> Check:
    """A search tells what a status can't: whether the model loads. What can't be read at all raises."""
    library = office.library()
    note = library.search(Query("what can be found here", limit=1, token_budget=200), look=None).note
    status = library.status()
    if status.trouble:
        return Check("index", "fail", status.trouble, _REBUILD)
    if note:
        return Check("index", "warning", note, "It mends itself as texts are read: groundplan index refresh")
    if status.unreadable:
        count = len(status.unreadable)
        text = f"{count} document{'' if count == 1 else 's'} could not be read"
        return Check("index", "warning", text, "See which and why: groundplan index status")
    return Check("index", "ok", _held(status))


def _held(status: IndexStatus) -> str:
    documents = sum(each.documents for each in status.shelves)
    return f"{documents} documents, read with {status.embedder or 'their words alone'}"
