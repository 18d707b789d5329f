from __future__ import annotations

import socket
from pathlib import Path

import pytest

from engine.providers.contract import Surroundings
from engine.providers.local import KIND, endpoint


def around(home: Path, settings: dict[str, str] | None = None, **environment: str) -> Surroundings:
    return Surroundings("shop", home, settings or {}, {"HOME": str(home), **environment}, "", lambda name: "")


def test_the_home_s_endpoint_comes_before_the_environment_s(tmp_path):
    named = around(tmp_path, {"endpoint": "unix:///from-home"}, DOCKER_HOST="unix:///from-environment")
    assert endpoint.find_endpoint(named) == "unix:///from-home"
    assert (
        endpoint.find_endpoint(around(tmp_path, DOCKER_HOST="unix:///from-environment")) == "unix:///from-environment"
    )


def test_the_first_well_known_socket_that_answers_is_taken(tmp_path, monkeypatch):
    monkeypatch.setattr(endpoint, "well_known_sockets", lambda environment: [tmp_path / "dead", tmp_path / "live"])
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "live"))
        server.listen()
        assert endpoint.find_endpoint(around(tmp_path)) == f"unix://{tmp_path}/live"
        assert KIND.available(around(tmp_path)) == ""


def test_rootless_desktop_colima_and_podman_sockets_are_looked_for(tmp_path):
    places = [str(path) for path in endpoint.well_known_sockets({"HOME": "/h", "XDG_RUNTIME_DIR": "/run/user/1"})]
    assert places[0] == "/var/run/docker.sock"
    for wanted in (
        "/run/user/1/docker.sock",
        "/h/.docker/run/docker.sock",
        "/h/.colima/default/docker.sock",
        "/run/user/1/podman/podman.sock",
        "/run/podman/podman.sock",
    ):
        assert wanted in places


@pytest.mark.parametrize(
    ("platform", "words"),
    [
        ("linux", ("docker.io", "podman.socket", "Docker Desktop")),
        ("darwin", ("Docker Desktop", "colima", "podman machine")),
    ],
)
def test_without_a_daemon_it_says_how_to_get_one(tmp_path, monkeypatch, platform, words):
    monkeypatch.setattr("sys.platform", platform)
    text = KIND.available(around(tmp_path, DOCKER_HOST=f"unix://{tmp_path}/none"))
    assert all(word in text for word in words)


def test_a_socket_one_may_not_open_is_told_apart_from_none(tmp_path, monkeypatch):
    monkeypatch.setattr(endpoint, "_refusal", lambda named: "denied")
    assert "usermod" in KIND.available(around(tmp_path))


def test_an_endpoint_of_another_kind_is_refused_in_words(tmp_path):
    assert "not supported" in KIND.available(around(tmp_path, DOCKER_HOST="ssh://somewhere"))


def test_published_ports_are_near_for_sockets_and_loopback_addresses_only():
    assert endpoint.is_local("unix:///var/run/docker.sock")
    assert endpoint.is_local("tcp://127.0.0.1:2375")
    assert not endpoint.is_local("tcp://192.0.2.1:2375")
