"""The catalogue of services: what is wrong with a file is told with its place, all at once; describe shows one."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.catalogue import describe
from engine.model.errors import ManifestInvalid, NotFound
from engine.registry.services import load_services

GOOD = """name: NAME
category: databases
summary: "Something that keeps data."
purposes: [data]
needs:
  least: {cpu: 1, memory: 1GiB, disk: 1GiB}
  comfortable: {cpu: 2, memory: 2GiB, disk: 2GiB}
  source: "its own pages"
"""


def refused(folder: Path, **files: str) -> str:
    for name, text in files.items():
        (folder / name).mkdir()
        (folder / name / "service.yaml").write_text(text.replace("NAME", name))
    with pytest.raises(ManifestInvalid) as refusal:
        load_services(folder)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("databases", "database", "one/service.yaml:2:1: category: there is no category 'database'"),
        ("cpu: 2", "cpu: many", "one/service.yaml:7:17: needs.comfortable.cpu"),
        ("memory: 2GiB", "memory: 2 gigabytes", "is not a size"),
        ("cpu: 2", "cpu: 0", "greater than or equal to 1"),
        ("memory: 2GiB", "memory: 512MiB", "comfortable is less than least"),
        ("name: NAME", "name: two", "one/service.yaml:1:1: The service is called two, and its folder one."),
        ("purposes: [data]", "purposes: []", "one/service.yaml:4:1: purposes"),
        ("purposes: [data]", "purposes: [data]\nports: [5432]", "ports.0"),
        ("purposes: [data]", "purposes: [data]\nports: [99999/tcp]", "one/service.yaml:5:1: ports: a port lies between 1 and 65535"),
        ("purposes: [data]", "purposes: [data]\nrequires: [postgress]", "one/service.yaml:5:12: There is no service 'postgress'."),
        ("purposes: [data]", "purposes: [data]\nsuggests: [one]", "one names itself"),
        ("purposes: [data]", "purposes: [data]\nrun: rm", "run: Extra inputs are not permitted"),
        ("purposes: [data]", "purposes: !!python/object:os.system [data]", "one/service.yaml:4"),
        (GOOD, "- one\n", "A service is a mapping"),
        (GOOD, "name: [}", "This is not YAML"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_with_its_place(before: str, after: str, words: str, tmp_path: Path) -> None:
    assert words in refused(tmp_path, one=GOOD.replace(before, after))


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    told = refused(tmp_path, one=GOOD.replace("cpu: 2", "cpu: x"), two=GOOD.replace("databases", "nothing"))
    assert told.startswith("2 problems in the catalogue of services")


def test_a_circle_is_told_with_its_ring(tmp_path: Path) -> None:
    told = refused(
        tmp_path, one=GOOD + "requires: [two]\n", two=GOOD + "requires: [three]\n", three=GOOD + "requires: [one]\n"
    )
    assert " → " in told
    assert "service.yaml:9:1" in told


def test_describe_counts_services_and_shows_one() -> None:
    overview = describe("")["services"]
    assert overview["count"] >= 50
    assert len(overview["categories"]) == 18
    one = describe("postgres")
    assert (one["category"], one["ports"], one["stateful"]) == ("databases", ["5432/tcp"], True)
    assert "can't declare services yet" in one["state"]
    with pytest.raises(NotFound, match="Did you mean postgres"):
        describe("postgrs")
