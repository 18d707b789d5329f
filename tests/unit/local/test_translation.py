from __future__ import annotations

import pytest

from engine.model.errors import (
    AuthFailed,
    CapacityExhausted,
    ObjectConflict,
    ObjectMissing,
    PropertiesInvalid,
    QuotaExceeded,
    TransientFailure,
)
from engine.providers.local.translation import answer_error, silence_error


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        (400, "bad parameter", PropertiesInvalid),
        (403, "authorization denied by plugin", AuthFailed),
        (403, "Pool overlaps with other one on this address space", ObjectConflict),
        (403, "error while removing network: network x has active endpoints", ObjectConflict),
        (404, "No such container: web", ObjectMissing),
        (409, "Conflict. The container name is already in use", ObjectConflict),
        (500, "could not find an available, non-overlapping IPv4 address pool", QuotaExceeded),
        (500, "Address already in use", ObjectConflict),
        (500, "write /x: no space left on device", CapacityExhausted),
        (500, "something else", TransientFailure),
    ],
)
def test_each_answer_becomes_the_engine_s_own_error_with_a_next_move(status, text, kind):
    error = answer_error(status, text, "create x", changes=True)
    assert type(error) is kind
    assert error.hint


def test_an_unclear_answer_to_a_change_may_have_had_its_effect():
    assert answer_error(500, "?", "create x", changes=True).effect_unknown
    assert not answer_error(500, "?", "look at x", changes=False).effect_unknown
    assert not answer_error(409, "?", "create x", changes=True).effect_unknown


def test_docker_s_text_is_quoted_on_one_line_and_cut_short():
    error = answer_error(400, "first\nsecond " + "x" * 5000, "create x", changes=True)
    assert "\n" not in error.message
    assert len(error.message) < 400


def test_a_socket_that_may_not_be_opened_is_a_matter_of_rights():
    error = silence_error("PermissionError(13, 'Permission denied')", "look", "unix:///x", changes=True)
    assert isinstance(error, AuthFailed)
    assert "usermod" in error.hint


def test_an_answer_that_was_lost_leaves_the_effect_unknown_and_a_refused_connection_does_not():
    assert silence_error("ReadTimeout()", "create x", "unix:///x", changes=True).effect_unknown
    refused = silence_error("ConnectionRefusedError: Connection refused", "create x", "unix:///x", changes=True)
    assert not refused.effect_unknown
    assert "Start Docker" in refused.hint
