"""An endpoint that fails in the ways endpoints do: nothing hangs, nothing leaks, and what can be retried is."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import numpy as np
import pytest

from rag.embed.choose import open_embedder
from rag.embed.endpoint import Endpoint
from rag.embed.exchange import Exchange
from rag.model.errors import EmbedderFailed, LibraryError
from tests.contract.embeddings_server import EmbeddingsServer, Reply, served

KEY = "sk-canary-7f3a9c"


@pytest.fixture
def server() -> Iterator[EmbeddingsServer]:
    with served(lambda texts: [[len(text), 3.0, 4.0] for text in texts]) as ready:
        yield ready


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def endpoint(server: EmbeddingsServer, pauses: list[float]) -> Endpoint:
    return Endpoint("some/model", Exchange(server.url, KEY, sleep=pauses.append))


def _reply(status: int, content: object = "", **headers: str) -> Reply:
    return status, headers, content if isinstance(content, bytes) else json.dumps(content).encode()


def _items(*rows: object) -> dict[str, Any]:
    return {"data": [{"index": n, "embedding": row} for n, row in enumerate(rows)]}


def test_many_texts_go_in_several_requests_with_key_and_model(endpoint: Endpoint, server: EmbeddingsServer) -> None:
    assert len(endpoint.embed(["text"] * 150)) == 150
    assert [len(each["input"]) for each in server.requests] == [64, 64, 22]
    assert {each["model"] for each in server.requests} == {"some/model"}
    assert set(server.keys) == {f"Bearer {KEY}"}


def test_an_answer_in_any_order_comes_back_in_the_order_asked(endpoint: Endpoint) -> None:
    vectors = endpoint.embed(["a", "a" * 50, "a" * 5])
    assert list(np.argsort(vectors[:, 0])) == [0, 2, 1]


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_busy_endpoint_is_asked_again_with_growing_pauses(
    endpoint: Endpoint, server: EmbeddingsServer, pauses: list[float], status: int
) -> None:
    server.faults = [_reply(status), _reply(status), _reply(status)]
    assert endpoint.embed(["text"]).shape == (1, 3)
    assert len(pauses) == 3
    assert pauses == sorted(pauses)
    assert 0.5 <= pauses[0] <= 0.75


def test_a_wait_that_the_endpoint_names_is_kept(
    endpoint: Endpoint, server: EmbeddingsServer, pauses: list[float]
) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=30))
    server.faults = [_reply(429, **{"Retry-After": "7"}), _reply(503, **{"Retry-After": later})]
    endpoint.embed(["text"])
    assert pauses[0] == 7
    assert 25 < pauses[1] <= 30


@pytest.mark.parametrize("named", ["soon", "-5", "nan", "inf", ""])
def test_a_wait_that_makes_no_sense_is_not_kept(
    endpoint: Endpoint, server: EmbeddingsServer, pauses: list[float], named: str
) -> None:
    server.faults = [_reply(429, **{"Retry-After": named})]
    endpoint.embed(["text"])
    assert 0 <= pauses[0] < 1


def test_nobody_waits_for_an_hour(endpoint: Endpoint, server: EmbeddingsServer, pauses: list[float]) -> None:
    server.faults = [_reply(429, **{"Retry-After": "3600"})]
    with pytest.raises(EmbedderFailed, match="429"):
        endpoint.embed(["text"])
    assert pauses == []


def test_an_endpoint_that_stays_busy_fails_in_the_end(endpoint: Endpoint, server: EmbeddingsServer) -> None:
    server.faults = [_reply(503)] * 9
    with pytest.raises(EmbedderFailed, match=r"503 \(5 tries\)"):
        endpoint.embed(["text"])
    with pytest.raises(EmbedderFailed, match=r"503 \(2 tries\)"):
        endpoint.embed_query("a question, whose asker waits")


def test_a_connection_that_breaks_is_tried_again(endpoint: Endpoint, server: EmbeddingsServer) -> None:
    server.faults = [_hang_up, _hang_up]
    assert endpoint.embed(["text"]).shape == (1, 3)


def test_nobody_listening_is_told_without_delay(server: EmbeddingsServer, pauses: list[float]) -> None:
    with served(lambda texts: []) as gone:
        url = gone.url
    with pytest.raises(EmbedderFailed, match="ConnectError"):
        Endpoint("model", Exchange(url, KEY, sleep=pauses.append)).embed(["text"])


@pytest.mark.parametrize("status", [301, 307, 401, 403, 404, 418])
def test_what_asking_again_would_not_mend_fails_at_once(
    endpoint: Endpoint, server: EmbeddingsServer, pauses: list[float], status: int
) -> None:
    server.faults = [_reply(status, f"who sent {KEY}?", Location=server.url)]
    with pytest.raises(EmbedderFailed, match=str(status)):
        endpoint.embed(["text"])
    assert pauses == []
    assert len(server.keys) == 1


@pytest.mark.parametrize("content", [
    b"", b"not json", b"\xff\xfe", b"[]", b"null", b"[" * 100_000,
    {}, {"data": None}, {"data": []}, {"error": {"message": KEY}},
    _items("AAAA"), _items([]), _items([1, "x"]), _items([None]), _items([1.0], [1.0]), _items([0, 0, 0]),
    b'{"data": [{"index": 0, "embedding": [NaN, 1]}]}', b'{"data": [{"index": 0, "embedding": [1e999, 1]}]}',
    {"data": [{"index": 7, "embedding": [1, 2]}]}, {"data": [{"index": -1, "embedding": [1, 2]}]},
], ids=range(20))  # fmt: skip
def test_an_answer_that_is_no_list_of_vectors_is_no_answer(
    endpoint: Endpoint, server: EmbeddingsServer, content: object
) -> None:
    server.faults = [_reply(200, content)]
    with pytest.raises(EmbedderFailed) as failed:
        endpoint.embed(["text"])
    assert failed.value.hint
    assert KEY not in "".join(traceback.format_exception(failed.value))


def test_vectors_of_several_lengths_are_refused(endpoint: Endpoint, server: EmbeddingsServer) -> None:
    server.faults = [_reply(200, _items([1, 2], [1, 2, 3]))]
    with pytest.raises(EmbedderFailed, match="several lengths"):
        endpoint.embed(["text", "more"])


def test_another_model_behind_the_same_name_is_noticed(endpoint: Endpoint, server: EmbeddingsServer) -> None:
    assert endpoint.dimensions == 3
    server.faults = [_reply(200, _items([1, 2]))]
    with pytest.raises(EmbedderFailed, match="2 dimensions after 3"):
        endpoint.embed(["text"])


def test_an_answer_without_end_is_cut_off(endpoint: Endpoint, server: EmbeddingsServer) -> None:
    server.faults = [_flood]
    with pytest.raises(EmbedderFailed, match="more than 32 MiB"):
        endpoint.embed(["text"])


def test_a_packed_answer_is_not_unpacked(endpoint: Endpoint, server: EmbeddingsServer) -> None:
    server.faults = [_reply(200, b"\x1f\x8b\x08\x00", **{"Content-Encoding": "gzip"})]
    with pytest.raises(EmbedderFailed):
        endpoint.embed(["text"])


def test_one_text_that_is_too_long_is_cut_and_spoils_no_other(endpoint: Endpoint, server: EmbeddingsServer) -> None:
    server.longest = 1_000
    vectors = endpoint.embed([*["text"] * 10, "long " * 1_500, *["text"] * 10])
    assert vectors.shape == (21, 3)
    assert max(len(text) for each in server.requests for text in each["input"] if len(each["input"]) == 1) > 1_000
    assert float(vectors[10, 0]) > float(vectors[9, 0])


def test_an_endpoint_that_refuses_everything_is_not_asked_for_ever(
    endpoint: Endpoint, server: EmbeddingsServer
) -> None:
    server.longest = 0
    with pytest.raises(EmbedderFailed, match="refuses a text"):
        endpoint.embed(["long " * 1_500] * 64)
    assert len(server.requests) < 15


def test_the_key_is_in_no_error_log_or_repr(
    server: EmbeddingsServer, caplog: pytest.LogCaptureFixture, pauses: list[float]
) -> None:
    caplog.set_level(logging.DEBUG)
    exchange = Exchange(server.url, KEY, sleep=pauses.append)
    endpoint = Endpoint("model", exchange)
    told = [repr(exchange), repr(endpoint), str(vars(endpoint)), endpoint.fingerprint]
    for fault in (_reply(401, KEY), _reply(200, KEY), _reply(302), _reply(400, KEY)):
        server.faults = [fault]
        with pytest.raises(EmbedderFailed) as failed:
            endpoint.embed(["text"])
        told += traceback.format_exception(failed.value)
    assert KEY not in "".join(told) + caplog.text


@pytest.mark.parametrize("url", [
    "http://embeddings.example/v1", "ftp://127.0.0.1/v1", "file:///etc/passwd", "https://user:pass@host/v1", "host/v1",
    "https://host/v1?api-key=x", "https://host/v1#x", "https://", "http://[::1", "http://127.0.0.1:99999/v1",
    "http://127.0.0.1.example/v1", "http://10.0.0.1/v1",
])  # fmt: skip
def test_a_url_that_would_show_text_or_key_to_others_is_refused(url: str) -> None:
    with pytest.raises(LibraryError, match="URL of the embedding endpoint"):
        open_embedder("openai:model", url=url, key=KEY)


@pytest.mark.parametrize(("url", "asked"), [
    ("https://host.example", "https://host.example/v1/embeddings"),
    ("https://host.example/", "https://host.example/v1/embeddings"),
    ("https://host.example/openai/v1/", "https://host.example/openai/v1/embeddings"),
    ("http://localhost:11434/v1/embeddings", "http://localhost:11434/v1/embeddings"),
    ("http://[::1]:8080/v1", "http://[::1]:8080/v1/embeddings"),
])  # fmt: skip
def test_the_root_of_the_api_is_enough(url: str, asked: str) -> None:
    assert Exchange(url).url == asked


@pytest.mark.parametrize("key", ["two\nlines", "nul\0", "größe", "\ud800"])
def test_a_key_that_could_not_be_sent_is_refused_unseen(key: str) -> None:
    with pytest.raises(LibraryError) as refused:
        open_embedder("openai:model", url="https://host/v1", key=key)
    assert key not in str(refused.value)


def test_other_models_and_places_have_other_fingerprints() -> None:
    pairs = [("a/small", "https://one/v1"), ("b/small", "https://one/v1"), ("a/small", "https://two/v1")]
    assert len({open_embedder(f"openai:{model}", url=url).fingerprint for model, url in pairs}) == 3


def _hang_up(handler: Any) -> None:
    handler.close_connection = True


def _flood(handler: Any) -> None:
    handler.send_response(200)
    handler.end_headers()
    handler.close_connection = True
    try:
        for _ in range(200):
            handler.wfile.write(b" " * 1024**2)
    except OSError:
        return
