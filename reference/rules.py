"""The page on policies/rules.yaml, from the models that read it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.policy.rules.check import Check
from engine.policy.rules.rule import Rule
from reference.page import Page, bullets, joined, words
from reference.settings import settings_table


def rule_pages() -> Iterator[Page]:
    told = words("rules")
    yield Page(
        "rules.md",
        "Rules of a workspace",
        told["short"],
        ("rules", "policies", "rules.yaml", "policy", "deny", "warn"),
        joined(
            told["opens"],
            "## A rule",
            settings_table(Rule),
            "## A check",
            told["check"],
            settings_table(Check),
            "## A pattern",
            told["pattern"],
            "## See also\n\n" + bullets(told["see"]),
        ),
    )
