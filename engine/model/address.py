"""Address: the stable identity of a resource, `type.name`, with `[0]` or `["a"]` where it is one of several."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.model.errors import Invalid

TYPE = re.compile(r"[a-z][a-z0-9_]{0,30}")
NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_ADDRESS = re.compile(
    rf"(?P<type>{TYPE.pattern})\.(?P<name>{NAME.pattern})"
    rf'(?:\[(?:(?P<index>0|[1-9][0-9]{{0,5}})|"(?P<key>{KEY.pattern})")\])?'
)


@dataclass(frozen=True, slots=True)
class Address:
    """One resource (with key) or one declaration that stands for several (without)."""

    type: str
    name: str
    key: int | str | None = None

    def __str__(self) -> str:
        if self.key is None:
            return f"{self.type}.{self.name}"
        return (
            f"{self.type}.{self.name}[{self.key}]"
            if isinstance(self.key, int)
            else f'{self.type}.{self.name}["{self.key}"]'
        )

    @property
    def declaration(self) -> Address:
        """The address without its key."""
        return Address(self.type, self.name)

    @property
    def slug(self) -> str:
        """A name that clouds accept: `web`, `web-0`, `web-a`."""
        return self.name if self.key is None else f"{self.name}-{self.key}"


def parse_address(text: str) -> Address:
    """Read `server.web`, `server.web[0]` or `server.web["a"]`.

    Raises `Invalid` for anything else.
    """
    found = _ADDRESS.fullmatch(text)
    if not found:
        raise Invalid(
            f"{text[:80]!r} is not an address.",
            hint='An address is type.name, type.name[0] or type.name["key"], such as server.web[0].',
        )
    index, key = found["index"], found["key"]
    return Address(found["type"], found["name"], int(index) if index is not None else key)
