"""Network ranges, checked and in canonical form."""

from __future__ import annotations

import ipaddress
from typing import Annotated

from pydantic import AfterValidator


def _canonical(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text))
    except ValueError as wrong:
        raise ValueError(f"{text[:60]!r} is not a network range such as 10.20.0.0/16 ({wrong})") from None


Cidr = Annotated[str, AfterValidator(_canonical)]
