"""What Groundplan promises. Each promise has at least one test marked with its id, and no mark names another id.

`test_promises.py` checks both ways; a promise is listed here together with the test that shows it.
"""

PROMISES: dict[str, str] = {
    "ROOMS-1": "Imports run downwards through the rooms, and every room has its place.",
    "START-1": "A stdio server answers before anything heavy is imported.",
    "WHEEL-1": "A wheel holds one top-level package and runs from a clean environment.",
    "MCP-1": "Both current protocol revisions pass the conformance suite's scored checks.",
}
