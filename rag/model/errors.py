"""What goes wrong in the index, told as a fact and a next move."""

from __future__ import annotations


class LibraryError(Exception):
    """`message` is the fact, `hint` the next move; both are shown to people and hold no secret and no stack trace."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(f"{message} {hint}".rstrip())
        self.message = message
        self.hint = hint


class EmbedderFailed(LibraryError):
    """The model can't be loaded, or the endpoint does not answer."""


class RerankerFailed(LibraryError):
    """The second look at what was found gave nothing."""


class DocumentUnreadable(LibraryError):
    """A file can't be read as what its name says it is."""


class IndexBusy(LibraryError):
    """Another process writes the index now."""
