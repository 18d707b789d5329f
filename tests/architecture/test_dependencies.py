"""What is declared is what is imported: nothing unused in, nothing borrowed from another package's needs."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.architecture.rooms import EVERYTHING, ROOMS, ROOT, imported_names, python_files, tree

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
# Parts that come with a declared package, in its version, as packages of their own.
_SHIPPED_WITH = {"mcp-types": "mcp", "pydantic-core": "pydantic"}


def test_every_declared_dependency_is_imported_somewhere() -> None:
    assert sorted(_declared() - _imported()) == []


def test_every_import_is_declared() -> None:
    assert sorted(_imported() - _declared() - _optional()) == []


def test_every_import_of_a_test_is_declared_for_development() -> None:
    development = {_name(each) for each in PROJECT["optional-dependencies"]["dev"]}
    assert sorted(_imported("tests", "benchmarks", "demo", "reference") - _declared() - development) == []


def test_the_locks_pin_every_package_with_hashes() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text("utf-8").replace("\\\n", " ")
        loose = [
            line
            for line in text.splitlines()
            if line and not line.lstrip().startswith("#") and "--hash=sha256:" not in line
        ]
        assert loose == []
        assert _declared() <= {_name(line) for line in text.splitlines() if "==" in line}


def _declared() -> set[str]:
    return {_name(each) for each in PROJECT["dependencies"]}


def _optional() -> set[str]:
    """What an extra brings that people may want, so not what development needs."""
    extras = PROJECT["optional-dependencies"].items()
    return {_name(each) for extra, wanted in extras if extra != "dev" for each in wanted}


def _imported(*folders: str) -> set[str]:
    """The packages that the files of some folders import; of the rooms, when none is named."""
    tops = {
        name.partition(".")[0] for path in python_files(*(folders or ROOMS)) for name, _ in imported_names(tree(path))
    }
    outside = tops - sys.stdlib_module_names - set(EVERYTHING)
    owners = packages_distributions()
    found = {_name(owner) for top in outside for owner in owners.get(top, [top])[:1]}
    return {_SHIPPED_WITH.get(name, name) for name in found}


def _name(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=!;~]", requirement.strip(), maxsplit=1)[0]).lower()
