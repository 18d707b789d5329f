"""The rules of a workspace: `policies/rules.yaml`, read whole or refused with everything that is wrong with it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.model.errors import Problem
from engine.model.resource import Place
from engine.model.resource_type import ResourceType
from engine.notation.document import Flaw
from engine.notation.problems import Problems
from engine.notation.reader import read_document
from engine.notation.text_file import Unfit, read_text_file
from engine.policy.rules.known import check_names
from engine.policy.rules.reader import read_rules
from engine.policy.rules.rule import Rule

FILE = "policies/rules.yaml"
MOST_BYTES = 256 << 10
_OTHER_ENDINGS = (".yml", ".toml", ".json")
_SHAPE = Flaw("A rule file is a mapping with the key rules.", "Write rules: and below it a list of rules.", 1, 1)
Types = Mapping[str, Mapping[str, ResourceType]]


@dataclass(frozen=True, slots=True)
class PlacedRule:
    rule: Rule
    place: Place


@dataclass(frozen=True, slots=True)
class RuleSet:
    """`digest` stands for the file's text; empty where there is none."""

    rules: tuple[PlacedRule, ...] = ()
    digest: str = ""


def load_rules(folder: Path, types: Types) -> RuleSet:
    """`types` is what each provider covers. Raises `ManifestInvalid` with every problem; no file means no rules."""
    text = _text(folder)
    if text is None:
        return RuleSet()
    problems = Problems()
    document = read_document(FILE, text, problems, _SHAPE)
    rules = read_rules(document, problems) if document else ()
    if document:
        check_names(document, types, problems)
    problems.raise_any(FILE)
    placed = tuple(
        PlacedRule(rule, document.place(("rules", number)) if document else Place())
        for number, rule in enumerate(rules)
        if rule is not None
    )
    return RuleSet(placed, _digest(text))


def rules_digest(folder: Path) -> str:
    """What `load_rules` would give as digest. Raises `ManifestInvalid` where the file can't be read."""
    text = _text(folder)
    return "" if text is None else _digest(text)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _text(folder: Path) -> str | None:
    problems = Problems()
    text = None
    path = folder / FILE
    try:
        if path.is_symlink() or path.exists():
            text = read_text_file(path, folder.resolve(), MOST_BYTES)
    except OSError as failure:
        problems.add(Problem(f"It can't be read: {failure.strerror}.", "Mend its rights or take it away.", FILE))
    except Unfit as refusal:
        problems.add(Problem(str(refusal), refusal.hint, FILE))
    # Rules that are written down and silently not read would be worse than none.
    for ending in _OTHER_ENDINGS:
        if path.with_suffix(ending).exists():
            problems.add(Problem("It is not read.", f"Move its rules into {FILE}.", f"policies/rules{ending}"))
    problems.raise_any(FILE)
    return text
