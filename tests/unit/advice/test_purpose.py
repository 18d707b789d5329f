"""From words to services: the same words mean the same services, each after what it requires."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.advice.modes import modes
from engine.advice.purpose import recommend
from engine.model.service_advice import ServiceAdvice
from engine.registry.services import services

WORDS = [
    "postgres",
    "monitoring",
    "cluster",
    "mail",
    "ci",
    "object storage",
    "and",
    "frobnicator",
    "vpn",
    "k8s",
    "日本",
]


def asked(purpose: str) -> ServiceAdvice:
    return recommend(purpose, services())


def names(purpose: str) -> list[str]:
    return [each.service.name for each in asked(purpose).services]


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [
        ("postgres with monitoring", ["postgres", "prometheus", "postgres-exporter"]),
        ("kubernetes cluster", ["containerd", "etcd", "kubernetes"]),
        ("K8S", ["containerd", "etcd", "kubernetes"]),
        ("kubernetes", ["containerd", "etcd", "kubernetes"]),
        ("Object storage, with backups!", ["seaweedfs", "restic"]),
        ("single sign-on", ["postgres", "keycloak"]),
        ("a load balancer", ["haproxy"]),
        ("caches", ["memcached", "redis", "redis-sentinel", "valkey"]),
        ("cache", ["redis"]),
        ("a mail server", ["postfix"]),
        ("ci/cd", ["jenkins"]),
        ("redis sentinel", ["redis", "redis-sentinel"]),
        ("the servers", []),
        ("", []),
    ],
)  # fmt: skip
def test_words_mean_these_services(purpose: str, expected: list[str]) -> None:
    assert names(purpose) == expected


@pytest.mark.parametrize("mode", modes())
def test_a_mode_means_the_services_that_it_names(mode: str) -> None:
    advice = asked(mode.upper())
    assert modes()[mode].services.keys() <= {each.service.name for each in advice.services}
    assert all(each.reason for each in advice.services)


def test_what_is_pulled_in_says_by_what() -> None:
    pulled = {each.service.name: each for each in asked("chat and single sign-on").services}["postgres"]
    assert pulled.required_by == ("synapse", "keycloak")
    assert pulled.reason == "synapse and keycloak can't do without it"


def test_what_the_word_means_as_well_is_named_instead() -> None:
    (only,) = asked("vpn").services
    assert (only.service.name, only.reason) == ("wireguard", "for “vpn”; instead: openvpn")


def test_a_category_is_a_choice_and_words_are_not() -> None:
    assert asked("databases").is_choice
    assert not asked("database").is_choice


def test_words_that_nothing_answers_to_are_told() -> None:
    advice = asked("frobnicator and redis with tribbles")
    assert advice.unknown == ("frobnicator", "tribbles")
    assert names("frobnicator and redis") == ["redis"]
    assert asked(" 日本 ").unknown == ("日本",)


def test_what_is_good_beside_them_is_not_pulled_in() -> None:
    optional = dict(asked("postgres").optional)
    assert optional["pgbackrest"] == "good beside postgres: backups of PostgreSQL to any moment."
    assert names("postgres") == ["postgres"]


@settings(deadline=None)
@given(st.lists(st.one_of(st.sampled_from([*WORDS, *services()]), st.text(max_size=12)), max_size=12).map(" ".join))
def test_whatever_is_asked_each_service_comes_once_and_after_what_it_requires(purpose: str) -> None:
    advice = asked(purpose)
    order = [each.service.name for each in advice.services]
    assert len(order) == len(set(order))
    if not advice.is_choice:
        for place, each in enumerate(advice.services):
            assert set(each.service.requires) <= set(order[:place])
    assert not {name for name, _ in advice.optional} & set(order)
    assert asked(purpose) == advice


def test_a_very_long_text_is_cut_and_answered() -> None:
    assert len(asked("postgres " + "x" * 1_000_000).services) == 1
    assert len(asked(" ".join(f"w{number}" for number in range(100_000))).unknown) <= 24
