"""The Docker API as the provider uses it: blocking calls with plain types, and errors of the engine's own."""

from __future__ import annotations

import io
import re
import socket
import tarfile
import threading
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from engine.model.errors import ObjectMissing
from engine.providers.local.endpoint import is_local
from engine.providers.local.translation import answer_error, silence_error

T = TypeVar("T")
_TIMEOUT = 120
# Ids come from plans and records too; what is no name of Docker's is not even asked for.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,254}")


@dataclass(frozen=True, slots=True)
class PlacedFile:
    """A file to put into a container, owned by root."""

    name: str
    content: bytes
    mode: int = 0o600


def archive(files: Iterable[PlacedFile]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for file in files:
            entry = tarfile.TarInfo(file.name)
            entry.size, entry.mode = len(file.content), file.mode
            tar.addfile(entry, io.BytesIO(file.content))
    return buffer.getvalue()


class Daemon:
    """One Docker or Podman, connected to when first needed. Threads may share it."""

    def __init__(self, endpoint: str, environment: Mapping[str, str]) -> None:
        self.endpoint = endpoint
        self._environment = environment
        self._connecting = threading.Lock()
        self._client: Any = None

    @property
    def is_local(self) -> bool:
        return is_local(self.endpoint)

    def close(self) -> None:
        if self._client is not None:
            self._client.close()

    # About the machine

    def info(self) -> dict[str, Any]:
        return self._ask("read its facts", lambda api: api.info())

    # Containers

    def containers(self, labels: Mapping[str, str]) -> list[dict[str, Any]]:
        filters = {"label": [f"{name}={text}" for name, text in labels.items()]}
        return self._ask("list containers", lambda api: api.containers(all=True, filters=filters))

    def containers_in(self, network: str) -> list[dict[str, Any]]:
        """Running or not: a stopped container keeps its address too."""
        return self._ask("list containers", lambda api: api.containers(all=True, filters={"network": [network]}))

    def inspect(self, name: str) -> dict[str, Any] | None:
        if not _NAME.fullmatch(name):
            return None
        return _or_none(lambda: self._ask("look at a container", lambda api: api.inspect_container(name)))

    def create_container(self, name: str, config: dict[str, Any]) -> None:
        self._change(f"create {name}", lambda api: api.create_container_from_config(config, name))

    def start(self, name: str) -> None:
        self._change(f"start {name}", lambda api: api.start(name))

    def wait(self, name: str) -> int:
        return int(self._ask(f"wait for {name}", lambda api: api.wait(name))["StatusCode"])

    def remove_container(self, name: str) -> None:
        """With its anonymous volumes; an absent one is fine."""
        with suppress(ObjectMissing):
            self._change(f"remove {name}", lambda api: api.remove_container(name, v=True, force=True))

    def limit(self, name: str, cpu_period: int, cpu_quota: int, memory: int) -> None:
        self._change(
            f"resize {name}",
            lambda api: api.update_container(
                name, cpu_period=cpu_period, cpu_quota=cpu_quota, mem_limit=memory, memswap_limit=memory
            ),
        )

    # Inside a container

    def put(self, name: str, folder: str, files: Iterable[PlacedFile]) -> None:
        content = archive(files)
        self._change(f"put files into {name}", lambda api: api.put_archive(name, folder, content))

    def get(self, name: str, path: str) -> bytes | None:
        """A small file's content, also from a container that does not run."""

        def fetch(api: Any) -> bytes:
            stream, _ = api.get_archive(name, path)
            return b"".join(stream)

        found = _or_none(lambda: self._ask(f"read a file of {name}", fetch))
        if found is None:
            return None
        with tarfile.open(fileobj=io.BytesIO(found)) as tar:
            members = [member for member in tar.getmembers() if member.isfile()]
            content = tar.extractfile(members[0]) if members else None
            return content.read() if content else None

    def run(self, name: str, command: list[str]) -> tuple[int, str]:
        """Run a command of ours inside; what it says is foreign text."""

        def execute(api: Any) -> tuple[int, str]:
            started = api.exec_create(name, command)["Id"]
            said: bytes = api.exec_start(started)
            return int(api.exec_inspect(started)["ExitCode"]), said.decode("utf-8", "replace")

        return self._change(f"run a command in {name}", execute)

    def feed(self, name: str, command: list[str], secret: bytes) -> int:
        """Run a command that reads a secret from its standard input; only its exit code comes back."""

        def execute(api: Any) -> int:
            started = api.exec_create(name, command, stdin=True)["Id"]
            stream = api.exec_start(started, socket=True)
            raw: socket.socket = getattr(stream, "_sock", stream)
            try:
                raw.sendall(secret)
                raw.shutdown(socket.SHUT_WR)
                while raw.recv(4096):
                    pass
            finally:
                raw.close()
                stream.close()
            return int(api.exec_inspect(started)["ExitCode"])

        return self._change(f"feed a command in {name}", execute)

    # Networks

    def networks(self, labels: Mapping[str, str]) -> list[dict[str, Any]]:
        filters = {"label": [f"{name}={text}" for name, text in labels.items()], "driver": ["bridge"]}
        return self._ask("list networks", lambda api: api.networks(filters=filters))

    def network(self, name: str) -> dict[str, Any] | None:
        if not _NAME.fullmatch(name):
            return None
        return _or_none(lambda: self._ask("look at a network", lambda api: api.inspect_network(name)))

    def create_network(self, name: str, cidr: str, gateway: str, bridge: str, labels: Mapping[str, str]) -> None:
        ipam = {"Driver": "default", "Config": [{"Subnet": cidr, "Gateway": gateway}]}
        options = {"com.docker.network.bridge.name": bridge}
        self._change(
            f"create network {name}",
            lambda api: api.create_network(
                name, driver="bridge", ipam=ipam, options=options, labels=dict(labels), check_duplicate=True
            ),
        )

    def remove_network(self, name: str) -> None:
        with suppress(ObjectMissing):
            self._change(f"remove network {name}", lambda api: api.remove_network(name))

    def connect(self, container: str, network: str, address: str, alias: str) -> None:
        self._change(
            f"connect {container} to {network}",
            lambda api: api.connect_container_to_network(container, network, ipv4_address=address, aliases=[alias]),
        )

    def disconnect(self, container: str, network: str) -> None:
        self._change(
            f"disconnect {container} from {network}",
            lambda api: api.disconnect_container_from_network(container, network, force=True),
        )

    # Images

    def has_image(self, tag: str) -> bool:
        return _or_none(lambda: self._ask("look for an image", lambda api: api.inspect_image(tag))) is not None

    def build(self, tag: str, context: bytes, arguments: Mapping[str, str]) -> Generator[dict[str, Any]]:
        """The builder's messages as they come. The build uses the machine's own network, for the package archive."""
        with self._translated(f"build {tag}", changes=True):
            yield from self._api().build(
                fileobj=io.BytesIO(context),
                custom_context=True,
                tag=tag,
                buildargs=dict(arguments),
                decode=True,
                rm=True,
                forcerm=True,
                network_mode="host",
            )

    # How calls are made

    def _ask(self, doing: str, act: Callable[[Any], T]) -> T:
        with self._translated(doing, changes=False):
            return act(self._api())

    def _change(self, doing: str, act: Callable[[Any], T]) -> T:
        with self._translated(doing, changes=True):
            return act(self._api())

    @contextmanager
    def _translated(self, doing: str, *, changes: bool) -> Generator[None]:
        # Imported here because the SDK is heavy, and only those who use Local need it.
        from docker.errors import APIError, DockerException  # noqa: PLC0415
        from requests.exceptions import RequestException  # noqa: PLC0415

        try:
            yield
        except APIError as refused:
            answer: Any = refused
            raise answer_error(
                int(answer.status_code or 500), str(answer.explanation), doing, changes=changes
            ) from None
        except (DockerException, RequestException, OSError) as silent:
            raise silence_error(repr(silent), doing, self.endpoint, changes=changes) from None

    def _api(self) -> Any:
        # Imported here because the SDK is heavy, and only those who use Local need it.
        import docker  # noqa: PLC0415
        from docker.utils import kwargs_from_env  # noqa: PLC0415

        with self._connecting:
            if self._client is None:
                settings: dict[str, Any] = {
                    **kwargs_from_env(environment=dict(self._environment)),
                    "base_url": self.endpoint,
                }
                client: Any = docker.APIClient
                self._client = client(**settings, version="auto", timeout=_TIMEOUT)
        return self._client


def _or_none(look: Callable[[], T]) -> T | None:
    try:
        return look()
    except ObjectMissing:
        return None
