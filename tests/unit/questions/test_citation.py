"""Citations are addresses that the server's resources answer."""

from __future__ import annotations

from urllib.parse import unquote

from engine.model.citation import cite_plan, cite_resource, cite_run, cite_workspace
from server.resources import addresses


def test_a_citation_is_the_address_under_which_the_server_shows_it() -> None:
    assert cite_workspace("shop") == addresses.WORKSPACE.format(name="shop")
    assert cite_run("shop", "run-1") == addresses.RUN.format(name="shop", id="run-1")
    assert cite_plan("shop", "plan-1") == addresses.PLAN.format(name="shop", id="plan-1")
    cited = cite_resource("shop", 'server.web["a"]')
    assert unquote(cited) == addresses.RESOURCE.format(name="shop", address='server.web["a"]')
    assert '"' not in cited
