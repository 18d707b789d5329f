"""The contracts of manifests and settings as a Nickel file, which a workspace imports as `groundplan.ncl`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.registry.providers import provider_names
from reference.defaults_schema import defaults_fields
from reference.manifest_types import FACTS, ManifestType, Schema, types_of, types_of_all

_HEAD = """\
# What Groundplan's manifests and settings may say, as Nickel contracts. Generated from the models; don't edit it.
#
#   let G = import "groundplan.ncl" in
#   {
#     provider = "demo",
#     resources.server.web | G.Server = { image = "debian-12", size = "small", count = 2 },
#   }
#
# G.Server takes what any provider takes, G.demo.Server what that one does; G.Manifest checks a whole file. Every
# value may be a reference instead, such as "${network.private.id}". G.Settings checks an environment's defaults, where
# every value may hold a template, such as "{{ settings.values.domain }}".

let is_open = fun value => value == null || (std.is_string value && std.string.contains "${" value) in
let check = fun holds words =>
  std.contract.custom
    (fun _label value => if is_open value || holds value then 'Ok value else 'Error { message = words })
in
let within = fun least most number => number >= least && number <= most in
let text = fun least most pattern words =>
  check
    (fun value =>
      std.is_string value
      && within least most (std.string.length value)
      && (pattern == "" || std.string.is_match pattern value)
    )
    words
in
let Text = check std.is_string "it takes text" in
let whole = fun least most words =>
  check (fun value => std.is_number value && std.number.is_integer value && within least most value) words
in
let one_of = fun choices words => check (fun value => std.array.elem value choices) words in
let Flag = check std.is_bool "it takes true or false" in
let list_of = fun least Item =>
  std.contract.custom
    (fun label value =>
      if is_open value then
        'Ok value
      else if !(std.is_array value) then
        'Error { message = "it takes a list" }
      else if std.array.length value < least then
        'Error { message = "it takes a list of at least %{std.to_string least}" }
      else
        std.contract.check (Array Item) label value
    )
in
let record = fun Fields =>
  std.contract.custom
    (fun label value =>
      if is_open value then
        'Ok value
      else if !(std.is_record value) then
        'Error { message = "it takes a record" }
      else
        std.contract.check Fields label value
    )
in
let setting = fun Contract =>
  std.contract.custom
    (fun label value =>
      if std.is_string value && std.string.contains "{{" value then
        'Ok value
      else
        std.contract.check Contract label value
    )
in
"""
_MOST = 1_000_000_000


def nickel_text() -> str:
    lines = [_HEAD + "let Facts = {", *_fields(FACTS, (), 1), "}", "in", "{"]
    for provider in provider_names():
        lines += [f"  {provider} = {{", *_types(types_of(provider), 2), "  },", ""]
    return "\n".join([*lines, *_types(types_of_all(), 1), "", *_settings(), "}", ""])


def _settings() -> Iterator[str]:
    """What an environment's defaults may say."""
    yield "  Settings"
    yield '    | doc "The defaults of an environment: settings/ENVIRONMENT-defaults.ncl."'
    yield "    = {"
    for name, field in defaults_fields().items():
        inner = "\n".join(_fields(field.get("properties", {}), (), 4, "setting"))
        fields = f"\n{inner}\n      " if inner else " _ | Dyn "
        yield f"      {name} | record {{{fields}}} | doc {_quoted(field['description'])} | optional,"
    yield "    },"


def _types(types: Sequence[ManifestType], depth: int) -> Iterator[str]:
    indent = "  " * depth
    for each in types:
        yield f"{indent}{each.class_name}"
        yield f"{indent}  | doc {_quoted(each.summary)}"
        yield f"{indent}  = Facts & {{"
        yield from _fields(each.properties, each.required, depth + 2)
        yield f"{indent}  }},"
        yield ""
    yield f"{indent}Manifest"
    yield f'{indent}  | doc "A whole file: the provider, and resources by type and name."'
    yield f"{indent}  = {{"
    yield f"{indent}    provider | {_contract(FACTS['provider'], depth)} | optional,"
    yield f"{indent}    resources"
    yield f"{indent}      | record {{"
    for each in types:
        yield f"{indent}        {each.name} | record {{ _ | {each.class_name} }} | optional,"
    yield f"{indent}      }}"
    yield f"{indent}      | optional,"
    yield f"{indent}  }},"


def _fields(fields: Mapping[str, Schema], required: Sequence[str], depth: int, around: str = "") -> Iterator[str]:
    for name, field in fields.items():
        told = f" | doc {_quoted(field['description'])}" if field.get("description") else ""
        need = "" if name in required else " | optional"
        contract = _contract(field, depth)
        yield f"{'  ' * depth}{name} | {f'{around} ({contract})' if around else contract}{told}{need},"


def _contract(field: Schema, depth: int) -> str:
    kind = field.get("type")
    if "enum" in field or "const" in field:
        choices = field.get("enum") or [field["const"]]
        told = f"one_of {json.dumps(choices)} {_quoted('it takes ' + _joined(choices))}"
    elif kind == "string":
        least, most, pattern = field.get("minLength", 0), field.get("maxLength", _MOST), field.get("pattern", "")
        rules = f"text {least} {most} {_quoted(pattern)} {_quoted(_text_words(least, most, pattern))}"
        told = rules if least or pattern or most < _MOST else "Text"
    elif kind == "integer":
        least, most = field.get("minimum", -_MOST), field.get("maximum", _MOST)
        bounds = f" from {least:,} to {most:,}" if "minimum" in field and "maximum" in field else ""
        told = f"whole {_number(least)} {most} {_quoted(f'it takes a whole number{bounds}')}"
    elif kind == "boolean":
        told = "Flag"
    elif kind == "array":
        told = f"list_of {field.get('minItems', 0)} ({_contract(field['items'], depth)})"
    elif kind == "object" and "properties" in field:
        inner = "\n".join(_fields(field["properties"], field.get("required", ()), depth + 1))
        told = f"record {{\n{inner}\n{'  ' * depth}}}"
    elif kind == "object" and isinstance(field.get("additionalProperties"), dict):
        told = f"record {{ _ | {_contract(field['additionalProperties'], depth)} }}"
    else:
        raise ValueError(f"no contract for {field}; say here what to make of it")
    return told


def _text_words(least: int, most: int, pattern: str) -> str:
    told = "it takes text"
    if most < _MOST:
        told += f" of {f'{least} to ' if least else 'up to '}{most:,} characters"
    return f"{told} that matches {pattern}" if pattern else told


def _joined(choices: Sequence[Any]) -> str:
    texts = [str(each) for each in choices]
    return " or ".join([", ".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else texts[0]


def _number(value: int) -> str:
    return f"({value})" if value < 0 else str(value)


def _quoted(text: str) -> str:
    """As a Nickel string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("%{", "\\%{").replace("\n", "\\n") + '"'
