"""`make demo`: ask, plan, confirm, build, change one thing, destroy; with real hosts by `--provider local`.

A real MCP client talks over stdio to the real server, in a temporary home. Only the person is played.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters, stdio_client

from demo.assistant import Assistant, demand
from demo.login import look_around
from demo.person import Person, write_browser
from demo.transcript import Transcript

WORKSPACE = "shop"
_SOURCES = Path(__file__).resolve().parents[1]


def opening_edits(provider: str) -> list[dict[str, Any]]:
    """Three servers on a private network, and a volume for one of them. A new workspace's provider is demo."""
    chosen = {} if provider == "demo" else {"provider": provider}
    wanted: dict[str, dict[str, Any]] = {
        "network.private": {"cidr": _cidr(provider)},
        "server.web": {"count": 2, "image": "debian-12", "size": "small", "networks": ["${network.private.id}"]},
        "server.db": {"image": "debian-12", "size": "small", "networks": ["${network.private.id}"]},
        "volume.data": {"size": "1GiB", "server": "${server.db.id}", "mount": "/data"},
    }
    return [{"op": "set", "address": address, "value": {**chosen, **value}} for address, value in wanted.items()]


def _cidr(provider: str) -> str:
    """A machine's real networks must not overlap, and nobody knows which it has: any of many will do."""
    return "10.77.0.0/24" if provider == "demo" else f"10.{64 + secrets.randbelow(64)}.{secrets.randbelow(256)}.0/24"


async def play(assistant: Assistant, transcript: Transcript, provider: str, home: Path) -> None:
    """The scenes in order. Raises `StoryBroken` where one ends otherwise than it should."""
    transcript.scene("1  A workspace")
    transcript.says("Person", f"Make me a workspace called {WORKSPACE}.")
    await assistant.apply(await assistant.propose("plan_workspace", {"op": "create", "name": WORKSPACE}))

    transcript.scene("2  Three servers on a private network, with a volume")
    transcript.says(
        "Person", "I need three small servers on a private network, two for web and one for db with 1 GiB at /data."
    )
    plan = await assistant.propose("plan_change", {"edits": opening_edits(provider)})
    demand(plan["summary"]["create"] >= 5, "a network, three servers and a volume are to be created")
    await assistant.apply(plan)
    where = await _show_servers(assistant, transcript)
    if provider == "local":
        transcript.says("Person", "$ ssh server.db, to look around")
        told = await look_around(where["server.db"], home / "secrets" / WORKSPACE / "ssh" / "id_ed25519")
        demand("/data" in told, "the volume is mounted at /data")
        transcript.says("Person", told)

    transcript.scene("3  Change one server, and only that is planned")
    transcript.says("Person", "The db server is too small: make it medium.")
    wider = {"op": "set", "address": "server.db", "value": {"size": "medium"}}
    plan = await assistant.propose("plan_change", {"edits": [wider]})
    touched = [each["address"] for each in plan["changes"] if not each["address"].startswith("file:")]
    demand(touched == ["server.db"], f"only the db server is planned, not {touched}")
    await assistant.apply(plan)

    transcript.scene("4  Is the world as we left it?")
    drift = await assistant.call("check_drift", {})
    transcript.says("Groundplan", f"{drift['checked']} resources checked, {drift['drifted']} drifted")
    demand(drift["drifted"] == 0, "nothing drifted")
    empty = await assistant.propose("plan_change", {})
    demand(not empty["changes"], "the manifest as it stands plans nothing")

    transcript.scene("5  Destroy, which a person confirms on a page of their own")
    transcript.says("Person", "I am done with it: take everything down.")
    await assistant.apply(await assistant.propose("plan_destroy", {}))
    left = await assistant.call("find_resources", {})
    demand(not left["resources"], "nothing is left")
    transcript.says("Groundplan", "no resources")


async def _show_servers(assistant: Assistant, transcript: Transcript) -> dict[str, str]:
    """Where SSH answers, by address."""
    found = await assistant.call("find_resources", {"type": "server"})
    demand(len(found["resources"]) == 3, "there are three servers")
    lines: list[str] = []
    where: dict[str, str] = {}
    for each in found["resources"]:
        facts = (await assistant.call("get_resource", {"address": each["address"]}, silent=True))["properties"]
        where[each["address"]] = facts["ssh"]
        lines.append(f"{each['address']:<14}{facts['status']}, {facts['address']}, ssh {facts['ssh']}")
    transcript.says("Groundplan", "\n".join(lines))
    return where


def server_of(home: Path, environment: Mapping[str, str]) -> StdioServerParameters:
    """The real server, on a home of its own; `BROWSER` is the played person's."""
    kept = {
        name: value
        for name, value in environment.items()
        if name.startswith(("DOCKER_", "GROUNDPLAN_", "XDG_RUNTIME_"))
    }
    kept.pop("GROUNDPLAN_HOME", None)
    surroundings = {
        **kept,
        "PATH": environment.get("PATH", ""),
        "PYTHONPATH": str(_SOURCES),
        "BROWSER": str(write_browser(home.parent, home.parent / "notes")),
    }
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "server.cli", "--home", str(home), "stdio"],
        env=surroundings,
        cwd=str(home.parent),
    )


async def perform(provider: str, folder: Path, transcript: Transcript) -> None:
    """The whole story, in a folder that may be thrown away afterwards."""
    parameters = server_of(folder / "home", os.environ)
    log, notes, person = folder / "server.log", folder / "notes", Person(transcript)
    with log.open("w") as errors:
        try:
            async with Client(stdio_client(parameters, errlog=errors), elicitation_callback=person.answer) as client:
                await play(
                    Assistant(client, transcript, lambda: person.tell_of_page(notes)),
                    transcript,
                    provider,
                    folder / "home",
                )
        except BaseException:
            errors.flush()
            sys.stderr.write("".join(log.read_text().splitlines(keepends=True)[-20:]))
            raise


def _innermost(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    return error  # pyright: ignore[reportUnknownVariableType]


def main() -> int:
    reader = argparse.ArgumentParser(
        prog="python -m demo.story", description="Play Groundplan's story from a question to real hosts."
    )
    reader.add_argument(
        "--provider", choices=("demo", "local"), default="demo", help="local builds real hosts with Docker or Podman"
    )
    reader.add_argument("--no-colour", "--no-color", action="store_true")
    words = reader.parse_args()
    transcript = Transcript(plain=words.no_colour or bool(os.environ.get("NO_COLOR")))
    folder = Path(tempfile.mkdtemp(prefix="groundplan-demo-"))
    try:
        asyncio.run(perform(words.provider, folder, transcript))
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the client wraps what happens inside it into groups
        sys.stderr.write(f"\nThe story broke. Expected: {_innermost(error)}\n")
        # The home knows what exists: whoever threw it away would leave real hosts behind.
        sys.stderr.write(f"What was built is still there. Take it down: groundplan --home {folder / 'home'} destroy\n")
        return 1
    shutil.rmtree(folder)
    transcript.scene("The end: every object is gone, and so is the temporary home.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
