"""What can be declared: providers, the types they cover, and the schema of each; and services to look up."""

from __future__ import annotations

import difflib
from typing import Any

from engine.model.errors import NotFound
from engine.model.resource_type import ResourceType
from engine.model.service import CATEGORIES, NOT_DECLARED, Service
from engine.model.unified import UNIFIED
from engine.registry.providers import offers, provider_kind, provider_names
from engine.registry.services import services
from engine.registry.templates import template_summaries


def describe(topic: str) -> dict[str, Any]:
    """Raises `NotFound` with the nearest topics."""
    if not topic:
        return _overview()
    provider, _, type_ = topic.partition(".")
    if provider in provider_names():
        covered = provider_kind(provider).types
        if not type_:
            return _provider(provider)
        if type_ in covered:
            return _type(covered[type_], provider)
        raise NotFound(f"Provider {provider} does not cover {type_[:40]}.", hint=f"It covers: {', '.join(covered)}.")
    if topic in UNIFIED:
        return _type(ResourceType(topic, UNIFIED[topic]), "")
    if topic in services():
        return _service(services()[topic])
    near = difflib.get_close_matches(topic, [*provider_names(), *UNIFIED, *services()], 2)
    hint = f"Did you mean {' or '.join(near)}?" if near else "describe without a topic lists what there is."
    raise NotFound(f"Nothing in the catalogue is called {topic[:60]!r}.", hint=hint)


def _overview() -> dict[str, Any]:
    return {
        "providers": {name: provider_kind(name).summary for name in provider_names()},
        "resource_types": {name: ResourceType(name, model).summary for name, model in UNIFIED.items()},
        "workspace_templates": dict(template_summaries()),
        "services": {"count": len(services()), "categories": list(CATEGORIES), "state": NOT_DECLARED},
    }


def _provider(name: str) -> dict[str, Any]:
    kind = provider_kind(name)
    types = {each.name: {"summary": each.summary, "limits": list(each.limits)} for each in kind.types.values()}
    return {"provider": name, "summary": kind.summary, "resource_types": types}


def _service(service: Service) -> dict[str, Any]:
    needs = service.needs
    return {
        "service": service.name, "category": service.category, "summary": service.summary,
        "purposes": list(service.purposes), "least": str(needs.least), "comfortable": str(needs.comfortable),
        "source": needs.source, "requires": list(service.requires), "suggests": list(service.suggests),
        "ports": list(service.ports), "stateful": service.stateful, "state": NOT_DECLARED,
    }  # fmt: skip


def _type(kind: ResourceType, provider: str) -> dict[str, Any]:
    covering = [name for name, types in offers().items() if kind.name in types]
    return {
        "resource_type": kind.name, "provider": provider, "summary": kind.summary, "stateful": kind.stateful,
        "limits": list(kind.limits), "covered_by": covering, "schema": kind.schema(),
        "immutable": [each.name for each in kind.inputs.values() if each.immutable],
        "computed": {each.name: each.description for each in kind.properties.values() if each.computed},
    }  # fmt: skip
