"""Pages lead where they say, and say what kind of page they are."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.architecture.rooms import ROOT, shown

PAGES = sorted((ROOT / "knowledge").rglob("*.md"))
FRONT_PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md"]
KINDS = {"concept", "guide", "reference", "runbook", "provider", "decision"}
# Links in Markdown and sources of images; code, where brackets mean something else, is taken out before.
_LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")
_CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)
_FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", [*FRONT_PAGES, *PAGES], ids=shown)
def test_every_link_leads_to_a_file_of_the_repository(page: Path) -> None:
    found = [one or other for one, other in _LINK.findall(_CODE.sub("", page.read_text("utf-8")))]
    local = [link.partition("#")[0] for link in found if "://" not in link]
    assert [link for link in local if link and not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", [*FRONT_PAGES, *PAGES], ids=shown)
def test_every_link_into_a_page_leads_to_a_heading(page: Path) -> None:
    found = [one or other for one, other in _LINK.findall(_CODE.sub("", page.read_text("utf-8")))]
    into = [link.partition("#") for link in found if "#" in link and "://" not in link]
    targets = [(page.parent / file if file else page, anchor) for file, _, anchor in into]
    lost = [
        f"{target.name}#{anchor}" for target, anchor in targets if target.exists() and anchor not in _anchors(target)
    ]
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_a_page_says_what_kind_it_is_and_when_it_was_looked_over(page: Path) -> None:
    facts = _front_matter(page)
    assert facts.get("kind") in KINDS
    assert _are_words(facts.get("tags"))
    assert _are_words(facts.get("applies-to"))
    assert isinstance(facts.get("reviewed"), datetime.date)


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        links = (one or other for one, other in _LINK.findall(page.read_text("utf-8")))
        waiting.extend((page.parent / link.partition("#")[0]).resolve() for link in links if "://" not in link)
    assert sorted(shown(page) for page in PAGES if page not in reached) == []


def _anchors(page: Path) -> set[str]:
    """What its headings are called in a link: lower case, without punctuation, with dashes for spaces."""
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", page.read_text("utf-8")), re.MULTILINE)
    words = [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading) for heading in headings]
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in words}


def _front_matter(page: Path) -> dict[str, Any]:
    front = re.match(r"---\n(.*?)\n---\n", page.read_text("utf-8"), re.DOTALL)
    return yaml.safe_load(front[1]) if front else {}


def _are_words(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(word, str) for word in value)
