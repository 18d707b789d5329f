"""The wheel as people get it: built, looked into, installed into a clean environment and used from there."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from mcp import StdioServerParameters
from mcp.client import Client

ROOT = Path(__file__).resolve().parents[2]
ROOMS = {"engine", "knowledge", "prompts", "rag", "server"}

# Building the wheel with its index takes minutes: one worker does it once for all.
pytestmark = [pytest.mark.packaging, pytest.mark.slow, pytest.mark.xdist_group("wheel")]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _pip(Path(sys.executable), "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT))
    (built,) = folder.glob("groundplan-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of a clean environment that holds what the lock names and the wheel, and nothing else."""
    folder = tmp_path_factory.mktemp("clean")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, timeout=120)
    python = folder / "bin" / "python"
    _pip(python, "install", "--require-hashes", "-r", str(ROOT / "requirements.lock"))
    _pip(python, "install", "--no-deps", str(wheel))
    return folder / "bin"


@pytest.mark.promise("WHEEL-1")
def test_the_wheel_holds_one_top_level_package_and_every_room(wheel: Path) -> None:
    names = [name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name]
    assert {name.partition("/")[0] for name in names} == {"groundplan"}
    assert {name.split("/")[2] for name in names if name.startswith("groundplan/_app/")} >= ROOMS
    assert not [name for name in names if name.endswith(".pyc") or "/tests/" in name]


@pytest.mark.promise("WHEEL-1")
def test_what_is_no_python_travels_with_the_wheel(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    listed = subprocess.run(["git", "ls-files", *ROOMS], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    here = [name for name in listed.splitlines() if (ROOT / name).is_file()]
    assert [name for name in here if f"groundplan/_app/{name}" not in packed] == []


@pytest.mark.promise("WHEEL-1")
def test_the_installed_command_examines_itself(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [installed / "groundplan", "doctor"],
        cwd=tmp_path, env=_bare(tmp_path), capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.promise("WHEEL-1")
@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_the_installed_command_serves_a_client_over_stdio(installed: Path, tmp_path: Path, mode: str) -> None:
    parameters = StdioServerParameters(
        command=str(installed / "groundplan"), args=["stdio"], env=_bare(tmp_path), cwd=tmp_path
    )
    async with Client(parameters, mode=mode) as client:
        tools = {tool.name for tool in (await client.list_tools()).tools}
        answer = await client.call_tool("list_workspaces", {})
        prompts = (await client.list_prompts()).prompts
    assert {"plan_change", "apply_plan", "get_run"} <= tools
    assert not answer.is_error
    assert prompts


@pytest.mark.promise("INDEX-4")
def test_a_first_search_needs_no_indexing_and_no_network(installed: Path, tmp_path: Path) -> None:
    """In a namespace without a network where the system lets us make one; without indexing: nobody looks at sources."""
    script = (
        "import sys, time, pathlib\n"
        "from groundplan.launcher import rooms\n"
        "sys.path.insert(0, str(rooms()))\n"
        "began = time.perf_counter()\n"
        "from rag.library import Library\n"
        "from rag.model.query import Query\n"
        "library = Library(pathlib.Path(sys.argv[1]))\n"
        "answer = library.search(Query('How is a plan confirmed by a person?'), look=None)\n"
        "took = time.perf_counter() - began\n"
        "status = library.status()\n"
        "library.close()\n"
        "assert answer.passages and not answer.note, answer\n"
        "(shelf,) = status.shelves\n"
        "assert shelf.documents >= 120 and shelf.with_vectors == shelf.chunks, shelf\n"
        "print(took)\n"
    )
    command = [installed / "python", "-c", script, tmp_path / "index"]
    offline = ["unshare", "--map-root-user", "--net"]
    if subprocess.run([*offline, "true"], capture_output=True, check=False).returncode == 0:
        command = [*offline, *command]
    done = subprocess.run(
        command, cwd=tmp_path, env=_bare(tmp_path), capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr


def _pip(python: Path, *arguments: str) -> None:
    command = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr


def _bare(folder: Path) -> dict[str, str]:
    """What a desktop app gives a server: no shell's PATH, nothing of this checkout."""
    return {"HOME": str(folder), "GROUNDPLAN_HOME": str(folder / "home"), "PATH": os.defpath}
