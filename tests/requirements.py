"""What Groundplan promises. Each promise has at least one test marked with its id, and no mark names another id.

`test_promises.py` checks both ways; a promise is listed here together with the test that shows it.
"""

PROMISES: dict[str, str] = {
    "CONSENT-1": "Nothing is applied without a person's confirmation of exactly that plan.",
    "CONSENT-2": "No tool argument, client state or text in data is consent.",
    "CONSENT-3": "A confirmation is spent once.",
    "CONSENT-4": "What was confirmed is what runs; if the world moved, nothing does.",
    "CONSENT-5": "A workspace can tighten the rules of consent and loosen none.",
    "RULES-1": "A plan that breaks a deny rule of its workspace can't be confirmed.",
    "DELETE-1": "What this workspace neither made nor adopted, it does not delete; prevent_destroy holds.",
    "SECRET-1": "A secret's value is in no state, log, error or repr.",
    "DURABLE-1": "After a kill at any point a run goes on to the same result, without a second object or an orphan.",
    "DURABLE-2": "An answer that is lost makes no second object and leaves none behind.",
    "LEASE-1": "A worker that lost its lease writes nothing more.",
    "AUDIT-1": "A changed, removed, reordered or cut-off line of the audit log is found.",
    "EDIT-1": "A manifest is written only by a confirmed run, and only where it was edited.",
    "NICKEL-1": "A Nickel file reads the workspace's own files and our contracts, nothing else.",
    "NICKEL-2": "Whatever a Nickel file computes, reading it ends within its limits, and the server goes on.",
    "FOUND-1": "What is found is quoted as data: no text that is retrieved changes what a tool does or what is exact.",
    "FOUND-2": "A search sees the shipped pages and one workspace, and what it cites can be read, nothing else.",
    "FOUND-3": "Where text is sent to be read is the home's to say; a workspace can't.",
    "SETTINGS-1": "A workspace reads no variable that the home does not allow, and what a tool sent is no template.",
    "SETTINGS-2": "Whatever settings files hold, reading them ends with every problem, and shows no secret and no path outside.",
    "ROOMS-1": "Imports run downwards through the rooms, and every room has its place.",
    "START-1": "A stdio server answers before anything heavy is imported.",
    "WHEEL-1": "A wheel holds one top-level package and runs from a clean environment.",
    "RAG-SECRETS-1": "No secret in a workspace's files gets into a document of the knowledge index.",
    "RAG-FILES-1": "The knowledge index reads nothing outside the folders and files that it was given.",
    "RAG-LABELS-1": "No text, title or address can forge the label of a passage or the end of the list.",
    "RAG-BUDGET-1": "What a model reads of an answer never takes more tokens than it asked for.",
    "MCP-1": "Both current protocol revisions pass the conformance suite's scored checks.",
    "INDEX-1": "A kill at any point of indexing leaves an index that is whole, and no chunk lost or there twice.",
    "INDEX-2": "Several processes may search and refresh one index at once; when its writer dies, another takes over.",
    "INDEX-3": "What one workspace's index holds is in no other workspace's results.",
    "INDEX-4": "From an installed wheel a first search needs no indexing and no network.",
}
