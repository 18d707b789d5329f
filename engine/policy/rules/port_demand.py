"""The demand that no firewall opens some ports to the whole internet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import Any

from engine.model.unknown import is_list, is_mapping, unknowns
from engine.policy.rules.fault import Fault, Open
from engine.policy.rules.rule import Require
from engine.policy.rules.subject import Subject

# A range wider than these is the internet, in one piece or cut up; what is private is not.
_WIDEST = {4: 8, 6: 16}
_PRIVATE = {4: ip_network("10.0.0.0/8"), 6: ip_network("fc00::/7")}
Span = tuple[int, int]
Network = IPv4Network | IPv6Network


def port_findings(need: Require, subject: Subject) -> Iterator[Fault | Open]:
    if not need.closed_ports or subject.address.type != "firewall":
        return
    closed: list[Any] = list(need.closed_ports)
    rules = subject.value("rules")
    if any(True for _ in unknowns(rules)):
        yield Open("its rules are not known yet")
        rules = [each for each in (rules if is_list(rules) else []) if not any(True for _ in unknowns(each))]
    listed = [each for each in (rules if is_list(rules) else []) if is_mapping(each)]
    world = _world(source for rule in listed if _opened(rule, closed) for source in rule.get("sources", ()))
    broken = [rule for rule in listed if _opened(rule, closed) and _public(rule, world)]
    if not broken:
        return
    ports = ", ".join(dict.fromkeys(_text(span) for rule in broken for span in _opened(rule, closed)))
    sources = ", ".join(dict.fromkeys(source for rule in broken for source in _public(rule, world)))
    mended = [_brief(part) for rule in listed for part in (_mended(rule, closed, world) if rule in broken else [rule])]
    complete = not any(True for _ in unknowns(subject.resource.properties.get("rules")))
    yield Fault(
        "closed_ports", f"port {ports} is open to {sources}", f"Take {sources} out of the sources for port {ports}.",
        subject.edit(rules=mended) if complete else None,
    )  # fmt: skip


def _opened(rule: dict[str, Any], closed: Iterable[Span]) -> list[Span]:
    """The closed ports that the rule lets in, over TCP or UDP."""
    if rule.get("protocol") == "icmp":
        return []
    low, high = _span(rule)
    return [(max(low, first), min(high, last)) for first, last in closed if first <= high and low <= last]


def _world(sources: Iterable[str]) -> list[Network]:
    """The parts of the internet that are too wide, after neighbours were joined."""
    networks = [ip_network(source, strict=False) for source in sources]
    outside = [each for each in networks if not _is_private(each)]
    four = collapse_addresses(each for each in outside if isinstance(each, IPv4Network))
    six = collapse_addresses(each for each in outside if isinstance(each, IPv6Network))
    return [each for each in (*four, *six) if each.prefixlen < _WIDEST[each.version]]


def _is_private(network: Network) -> bool:
    return _inside(network, _PRIVATE[network.version])


def _inside(network: Network, whole: Network) -> bool:
    if isinstance(network, IPv4Network):
        return isinstance(whole, IPv4Network) and network.subnet_of(whole)
    return isinstance(whole, IPv6Network) and network.subnet_of(whole)


def _public(rule: dict[str, Any], world: Iterable[Network]) -> list[str]:
    wide = list(world)
    return [
        source
        for source in rule.get("sources", ())
        if any(_inside(ip_network(source, strict=False), each) for each in wide)
        and not _is_private(ip_network(source, strict=False))
    ]


def _mended(rule: dict[str, Any], closed: list[Span], world: list[Network]) -> Iterator[dict[str, Any]]:
    """The rule without the open ports: what is not public stays as it is, other public ports stay open."""
    public = _public(rule, world)
    rest = [source for source in rule["sources"] if source not in public]
    if rest:
        yield {**rule, "sources": rest}
    for span in _without(_span(rule), closed):
        yield {**rule, "ports": _text(span), "sources": public}


def _brief(rule: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in rule.items() if value not in ("", None)}


def _without(span: Span, closed: Iterable[Span]) -> Iterator[Span]:
    low, high = span
    for first, last in sorted(closed):
        if last < low or first > high:
            continue
        if first > low:
            yield low, first - 1
        low = last + 1
    if low <= high:
        yield low, high


def _span(rule: dict[str, Any]) -> Span:
    low, _, high = str(rule.get("ports") or "1-65535").partition("-")
    return int(low), int(high or low)


def _text(span: Span) -> str:
    return str(span[0]) if span[0] == span[1] else f"{span[0]}-{span[1]}"
