"""Leaves out the parts of the suite that this machine has no means for, and says which and why at the end.

CI names parts in CI_REQUIRE (`hosts,browser,conformance,postgres,packaging,sentence_transformers`): there a part
that is left out, or any test of it that skips itself, is a failure.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator

import pytest

from tests.means import MEANS, missing

_REQUIRED = frozenset(part for part in os.environ.get("CI_REQUIRE", "").replace(" ", "").split(",") if part)


def pytest_configure(config: pytest.Config) -> None:
    unknown = _REQUIRED - MEANS.keys()
    if unknown:
        raise pytest.UsageError(f"CI_REQUIRE names no part of the suite: {', '.join(sorted(unknown))}")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests on real hosts share one daemon: where tests run in parallel, those stay in one process."""
    for item in items:
        if item.get_closest_marker("hosts"):
            item.add_marker(pytest.mark.xdist_group("hosts"))


def pytest_runtest_setup(item: pytest.Item) -> None:
    for part in _parts(item):
        reason = missing(part)
        if reason and part in _REQUIRED:
            pytest.fail(f"CI_REQUIRE demands the {part} tests. {reason}", pytrace=False)
        if reason:
            pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    demanded = _REQUIRED.intersection(_parts(item))
    if report.skipped and demanded and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = (
            f"CI_REQUIRE demands the {', '.join(demanded)} tests, and this one was skipped: {report.longrepr}"
        )
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    left_out = Counter(part for report in skipped for part in MEANS if part in report.keywords and missing(part))
    if left_out:
        terminalreporter.section("left out on this machine")
    for part, count in sorted(left_out.items()):
        terminalreporter.write_line(f"{part} ({count} tests): {missing(part)}")


def _parts(item: pytest.Item) -> list[str]:
    return [mark.name for mark in item.iter_markers() if mark.name in MEANS]
