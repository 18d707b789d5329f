"""All settings on one page, and a page for each table of settings files, from the models that read them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from engine.registry.providers import provider_kind, provider_names
from engine.settings.home import HomeSettings
from engine.settings.schema import SettingKind, kinds
from engine.settings.variables import variable_of
from reference.page import Page, bullets, code, fenced, joined, sentence, table, words
from reference.shape import default_of, rows
from server.tools.schema import lean_input

HEAD = ("Setting", "Type", "Default", "Rules", "Meaning")
EVERY_HEAD = ("Setting", "It takes", "Default", "Who may say it", "Variable", "Since")
_HOME, _ALL = "the home", "the home and the workspace"


def settings_pages() -> Iterator[Page]:
    yield _overview()
    yield _page("config", "config.toml: the home's own settings", HomeSettings, _plain(HomeSettings))
    for name, model in tables():
        yield _page(name, f"[{name}] in config.toml", model, None)
    for name in provider_names():
        yield _page(f"providers-{name}", f"[providers.{name}] in config.toml", provider_kind(name).settings, None)
    yield _workspace()


def tables() -> list[tuple[str, type[BaseModel]]]:
    """The tables of `config.toml` that have a model of their own."""
    found = [(name, _model(field.annotation)) for name, field in HomeSettings.model_fields.items()]
    return [(name, model) for name, model in found if model is not None]


def settings_table(model: type[BaseModel], only: list[str] | None = None, *, defaults: bool = True) -> str:
    schema = lean_input(model.model_json_schema())
    lines = [
        (
            code(row.name),
            row.type,
            ("required" if row.required else row.default or "none") if defaults else "",
            row.rules,
            sentence(row.meaning),
        )
        for row in rows(schema)
        if only is None or row.name in only
    ]
    return table(HEAD, lines)


def _overview() -> Page:
    told = words("settings")
    pages = [
        ("config", HomeSettings),
        *tables(),
        *((f"providers-{name}", provider_kind(name).settings) for name in provider_names()),
    ]
    lines = [
        (f"[{_shown(name)}](settings/{name}.md)", "the home's `config.toml`", _settings(name, model))
        for name, model in pages
    ]
    lines.append(("[workspace.toml](settings/workspace.md)", "the workspace's folder", "`name`, `[consent]`"))
    return Page(
        "settings.md",
        "Settings",
        "Every setting of config.toml and workspace.toml, with type and default.",
        ("settings", "configuration", "config.toml", "workspace.toml"),
        joined(
            told["overview"],
            table(("Table", "Stands in", "Settings"), lines),
            told["every"],
            table(EVERY_HEAD, [_line(kind) for kind in kinds().values()]),
            told["mistakes"],
        ),
    )


def _line(kind: SettingKind) -> tuple[str, ...]:
    takes = ", ".join(filter(None, (kind.type, kind.rules, kind.unit)))
    default = default_of({"default": to_jsonable_python(kind.default)}) or "none"
    who = _ALL if kind.by_workspace else _HOME
    if kind.path == ("environment",):
        who = "the home and `workspace.toml`"
    elif kind.path[0] == "consent":
        who = "the home; `workspace.toml` to tighten it"
    return code(kind.key), takes, default, who, code(variable_of(kind.path)), kind.since


def _settings(name: str, model: type[BaseModel]) -> str:
    return ", ".join(map(code, _plain(model) if name == "config" else model.model_fields))


def _shown(name: str) -> str:
    return "config.toml, top level" if name == "config" else f"`[{name.replace('providers-', 'providers.')}]`"


def _page(name: str, title: str, model: type[BaseModel], only: list[str] | None) -> Page:
    told = words("settings").get(name, {})
    return Page(
        f"settings/{name}.md",
        title,
        told.get("short") or (model.__doc__ or title).strip().split("\n")[0],
        ("settings", "config.toml", *name.split("-")),
        joined(
            told.get("opens", ""),
            settings_table(model, only),
            fenced(told["example"], "toml") if "example" in told else "",
            told.get("notes", ""),
            "## See also\n\n" + bullets([*told.get("see", ()), "[All settings](../settings.md)"]),
        ),
        (name.removeprefix("providers-"),) if name.startswith("providers-") else ("all",),
    )


def _workspace() -> Page:
    told = words("settings")["workspace"]
    consent = next(model for name, model in tables() if name == "consent")
    return Page(
        "settings/workspace.md",
        "workspace.toml",
        told["short"],
        ("settings", "workspace.toml", "workspace", "consent"),
        joined(
            told["opens"],
            table(HEAD, [tuple(each) for each in told["rows"]]),
            told["consent"],
            settings_table(consent, defaults=False),
            fenced(told["example"], "toml"),
            "## See also\n\n" + bullets(told["see"]),
        ),
    )


def _plain(model: type[BaseModel]) -> list[str]:
    return [
        name for name, field in model.model_fields.items() if _model(field.annotation) is None and name != "providers"
    ]


def _model(annotation: Any) -> type[BaseModel] | None:
    found = [
        each for each in (annotation, *get_args(annotation)) if isinstance(each, type) and issubclass(each, BaseModel)
    ]
    return found[0] if found else None
