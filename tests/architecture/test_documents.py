"""What people and assistants read, held to what the code says."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from reference.errors import error_codes
from tests.architecture.rooms import ROOT, python_files, shown, tree

KNOWLEDGE = ROOT / "knowledge"
PAGES = sorted(KNOWLEDGE.rglob("*.md"))
RUNBOOKS = sorted((KNOWLEDGE / "runbooks").glob("*.md"))
FEWEST_PAGES = 120
# What a runbook has, in this order: whoever is woken at night finds each part where it always is.
SECTIONS = ["Symptoms", "How to tell", "Likely causes", "Fix", "Make sure", "Prevent"]
# Spelled apart, so that this file does not name what it forbids.
REGISTRY_HOSTS = ("pypi" + ".org", "files.python" + "hosted.org", "registry.npm" + "js.org", "hub.docker" + ".com")
# A model file's docstring defines its nouns: `Noun: what it means; Other: what that means.`
_DEFINED = re.compile(r"(?:^|; )([A-Z]\w+):")


def test_every_noun_of_the_model_stands_in_the_glossary() -> None:
    glossary = (KNOWLEDGE / "glossary.md").read_text("utf-8").casefold()
    nouns = {
        noun for path in python_files("engine/model") for noun in _DEFINED.findall(ast.get_docstring(tree(path)) or "")
    }
    assert sorted(noun for noun in nouns if not _stands_in(noun, glossary)) == []


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_a_page_says_what_it_is_about(page: object) -> None:
    text = (ROOT / str(page)).read_text("utf-8")
    front = re.match(r"---\n(.*?)\n---\n", text, re.DOTALL)
    assert front, "the page has no front matter"
    facts = yaml.safe_load(front[1])
    assert isinstance(facts.get("title"), str)
    assert isinstance(facts.get("summary"), str)


def test_the_knowledge_is_large_enough_to_be_of_use() -> None:
    assert len(PAGES) >= FEWEST_PAGES


@pytest.mark.parametrize("page", RUNBOOKS, ids=shown)
def test_a_runbook_has_its_sections_in_order(page: Path) -> None:
    text = page.read_text("utf-8")
    assert [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")] == SECTIONS
    assert all(part.strip() for part in re.split(r"^## .*$", text, flags=re.MULTILINE)[1:])


def test_every_error_code_has_a_page() -> None:
    pages = {path.stem for path in (KNOWLEDGE / "reference" / "errors").glob("*.md")}
    assert pages == {code.replace("_", "-") for code in error_codes()}


def test_changes_are_written_down() -> None:
    assert (ROOT / "CHANGELOG.md").read_text("utf-8").startswith("# ")


def test_no_file_names_a_package_registry() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    files = [path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file()]
    naming = [shown(path) for path in files if any(host.encode() in path.read_bytes() for host in REGISTRY_HOSTS)]
    assert naming == []


def _stands_in(noun: str, glossary: str) -> bool:
    """As one word or as its parts: `PlanRecord`, `plan record`."""
    parts = re.sub(r"(?<=[a-z])(?=[A-Z])", " ?", noun).casefold()
    return re.search(rf"\b{parts}\b", glossary) is not None
