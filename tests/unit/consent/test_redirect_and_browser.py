"""The way into the person's browser: a file only they can read, and no link in any command line, log or answer."""

from __future__ import annotations

import logging
import stat
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from server.http.asking import begin_asking, open_window, withdraw
from server.http.browser import can_open, open_in_browser
from server.http.pending import pending_pages
from server.http.redirect import remove_redirect, write_redirect
from tests.unit.consent.paper import ASSISTANT, PaperOffice, paper_plan

URL = "http://127.0.0.1:8750/confirm/open/secret"
linux_only = pytest.mark.skipif(sys.platform == "darwin", reason="macOS keeps the file in Library/Caches")


def note_taker(folder: Path) -> tuple[str, Path]:
    """A browser that writes its arguments down."""
    notes, script = folder / "notes", folder / "browser"
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {notes}\necho noise; echo noise >&2\n')
    script.chmod(0o700)
    return str(script), notes


def test_only_its_owner_can_read_the_file(tmp_path: Path) -> None:
    path = write_redirect(URL, {"HOME": str(tmp_path)})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert URL in path.read_text()
    remove_redirect(path)
    assert not path.parent.exists()


@linux_only
def test_the_file_lies_where_confined_browsers_read(tmp_path: Path) -> None:
    assert write_redirect(URL, {"HOME": str(tmp_path)}).parent == tmp_path / "Groundplan"
    (tmp_path / "Downloads").mkdir()
    assert write_redirect(URL, {"HOME": str(tmp_path)}).parent == tmp_path / "Downloads" / "Groundplan"


@linux_only
@pytest.mark.parametrize(("folder", "used"), [("Hämtningar", True), (".hidden", False)])
def test_the_persons_own_downloads_folder_counts_unless_it_is_hidden(tmp_path: Path, folder: str, used: bool) -> None:
    (tmp_path / "settings").mkdir()
    (tmp_path / "settings" / "user-dirs.dirs").write_text(f'XDG_DOWNLOAD_DIR="$HOME/{folder}"\n', encoding="utf-8")
    (tmp_path / folder).mkdir()
    path = write_redirect(URL, {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "settings")})
    assert path.parent == (tmp_path / folder if used else tmp_path) / "Groundplan"


@linux_only
def test_a_folder_that_someone_else_prepared_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "Groundplan").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionError):
        write_redirect(URL, {"HOME": str(tmp_path)})


def test_the_browser_is_given_the_file_and_never_the_link(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    browser, notes = note_taker(tmp_path)
    path = write_redirect(URL, {"HOME": str(tmp_path)})
    assert open_in_browser(path, {"BROWSER": browser, "PATH": "/usr/bin:/bin"})
    assert notes.read_text() == f"{path}\n"
    assert open_in_browser(path, {"BROWSER": f"{browser} --new-window=%s", "PATH": "/usr/bin:/bin"})
    assert notes.read_text() == f"--new-window={path}\n"
    assert capfd.readouterr() == ("", "")


@linux_only
def test_without_a_desktop_there_is_no_browser(tmp_path: Path) -> None:
    assert not can_open({"PATH": "/usr/bin:/bin"})
    assert not can_open({"PATH": "/usr/bin:/bin", "BROWSER": "no-such-browser-here:'"})
    assert not open_in_browser(tmp_path / "x.html", {"PATH": "/usr/bin:/bin", "BROWSER": "false"})


def test_the_file_goes_when_the_page_is_opened_or_void(tmp_path: Path, office: PaperOffice) -> None:
    browser, notes = note_taker(tmp_path)
    office = PaperOffice(office.home, {**office.environment, "BROWSER": browser})
    for name, opens in (("plan-1", True), ("plan-2", False)):
        asking = begin_asking(office, office.paper.file(paper_plan(name)), ASSISTANT)
        assert asking is not None
        assert open_window(office, asking)
        path = Path(notes.read_text().strip())
        assert path.exists()
        if opens:
            pending_pages(office).open(asking.link.rpartition("/")[2])
        else:
            withdraw(office, asking, "No longer wanted.")
        assert not path.exists()


def test_an_expired_page_is_void_and_its_file_gone(tmp_path: Path, office: PaperOffice) -> None:
    browser, notes = note_taker(tmp_path)
    office = PaperOffice(office.home, {**office.environment, "BROWSER": browser})
    asking = begin_asking(office, office.paper.file(paper_plan()), ASSISTANT)
    assert asking is not None
    open_window(office, asking)
    asking.page.expires_at = datetime.now(UTC)
    assert not pending_pages(office).is_waiting("plan-1")
    assert not Path(notes.read_text().strip()).exists()


def test_a_plan_has_one_page_however_often_it_is_asked_about(office: PaperOffice) -> None:
    plan = office.paper.file(paper_plan())
    assert begin_asking(office, plan, ASSISTANT) is not None
    assert begin_asking(office, plan, ASSISTANT) is None


def test_the_link_is_in_no_log_and_no_repr(office: PaperOffice, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    asking = begin_asking(office, office.paper.file(paper_plan()), ASSISTANT)
    assert asking is not None
    secret = asking.link.rpartition("/")[2]
    assert len(secret) >= 43
    assert secret not in caplog.text
    assert secret not in repr(asking) + repr(asking.page) + repr(pending_pages(office).__dict__)
