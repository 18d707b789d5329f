"""What every answer echoes: the workspace, and who we are at its providers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from pydantic import BaseModel, Field, PrivateAttr

from engine.model.account import Account
from engine.model.run import Failure
from server.render.clean import visible


class AccountEcho(BaseModel):
    provider: str
    account: str
    region: str


class Answer(BaseModel):
    """`next` says what may be done now; fields that are None are left out of what is sent."""

    workspace: str = ""
    accounts: list[AccountEcho] = Field(default_factory=list[AccountEcho])
    next: str | None = None


class Link(BaseModel):
    """Something that can be read in full under its address."""

    uri: str
    name: str


class WordedAnswer(Answer):
    """An answer that is better read as words than as JSON; its fields go to programs beside them."""

    _words: str = PrivateAttr(default="")
    _links: tuple[Link, ...] = PrivateAttr(default=())

    @property
    def words(self) -> str:
        return self._words

    @property
    def links(self) -> tuple[Link, ...]:
        return self._links

    def worded(self, words: str, links: Iterable[Link] = ()) -> Self:
        """The same answer, to be read so."""
        self._words, self._links = words, tuple(links)
        return self


class ErrorEcho(BaseModel):
    code: str
    message: str
    hint: str = ""
    address: str = ""


def echo(accounts: Iterable[Account]) -> list[AccountEcho]:
    return [
        AccountEcho(provider=each.provider, account=visible(each.id), region=visible(each.region)) for each in accounts
    ]


def error_echo(failure: Failure | None) -> ErrorEcho | None:
    if failure is None:
        return None
    return ErrorEcho(
        code=failure.code,
        message=visible(failure.message),
        hint=visible(failure.hint),
        address=visible(failure.address),
    )
