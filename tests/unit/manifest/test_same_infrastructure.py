"""One infrastructure in four notations is one and the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.model.resource import Declaration, Place
from engine.registry.providers import offers
from tests.unit.manifest.workspaces import declared

FOLDER = Path(__file__).parents[2] / "infrastructures"


@pytest.mark.parametrize("notation", ["toml", "json", "ncl"])
@pytest.mark.parametrize("name", ["shop", "mail"])
def test_the_declarations_are_the_same_in_the_same_order(name: str, notation: str, tmp_path: Path) -> None:
    assert _placeless(_read(name, notation, tmp_path / "other")) == _placeless(_read(name, "yaml", tmp_path / "yaml"))


@pytest.mark.parametrize("notation", ["yaml", "toml", "json", "ncl"])
@pytest.mark.parametrize("name", ["shop", "mail"])
def test_every_declaration_has_the_line_of_its_key(name: str, notation: str, tmp_path: Path) -> None:
    lines = (FOLDER / f"{name}.{notation}").read_text("utf-8").splitlines()
    for each in _read(name, notation, tmp_path):
        assert each.place.file == f"infra/main.{notation}"
        assert each.address.name in lines[each.place.line - 1]


def _read(name: str, notation: str, folder: Path) -> tuple[Declaration, ...]:
    text = (FOLDER / f"{name}.{notation}").read_bytes()
    return declared(folder, {f"infra/main.{notation}": text}, offers())


def _placeless(declarations: tuple[Declaration, ...]) -> list[Declaration]:
    return [replace(each, place=Place()) for each in declarations]
