"""Load: the layers of a home and a workspace, read when they are asked for and again only when a file moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.model.errors import Problem
from engine.notation.nickel import LIMITS, Limits
from engine.notation.problems import Problems
from engine.notation.reader import read_document
from engine.settings.consent_rules import ConsentRules
from engine.settings.files import (
    DEFAULTS_FOLDER,
    SHAPE,
    WORKSPACE_FILE,
    SettingsFiles,
    Stamp,
    defaults_files,
    leads_out,
)
from engine.settings.home import CONFIG_FILE
from engine.settings.layer import Layer, LayerName
from engine.settings.migrations import KEY, schema_problem
from engine.settings.permission import consent_of
from engine.settings.resolve import Resolved, resolve
from engine.settings.variables import variables_layer


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which settings: of a home alone, or of a workspace's folder too, with what was said at the command line.

    `instead` are texts that files shall be taken to have, so that a change can be looked at before it is made.
    """

    folder: Path | None = None
    name: str = ""
    environment: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])
    instead: Mapping[Path, str] = field(default_factory=dict[Path, str])


class SettingsLoader:
    """Safe to use from several threads: what is read twice at once is read twice. `limits` are those of Nickel."""

    def __init__(self, home: Path, environment: Mapping[str, str], limits: Limits = LIMITS) -> None:
        self._home, self._environment = home, environment
        self._files = SettingsFiles(limits)
        self._known: dict[tuple[Any, ...], tuple[tuple[Stamp, ...], Resolved]] = {}

    def load(self, wanted: Wanted | None = None) -> Resolved:
        """Raises `ManifestInvalid` with every problem of every layer."""
        wanted = wanted or Wanted()
        if wanted.arguments or wanted.instead:
            return _Reading(self._home, self._environment, wanted, self._files).resolved()
        key = (wanted.folder, wanted.name, wanted.environment)
        known = self._known.get(key)
        if known is not None and all(Stamp.of(Path(stamp.path)) == stamp for stamp in known[0]):
            return known[1]
        reading = _Reading(self._home, self._environment, wanted, self._files)
        resolved = reading.resolved()
        self._known[key] = reading.stamps, resolved
        return resolved

    def consent(self, folder: Path) -> ConsentRules:
        """What a workspace's own file says of consent, whatever else may be wrong with its settings.

        Raises `ManifestInvalid` where that can't be read.
        """
        problems = Problems()
        read = self._files.read(folder / WORKSPACE_FILE, WORKSPACE_FILE, problems, folder)
        values = read.document.data if read.document else {}
        rules = consent_of(Layer(LayerName.WORKSPACE, values, WORKSPACE_FILE, read.document), problems)
        problems.raise_any("the settings")
        return rules


class _Reading:
    """One look at every file; `stamps` say what the result was read from."""

    def __init__(self, home: Path, environment: Mapping[str, str], wanted: Wanted, files: SettingsFiles) -> None:
        self._home, self._environment, self._wanted, self._files = home, environment, wanted, files
        self._problems = Problems()
        self._stamps: list[Stamp] = []

    @property
    def stamps(self) -> tuple[Stamp, ...]:
        return tuple(self._stamps)

    def resolved(self) -> Resolved:
        wanted = self._wanted
        home = self._layer(LayerName.HOME, self._home / CONFIG_FILE, str(self._home / CONFIG_FILE), None)
        above = [Layer(LayerName.ARGUMENTS, wanted.arguments, "arguments"), variables_layer(self._environment)]
        below = [home, Layer(LayerName.BUILT_IN, {}, "built in")]
        if wanted.folder is None:
            self._problems.raise_any("the settings")
            return resolve([*above, *below], self._environment, {})
        own = self._layer(LayerName.WORKSPACE, wanted.folder / WORKSPACE_FILE, WORKSPACE_FILE, wanted.folder)
        place = own.place((KEY,))
        if problem := schema_problem(own.values, place.file, place.line, place.column):
            self._problems.add(problem)
        environment = _environment_name([*above, own, home], wanted.environment)
        defaults = self._defaults(wanted.folder, environment)
        self._problems.raise_any("the settings")
        facts = {"name": wanted.name, "environment": environment, "path": str(wanted.folder)}
        named = [Layer(LayerName.ARGUMENTS, {"environment": wanted.environment}, "--environment")]
        return resolve([*named * bool(wanted.environment), *above, own, *defaults, *below], self._environment, facts)

    def _defaults(self, folder: Path, environment: str) -> list[Layer]:
        found: list[Layer] = []
        if leads_out(folder):
            hint = "Make it a real folder."
            self._problems.add(Problem("The folder is a link that leaves the workspace.", hint, DEFAULTS_FOLDER))
            return found
        for path in defaults_files(folder, environment):
            layer = self._layer(LayerName.ENVIRONMENT, path, str(path.relative_to(folder)), folder)
            if layer.document is not None:
                found.append(layer)
        if len(found) > 1:
            hint = f"Keep one of them and take away {found[1].source}."
            self._problems.add(Problem("An environment has its defaults in one file.", hint, found[0].source))
        return found[:1]

    def _layer(self, name: LayerName, path: Path, shown: str, inside: Path | None) -> Layer:
        instead = self._wanted.instead.get(path)
        if instead is not None:
            document = read_document(shown, instead, self._problems, SHAPE)
        else:
            read = self._files.read(path, shown, self._problems, inside)
            self._stamps += read.stamps
            document = read.document
        return Layer(name, document.data if document else {}, shown, document)


def _environment_name(layers: list[Layer], wanted: str) -> str:
    """The first that any layer says; it decides on a layer, so it is no template and has no defaults of its own."""
    said = (layer.values.get("environment") for layer in layers)
    return wanted or next((each for each in said if isinstance(each, str) and each), "")
