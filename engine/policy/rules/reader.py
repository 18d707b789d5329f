"""From a document to rules: every mistake in words, with its place and a remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from engine.notation.document import Document
from engine.notation.nodes import Path
from engine.notation.problems import Problems, nearest, quoted
from engine.policy.rules.check import Check
from engine.policy.rules.rule import MOST_RULES, MonthlyCost, Related, Require, Rule, RuleFile, When
from engine.policy.rules.unsound import Unsound

_MODELS: dict[str, type[BaseModel]] = {
    "when": When, "require": Require, "related": Related, "monthly_cost": MonthlyCost,
}  # fmt: skip
_MAPS = ("properties", "labels")
_EXPECTED = re.compile(r"'([^']*)'")
_KINDS = {
    "bool_type": "true or false", "int_type": "a number", "float_type": "a number", "string_type": "text",
    "tuple_type": "a list", "list_type": "a list", "dict_type": "a mapping", "model_type": "a mapping",
}  # fmt: skip


def read_rules(document: Document, problems: Problems) -> tuple[Rule | None, ...]:
    """The rules by their number; None stands for one that is reported."""
    known = RuleFile.model_fields
    for key in document.data.keys() - known.keys():
        problems.add(document.problem((key,), f"{quoted(key)} is no key of a rule file.", nearest(key, known)))
    listed = document.data.get("rules")
    if listed is None:
        return ()
    if not isinstance(listed, list):
        problems.add(document.problem(("rules",), "rules takes a list.", "Such as - name: no-public-ssh."))
        return ()
    written = cast("list[Any]", listed)
    if len(written) > MOST_RULES:
        message = f"There are {len(written)} rules; {MOST_RULES} are the limit."
        problems.add(document.problem(("rules",), message, "Merge some, or take some out."))
        return ()
    rules = tuple(_rule(document, number, each, problems) for number, each in enumerate(written))
    _report_twins(rules, document, problems)
    return rules


def _report_twins(rules: tuple[Rule | None, ...], document: Document, problems: Problems) -> None:
    first: dict[str, int] = {}
    for number, rule in enumerate(rules):
        if rule is not None and first.setdefault(rule.name, number) != number:
            line, _ = document.locate(("rules", first[rule.name]))
            message = f"There is a rule {quoted(rule.name)} in line {line} already."
            problems.add(document.problem(("rules", number, "name"), message, "Rename one of them."))


def _rule(document: Document, number: int, written: Any, problems: Problems) -> Rule | None:
    try:
        return Rule.model_validate(written)
    except ValidationError as wrong:
        for path, errors in _by_place(wrong, written):
            name = cast("dict[str, Any]", written).get("name") if isinstance(written, dict) else None
            message, hint = _words(errors, path, problems)
            lead = f"rule {quoted(name)}: " if isinstance(name, str) else ""
            problems.add(document.problem(("rules", number, *path), f"{lead}{message}", hint))
        return None


def _by_place(wrong: ValidationError, written: Any) -> Iterator[tuple[Path, list[ErrorDetails]]]:
    """Where a value may be of several kinds, pydantic tells what each of them misses: that is one mistake."""
    places: dict[tuple[Path, str], list[ErrorDetails]] = {}
    for error in wrong.errors(include_url=False):
        path = _path(written, error["loc"])
        apart = str(error["loc"][-1]) if error["type"] == "missing" else ""
        places.setdefault((path, apart), []).append(error)
    for (path, _), errors in places.items():
        yield path, errors


def _path(written: Any, loc: tuple[int | str, ...]) -> Path:
    """Of pydantic's location the steps that the document has; it names kinds of values and keys beside them."""
    path: Path = ()
    for step in loc:
        if isinstance(written, dict) and step in written:
            written = cast("dict[Any, Any]", written)[step]
        elif isinstance(written, list) and isinstance(step, int) and step < len(cast("list[Any]", written)):
            written = cast("list[Any]", written)[step]
        else:
            continue
        path = (*path, step)
    return path


def _words(errors: list[ErrorDetails], path: Path, problems: Problems) -> tuple[str, str]:
    # What says more than that the kind is wrong says it better.
    error = next((each for each in errors if each["type"] not in _KINDS), errors[0])
    kind, label = error["type"], _label(path)
    if kind == "missing":
        field = str(error["loc"][-1])
        return f"{_of(label)}{field} is missing.", f"{field}: {_model(path).model_fields[field].description}"
    if kind == "extra_forbidden":
        known = _keys(_model(path[:-1]))
        hint = problems.nearest(str(error["loc"][-1]), known) or f"There are: {', '.join(known)}."
        return f"{quoted(error['loc'][-1])} is no key of {_label(path[:-1]) or 'a rule'}.", hint
    if kind in _KINDS:
        kinds = dict.fromkeys(_KINDS[each["type"]] for each in errors)
        return f"{label or 'a rule'} takes {' or '.join(kinds)}, not {quoted(error['input'])}.", ""
    return _about_value(error, label, problems)


def _about_value(error: ErrorDetails, label: str, problems: Problems) -> tuple[str, str]:
    kind, given, context = error["type"], error["input"], error.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, Unsound):
        shown = f" can't be {quoted(given)}" if not isinstance(given, dict | list | BaseModel) else ""
        return f"{label or 'the rule'}{shown}: {cause}.", cause.hint
    if kind == "literal_error":
        choices = _EXPECTED.findall(str(context.get("expected", "")))
        return f"{label} can't be {quoted(given)}.", problems.nearest(str(given)[:60], choices, "It takes")
    if kind == "too_short":
        return f"{label} is empty.", "Write at least one, or leave it out."
    if kind == "too_long":
        return f"{label} holds more than {context.get('max_length')}.", "Take some out."
    said = error["msg"].removeprefix("Input ").removeprefix("Value ").rstrip(".")
    return f"{label} can't be {quoted(given)}: it {_lower(said)}.", ""


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _label(path: Path) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def _of(label: str) -> str:
    return f"{label}." if label else ""


def _model(path: Path) -> type[BaseModel]:
    """The model that stands at a place."""
    if not path:
        return Rule
    *_, parent, last = ("", *path)
    if parent in _MAPS:
        return Check
    return _MODELS.get(str(last), Check)


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]
