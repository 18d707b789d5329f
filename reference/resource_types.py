"""A page for each resource type, and one for each provider: what can be declared, and what a change of it does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from engine.model.resource_type import ResourceType
from engine.model.unified import UNIFIED
from engine.providers.contract import ProviderKind
from engine.registry.providers import provider_kind, provider_names
from reference.page import Page, bullets, code, example, fenced, joined, lowered, sentence, table, words
from reference.properties import computed_table, differing_table, in_place, input_table, replacing
from reference.settings import settings_table


def resource_pages() -> Iterator[Page]:
    yield _overview()
    for name in UNIFIED:
        yield _page(ResourceType(name, UNIFIED[name]))


def provider_pages() -> Iterator[Page]:
    yield _providers()
    for name in provider_names():
        yield _provider(provider_kind(name))


def slug(name: str) -> str:
    return name.replace("_", "-")


def _covering(name: str) -> list[ProviderKind]:
    return [kind for each in provider_names() if name in (kind := provider_kind(each)).types]


def _overview() -> Page:
    rows = [
        (
            f"[{code(name)}](resources/{slug(name)}.md)",
            ResourceType(name, model).summary,
            ", ".join(f"[{each.name}](providers/{each.name}.md)" for each in _covering(name)),
            "yes" if model.stateful else "no",
            model.loses,
        )
        for name, model in UNIFIED.items()
    ]
    return Page(
        "resources.md",
        "Resource types",
        "Everything that a manifest can declare, and which provider covers it.",
        ("resources", "types", "manifest", "schema"),
        joined(
            words("types")["overview"],
            table(("Type", "What it is", "Providers", "Holds data", "What goes with it"), rows),
            words("types")["beside"],
        ),
    )


def _page(kind: ResourceType) -> Page:
    told, covering = words("types")[kind.name], _covering(kind.name)
    text = example(kind.name)
    return Page(
        f"resources/{slug(kind.name)}.md",
        f"Resource type {kind.name}: {lowered(kind.summary)}",
        kind.summary,
        ("resource", kind.name, *told.get("tags", ())),
        joined(
            told["opens"],
            _addressed(kind.name, covering),
            "## Example\n\nA complete manifest, `infra/main.yaml`, that plans as it stands:\n\n" + fenced(text, "yaml"),
            _priced(kind.name, text, covering),
            "## Properties\n\n" + input_table(kind),
            "Beside them every resource takes `provider`, `count`, `names`, `depends_on`, `labels` and `lifecycle`: "
            "[manifest](../../concepts/manifest.md).",
            "## Set by the provider\n\nNobody writes these; others read them as "
            f"`${{{kind.name}.NAME.PROPERTY}}`.\n\n" + computed_table(kind),
            "## What a change does\n\n" + _changing(kind, told),
            joined("## Provider by provider", *(_support(each, kind) for each in covering)),
            f"Not covered by {', '.join(code(name) for name in _missing(kind.name))}." if _missing(kind.name) else "",
            joined("## Mistakes and what they say", bullets(told["mistakes"])) if "mistakes" in told else "",
            "## See also\n\n" + bullets(told["see"]),
        ),
        tuple(each.name for each in covering),
    )


def _addressed(name: str, covering: list[ProviderKind]) -> str:
    providers = ", ".join(f"[{each.name}](../providers/{each.name}.md)" for each in covering)
    several = f"with `count` there are `{name}.NAME[0]`, …, with `names` there are " + f'`{name}.NAME["a"]`, …'
    return f"Its address is `{name}.NAME`; {several} Covered by {providers}."


def _missing(name: str) -> list[str]:
    return [each for each in provider_names() if name not in provider_kind(each).types]


def _changing(kind: ResourceType, told: dict[str, Any]) -> str:
    loses = kind.model.loses
    gone = (
        f"{loses[0].upper()}{loses[1:]} is lost then, and the plan says so."
        if loses
        else "Nothing else is lost with it."
    )
    return bullets(
        [
            f"Changed in place: {', '.join(map(code, [*in_place(kind), 'labels']))}.",
            f"Replaced by a new object: {', '.join(map(code, replacing(kind))) or 'nothing'}. {gone}",
            *(
                ["It holds data of its users (stateful): deleting or replacing it is always high risk."]
                if kind.stateful
                else []
            ),
            *told.get("changes", ()),
        ]
    )


def _priced(name: str, text: str, covering: list[ProviderKind]) -> str:
    bodies = yaml.safe_load(text)["resources"][name].values()
    properties: dict[str, Any] = next(iter(bodies)) or {}
    costs = [(each.name, price.monthly, price.currency) for each in covering if (price := each.price(name, properties))]
    told = [
        f"{money:.2f} {currency} a month on {provider}" if money else f"nothing on {provider}"
        for provider, money, currency in costs
    ]
    return f"One such {name} costs {', '.join(told)}." if told else ""


def _support(provider: ProviderKind, unified: ResourceType) -> str:
    kind = provider.types[unified.name]
    told = differing_table(kind, unified)
    return joined(
        f"### {provider.name}",
        sentence(kind.summary),
        bullets(kind.limits),
        f"Own properties, or other than above:\n\n{told}" if told else "No properties of its own.",
    )


def _providers() -> Page:
    rows = [
        (f"[{name}](providers/{name}.md)", provider_kind(name).summary, ", ".join(map(code, provider_kind(name).types)))
        for name in provider_names()
    ]
    return Page(
        "providers.md",
        "Providers and what they cover",
        "Which provider covers which resource type.",
        ("providers", "types"),
        joined(words("types")["providers"], table(("Provider", "What it is", "Types"), rows)),
    )


def _provider(kind: ProviderKind) -> Page:
    told = words("types")["provider"].get(kind.name, {})
    rows = [
        (
            f"[{code(each.name)}](../resources/{slug(each.name)}.md)",
            each.summary,
            " ".join(map(sentence, each.limits)),
            ", ".join(map(code, replacing(each))),
        )
        for each in kind.types.values()
    ]
    return Page(
        f"providers/{kind.name}.md",
        f"Provider {kind.name}: types and settings",
        kind.summary,
        ("provider", kind.name),
        joined(
            told.get("opens", kind.summary),
            "## Types\n\n" + table(("Type", "What it is here", "Limits", "A change replaces it"), rows),
            "## Settings",
            f"In the table `[providers.{kind.name}]` of the home's `config.toml`; a workspace can't set them.",
            settings_table(kind.settings),
            "## Example\n\n" + fenced(example(f"provider-{kind.name}"), "yaml"),
            bullets(told.get("see", ())) and "## See also\n\n" + bullets(told.get("see", ())),
        ),
        (kind.name,),
    )
