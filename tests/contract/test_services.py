"""What a service of the catalogue owes, tried on every folder under `engine/services` without being told of them."""

from __future__ import annotations

import pytest

from engine.advice.purpose import recommend
from engine.advice.sizing import fits_of, groups_of, size_servers
from engine.model.service import CATEGORIES
from engine.registry.services import SERVICES, services

FOLDERS = sorted(path.name for path in SERVICES.iterdir() if path.is_dir())


def test_there_are_at_least_fifty_in_eighteen_categories_and_none_is_empty() -> None:
    assert len(FOLDERS) >= 50
    assert len(CATEGORIES) == 18
    assert {each.category for each in services().values()} == CATEGORIES.keys()


@pytest.mark.parametrize("name", FOLDERS)
def test_its_folder_holds_a_service_of_that_name(name: str) -> None:
    assert services()[name].name == name


@pytest.mark.parametrize("name", FOLDERS)
def test_what_it_requires_comes_before_it(name: str) -> None:
    order = list(services())
    assert all(order.index(needed) < order.index(name) for needed in services()[name].requires)


@pytest.mark.parametrize("name", FOLDERS)
def test_it_is_found_by_its_name_and_by_its_first_purpose(name: str) -> None:
    service = services()[name]
    assert name in [each.service.name for each in recommend(name, services()).services]
    advice = recommend(service.purposes[0], services())
    told = " ".join(each.service.name + each.reason for each in advice.services)
    assert name in told


@pytest.mark.parametrize("name", FOLDERS)
def test_it_suggests_nothing_that_it_requires(name: str) -> None:
    service = services()[name]
    assert set(service.suggests) & set(service.requires) == set()


@pytest.mark.parametrize("name", FOLDERS)
def test_some_size_of_a_provider_holds_the_least_of_it(name: str) -> None:
    (server,) = size_servers(groups_of([name])).servers
    assert server.least is not None
    assert fits_of(server.least)


@pytest.mark.parametrize("name", FOLDERS)
def test_its_summary_is_one_sentence(name: str) -> None:
    summary = services()[name].summary
    assert summary.endswith(".")
    assert summary[0].isupper()
    assert summary.isprintable()
