"""A page for each code of an error: what it means, its messages, what is tried again, the next move."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from functools import cache
from typing import Any

from engine.model.errors import GroundplanError, ProviderError
from reference.page import ROOT, Page, bullets, code, joined, lowered, sentence, table, words
from reference.source import Message, messages, trees

_MOST_MESSAGES = 80


def error_pages() -> Iterator[Page]:
    yield _overview()
    for name in error_codes():
        yield _page(name)


@cache
def error_classes() -> tuple[type[GroundplanError], ...]:
    """Every class of the tree, in every room, a parent before its children."""
    known: set[str] = set()
    more = {"GroundplanError"}
    while more - known:
        known |= more
        more = {name for name, bases, _ in _class_statements() if known & set(bases)}
    for name, _, module in _class_statements():
        if name in known:
            importlib.import_module(module)
    return tuple(_descendants(GroundplanError))


@cache
def error_codes() -> tuple[str, ...]:
    """Those of the classes, and those that stand for no class: a bug has one too."""
    return tuple(sorted({each.code for each in error_classes()} | set(words("errors")["without_class"])))


def error_link(name: str, up: str) -> str:
    """A link to the page of a code; `up` leads to `knowledge/reference/`."""
    if name not in error_codes():
        raise ValueError(f"no error has the code {name}")
    return f"[{code(name)}]({up}errors/{_slug(name)}.md): {words('errors')[name]['short']}"


def _overview() -> Page:
    rows = [
        (
            f"[{code(name)}](errors/{_slug(name)}.md)",
            words("errors")[name]["short"],
            _retried(name),
            _runbook(name, "../"),
        )
        for name in error_codes()
    ]
    return Page(
        "errors.md",
        "Errors",
        "Every error code: what it means, whether it is tried again, and the runbook for it.",
        ("errors", "codes", "troubleshooting", "failure"),
        joined(words("errors")["overview"], table(("Code", "Means", "Tried again by itself", "Runbook"), rows)),
    )


def _page(name: str) -> Page:
    told, classes = words("errors")[name], [each for each in error_classes() if each.code == name]
    said = list(messages({each.__name__ for each in classes} | set(told.get("places", ()))))
    return Page(
        f"errors/{_slug(name)}.md",
        f"Error {name}: {lowered(told['short'])}",
        told["short"],
        ("error", name, *told.get("tags", ())),
        joined(
            told["opens"],
            "## When it is raised\n\n" + bullets(told["when"]),
            f"## Is it tried again?\n\n{sentence(told.get('again') or _retried(name))}",
            "## What to do\n\n" + _next(name, classes, told),
            _messages(said),
            "## How it is told\n\n" + _channels(name, told),
            _facts(classes),
        ),
    )


def _next(name: str, classes: list[type[GroundplanError]], told: dict[str, Any]) -> str:
    own = [f"The error itself says: “{each.next_step}”" for each in classes if each.next_step]
    return joined(bullets([*own, *told["do"]]), f"Runbook: {_runbook(name, '../../')}.")


def _runbook(name: str, up: str) -> str:
    told = words("errors")[name]
    links = [f"[{each.replace('-', ' ')}]({up}runbooks/{each}.md)" for each in told.get("runbooks", ())]
    return ", ".join(links) or f"none: {told['no_runbook']}"


def _retried(name: str) -> str:
    classes = [each for each in error_classes() if each.code == name]
    safe = any(issubclass(each, ProviderError) and each.retry_is_safe for each in classes)
    return "yes, in a run" if safe else "no"


def _messages(said: list[Message]) -> str:
    if not said:
        return ""
    rows = [(each.text, each.hint) for each in said[:_MOST_MESSAGES]]
    return joined(
        "## What it says",
        "The messages in the code, with `…` where a name or value stands:",
        table(("Message", "Hint"), rows),
        f"And {len(said) - _MOST_MESSAGES} more." if len(said) > _MOST_MESSAGES else "",
    )


def _channels(name: str, told: dict[str, Any]) -> str:
    if "told" in told:
        return bullets(told["told"])
    exit_code = "3" if name == "consent_unavailable" else "1"
    return (
        f"At the command line on standard error, with [exit code {exit_code}](../exit-codes.md); to an assistant as "
        f"the tool's error text; in a run or plan that failed as `error` with the code `{name}`."
    )


def _facts(classes: list[type[GroundplanError]]) -> str:
    if not classes:
        return ""
    rows = [
        (
            code(each.__name__),
            code(f"{each.__module__.replace('.', '/')}.py"),
            code(each.__bases__[0].__name__),
            _first(each),
        )
        for each in classes
    ]
    return "## In the code\n\n" + table(("Class", "File", "Is a", "Says of itself"), rows)


def _first(kind: type[GroundplanError]) -> str:
    return (inspect.cleandoc(kind.__doc__).split("\n")[0]) if "__doc__" in vars(kind) and kind.__doc__ else ""


def _slug(name: str) -> str:
    return name.replace("_", "-")


@cache
def _class_statements() -> tuple[tuple[str, tuple[str, ...], str], ...]:
    return tuple(
        (node.name, tuple(ast.unparse(base).rpartition(".")[2] for base in node.bases), _module(path))
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    )


def _module(path: Any) -> str:
    return path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")


def _descendants(kind: type[GroundplanError]) -> Iterator[type[GroundplanError]]:
    yield kind
    for each in kind.__subclasses__():
        if not each.__module__.startswith("tests"):
            yield from _descendants(each)
