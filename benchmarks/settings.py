"""Settings: a workspace with 500 values in five layers, loaded, loaded again, and after a file moved; and explained."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.row import Row
from engine.manifest import parse, read_files
from engine.registry.providers import offers
from engine.settings.account import setting_of
from engine.settings.load import SettingsLoader, Wanted

_REPEATS = 9
_IN_EACH = 100
_RESOURCES = 1_000


def settings(*, quick: bool) -> Iterator[Row]:
    del quick
    with tempfile.TemporaryDirectory(prefix="groundplan-bench-") as made:
        home, folder = Path(made) / "home", Path(made) / "shop"
        variables = _written(home, folder)
        wanted = Wanted(folder, "shop", "", {"values": _values("argument")})
        told = f"ours: 500 values in five layers, a fifth of them templates; median of {_REPEATS}"
        first = _median(lambda: SettingsLoader(home, variables).load(wanted))
        loader = SettingsLoader(home, variables)
        again = _median(lambda: loader.load(wanted))
        yield Row(
            "load 500 settings of five layers",
            first,
            "s",
            "after the first",
            again,
            "under 20 ms after the first",
            told,
        )
        moved = _median(lambda: loader.load(wanted), before=lambda: _touch(folder / "workspace.toml"))
        yield Row("load them after a file moved", moved, "s", "nothing moved", again, "", told)
        resolved = loader.load(wanted)
        explained = _median(lambda: setting_of(resolved, "values.workspace_50"))
        yield Row("explain one of them", explained, "s", "", None, "", told)
    yield _check()


def _check() -> Row:
    with tempfile.TemporaryDirectory(prefix="groundplan-bench-") as made:
        folder = Path(made)
        (folder / "infra").mkdir()
        (folder / "infra" / "main.yaml").write_text(_manifest(), encoding="utf-8")
        seconds = _median(lambda: parse(read_files(folder), offers()))
    return Row(
        f"read and check {_RESOURCES:,} resources", seconds, "s", "", None, "", f"ours: YAML; median of {_REPEATS}"
    )


def _manifest() -> str:
    rows = (
        f"    web-{number:05}:\n      image: debian-12\n      size: small\n"
        f'      labels: {{ tier: web, number: "{number}" }}\n'
        for number in range(_RESOURCES)
    )
    return "provider: demo\nresources:\n  server:\n" + "".join(rows)


def _written(home: Path, folder: Path) -> dict[str, str]:
    """The files of three layers; the variables of the fourth."""
    (folder / "settings").mkdir(parents=True)
    home.mkdir()
    (home / "config.toml").write_text(_toml("home"), encoding="utf-8")
    (folder / "workspace.toml").write_text('environment = "dev"\n' + _toml("workspace"), encoding="utf-8")
    (folder / "settings" / "dev-defaults.toml").write_text(_toml("environment"), encoding="utf-8")
    return {"GROUNDPLAN_VALUES": json.dumps(_values("variable"))}


def _values(layer: str) -> dict[str, str]:
    return {f"{layer}_{number}": f"value {number}" for number in range(_IN_EACH)}


def _toml(layer: str) -> str:
    values = {
        key: f"{{{{ settings.values.{layer}_{number - 1} }}}}!" if number % 5 == 1 else value
        for number, (key, value) in enumerate(_values(layer).items())
    }
    return "[values]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items())


def _touch(path: Path) -> None:
    path.write_text(path.read_text("utf-8") + "\n", encoding="utf-8")


def _median(act: Callable[[], object], before: Callable[[], None] = lambda: None) -> float:
    times: list[float] = []
    for _ in range(_REPEATS):
        before()
        begun = time.perf_counter()
        act()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)
