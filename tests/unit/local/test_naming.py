from __future__ import annotations

import re
from dataclasses import replace

from engine.providers.contract import Wish
from engine.providers.local.naming import WISH, labels_of, object_name, wished_in

WISHED = Wish(
    "server", "web-0", {"image": "debian-12"}, "run-1/server.web[0]", {"team": "blue", "groundplan.key": "forged"}
)


def test_the_same_wish_has_the_same_name_and_another_key_or_workspace_has_another():
    names = {object_name("shop", WISHED), object_name("blog", WISHED), object_name("shop", replace(WISHED, key="k2"))}
    assert len(names) == 3
    assert object_name("shop", WISHED) == object_name("shop", WISHED)


def test_names_are_readable_and_fit_docker_whatever_they_are_made_of():
    assert object_name("shop", WISHED).startswith("gp-shop-web-0-")
    for name in ("../../etc", "ein Größe", "a" * 400, ""):
        assert re.fullmatch(r"[a-zA-Z0-9][a-zA-Z0-9_.-]{1,90}", object_name("shop", replace(WISHED, name=name)))


def test_labels_carry_the_wish_and_a_user_s_label_can_not_pass_for_ours():
    labels = labels_of("shop", WISHED)
    assert labels["groundplan.key"] == WISHED.key
    assert labels["team"] == "blue"
    assert wished_in(labels) == (WISHED.properties, WISHED.labels)


def test_a_damaged_or_missing_wish_reads_as_the_bare_object():
    assert wished_in({"team": "blue", "groundplan.type": "network"}) == ({}, {"team": "blue"})
    assert wished_in({WISH: "{not json"}) == ({}, {})
