"""What people and assistants read, held to what the code says."""

from __future__ import annotations

import ast
import re
import subprocess

import pytest
import yaml

from tests.architecture.rooms import ROOT, python_files, shown, tree

KNOWLEDGE = ROOT / "knowledge"
PAGES = sorted(KNOWLEDGE.rglob("*.md"))
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
