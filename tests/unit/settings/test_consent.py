"""What a workspace says of consent: read with its other settings, and good for tightening alone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.model.confirmation import Channel
from engine.model.errors import ManifestInvalid
from engine.model.workspace import Workspace
from engine.settings.configuration import Configuration
from engine.settings.consent_rules import NO_OPINION, ConsentRules
from tests.unit.settings.place import Place


def workspace(place: Place) -> Workspace:
    return Workspace(name="shop", uid="u", path=str(place.folder), created_at=datetime(2026, 11, 27, tzinfo=UTC))


def said(place: Place) -> ConsentRules:
    return Configuration(place.home, {}).consent(workspace(place))


def test_what_a_workspace_leaves_out_is_no_opinion(place: Place) -> None:
    assert said(place) == NO_OPINION
    assert Configuration(place.home, {}).consent(None) == NO_OPINION
    place.write("workspace.toml", '[consent]\nhigh = ["terminal"]\n')
    assert said(place) == NO_OPINION.model_copy(update={"high": (Channel.TERMINAL,)})


@pytest.mark.promise("CONSENT-5")
def test_rules_of_a_workspace_are_none_of_the_settings_in_force(place: Place) -> None:
    place.write("config.toml", '[consent]\nlow = ["terminal"]\n')
    place.write("workspace.toml", '[consent]\nlow = ["elicitation"]\nexpires_minutes = 1440\n')
    home = Configuration(place.home, {}).of(workspace(place)).consent
    assert home.low == (Channel.TERMINAL,)
    assert home.tightened(said(place)).low == ()


@pytest.mark.promise("CONSENT-5")
def test_rules_of_a_workspace_are_no_templates(place: Place) -> None:
    place.write("workspace.toml", '[consent]\nlow = ["{{ settings.values.channel }}"]\n[values]\nchannel = "page"\n')
    with pytest.raises(ManifestInvalid, match=r"workspace\.toml:2:1: consent\.low: This is none of the choices"):
        said(place)


@pytest.mark.promise("CONSENT-5")
def test_rules_that_can_not_be_read_are_not_taken_for_none(place: Place, tmp_path: Path) -> None:
    for text in ("[consent", '[consent]\nlow = "page"\n', "consent = 5\n", "# " + "x" * (2 << 20)):
        place.write("workspace.toml", text)
        with pytest.raises(ManifestInvalid):
            said(place)
    (tmp_path / "elsewhere.toml").write_text("")
    place.path("workspace.toml").unlink()
    place.path("workspace.toml").symlink_to(tmp_path / "elsewhere.toml")
    with pytest.raises(ManifestInvalid, match="leaves the workspace"):
        said(place)
