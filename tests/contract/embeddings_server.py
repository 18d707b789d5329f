"""A real HTTP server that speaks `/v1/embeddings`, and can be told to fail as real ones do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Reply = tuple[int, dict[str, str], bytes]
Vectorize = Callable[[Sequence[str]], Iterable[Iterable[float]]]


@dataclass
class EmbeddingsServer:
    """`faults` are answered first, one a request; `longest` is the length of text above which it refuses."""

    vectorize: Vectorize
    url: str = ""
    longest: int = 10_000
    faults: list[Reply | Callable[[Any], None]] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def answer(self, body: bytes) -> Reply:
        asked = json.loads(body.decode("utf-8"))
        self.requests.append(asked)
        texts = asked["input"]
        if not all(texts) or any(len(text) > self.longest for text in texts):
            return 400, {}, b'{"error": {"message": "input is too long or empty"}}'
        rows = self.vectorize(texts)
        data = [{"object": "embedding", "index": n, "embedding": list(map(float, row))} for n, row in enumerate(rows)]
        data.reverse()  # the protocol numbers them and promises no order
        return 200, {}, json.dumps({"object": "list", "model": asked["model"], "data": data}).encode()


@contextmanager
def served(vectorize: Vectorize) -> Iterator[EmbeddingsServer]:
    server = EmbeddingsServer(vectorize)
    listener = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
    listener.daemon_threads = True
    server.url = f"http://127.0.0.1:{listener.server_port}/v1"
    thread = Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()


def _handler(server: EmbeddingsServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def handle(self) -> None:
            with suppress(ConnectionError):  # a client may hang up whenever it likes
                super().handle()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.keys.append(self.headers.get("Authorization", ""))
            fault = server.faults.pop(0) if server.faults else None
            if callable(fault):
                fault(self)
                return
            status, headers, content = fault or (
                server.answer(body) if self.path == "/v1/embeddings" else (404, {}, b"")
            )
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Tests say what went wrong themselves."""

    return Handler
