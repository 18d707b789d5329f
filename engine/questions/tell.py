"""How answers are worded and cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.model.finding import Finding
from engine.model.unknown import is_list, is_mapping
from engine.questions.register import REFERS, Register, Thing

ROWS = 50
_NAMES = 10
_LONGEST_FIELD = 200
_SHOWN = {
    "server": ("size", "image", "region", "address", "public_address", "status"),
    "network": ("cidr", "region", "gateway"),
    "subnet": ("network", "cidr", "region"),
    "firewall": ("rules",),
    "ssh_key": ("fingerprint",),
    "volume": ("size", "server", "mount", "region", "status"),
    "floating_ip": ("address", "server", "region"),
    "load_balancer": ("address", "listeners", "servers", "region"),
}

_TOLD = {field for fields in _SHOWN.values() for field in fields}


def listed(names: Iterable[str], most: int = _NAMES) -> str:
    """`a, b and 3 more`."""
    given = list(names)
    if len(given) > most:
        return f"{', '.join(given[:most])} and {len(given) - most:,} more"
    return ", ".join(given[:-1]) + f" and {given[-1]}" if len(given) > 1 else "".join(given)


def cut(text: str, most: int = _LONGEST_FIELD) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def clock(at: datetime | None, now: datetime) -> str:
    """In the asker's time zone, to the second."""
    return at.astimezone(now.tzinfo).strftime("%Y-%m-%d %H:%M:%S %Z").strip() if at else ""


def seconds(value: float) -> datetime:
    return datetime.fromtimestamp(value, UTC)


def lasted(span: timedelta) -> str:
    """`3.2 s`, `4 min 10 s`, `2 h 5 min`."""
    total = span.total_seconds()
    if total < 60:
        return f"{total:.1f} s"
    if total < 3600:
        return f"{int(total // 60)} min {int(total % 60)} s"
    return f"{int(total // 3600)} h {int(total % 3600 // 60)} min"


def field_text(register: Register, thing: Thing, field: str) -> str:
    """A field of a resource in words; what names other objects becomes their addresses."""
    match field:
        case "id" | "type" | "provider" | "lineage":
            return str(getattr(thing, field))
        case "labels":
            return cut(", ".join(f"{key}={value}" for key, value in sorted(thing.labels.items())))
        case "address":
            return thing.text("address") or thing.text("public_address")
        case "size" if thing.type == "server":
            return thing.text("size") or thing.text("size_name")
        case _:
            return cut(_value_text(register, thing, field))


def fields_of(register: Register, thing: Thing, fields: Sequence[str] = ()) -> dict[str, str]:
    """These fields, or what says most about its type; empty ones are left out unless they were asked for."""
    wanted = fields or (*_SHOWN.get(thing.type, ()), "labels")
    found = {field: field_text(register, thing, field) for field in wanted}
    return found if fields else {field: text for field, text in found.items() if text}


def difference(finding: Finding) -> str:
    """`size small → large`; a script or a key that differs is named and not shown."""
    if not finding.diff:
        return finding.text
    told = [each for each in finding.diff if each.path in _TOLD or each.path.startswith("labels.")]
    shown = [f"{each.path} {_side(each.before)} → {_side(each.after)}" for each in told]
    return listed([*shown, *(f"{each.path} differs" for each in finding.diff if each not in told)], 5)


def _side(value: Any) -> str:
    return "not set" if value in (None, "", [], {}) else cut(_entry(value), 60)


def _value_text(register: Register, thing: Thing, field: str) -> str:
    value: Any = thing.properties.get(field)
    if value is None:
        return ""
    if any(field == name for name, _ in REFERS.get(thing.type, ())):
        ids = value if is_list(value) else [value]
        return ", ".join(_named(register, str(each)) for each in ids)
    if is_list(value):
        return "; ".join(_entry(each) for each in value)
    return _entry(value)


def _named(register: Register, id_: str) -> str:
    known = register.by_id.get(id_.lower())
    return known.address if known else id_


def _entry(value: Any) -> str:
    if is_mapping(value):
        return " ".join(f"{key} {_entry(item)}" for key, item in value.items() if item not in (None, ""))
    if is_list(value):
        return " ".join(_entry(item) for item in value)
    return str(value)
