"""Likely causes of a failure: by the class of its error, by what its text says, and by what happened here before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from engine.model.failure_account import Cause, Evidence, PastFailure

# By error code: the runbook's topic id, and causes with how likely each is of itself.
_CLASSES: dict[str, tuple[str, tuple[tuple[str, float], ...]]] = {
    "auth": ("auth", (
        ("The credentials are missing, wrong or have expired.", 0.6),
        ("The account lacks the permission for this call.", 0.35),
    )),
    "quota": ("quota", (
        ("The account's limit for this kind of object is used up.", 0.7),
        ("Objects that nobody manages any more fill the limit.", 0.25),
    )),
    "rate_limit": ("rate-limit", (
        ("More calls were made than the provider takes in that time.", 0.6),
        ("Something else calls with the same account.", 0.3),
    )),
    "capacity": ("capacity", (
        ("The provider has no room for this size in this region now.", 0.7),
        ("The size is no longer sold in this region.", 0.2),
    )),
    "not_found": ("not-found", (
        ("An object that the step needs was removed outside Groundplan.", 0.6),
        ("A property names an object by an id that never was there.", 0.3),
    )),
    "conflict": ("conflict", (
        ("Something of that name, range or address exists already.", 0.5),
        ("The object is still in use by something else.", 0.4),
    )),
    "invalid": ("invalid", (
        ("The provider does not take a property as it is declared.", 0.6),
        ("A reference came to a value that does not fit.", 0.3),
    )),
    "manifest_invalid": ("invalid", (("The manifest does not say what its types allow.", 0.7),)),
    "transient": ("transient", (
        ("The provider or the way to it did not answer properly, more often than is tried again.", 0.6),
        ("The provider has an outage.", 0.3),
    )),
    "plan_stale": ("plan-stale", (
        ("An object of the plan was changed outside Groundplan after the plan was made.", 0.6),
        ("Another run changed the workspace, or a manifest file was edited, after the plan was made.", 0.35),
    )),
    "lease_lost": ("lost-worker", (("Another process took the run over; this one slept or was cut off.", 0.6),)),
    "cancelled": ("stuck-run", (("A person asked for the run to stop.", 0.9),)),
    "provider_error": ("transient", (("The provider answered with an error that is not known more closely.", 0.4),)),
    "internal": ("", (("A fault in Groundplan itself: the process's log has the details.", 0.6),)),
}  # fmt: skip
# What a text says: (pattern, code, cause, how much it says).
_SIGNS: tuple[tuple[re.Pattern[str], str, str, float], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), code, cause, weight)
    for pattern, code, cause, weight in (
        (r"\ba fault set up\b", "",
         "A fault rule under [providers.demo] in config.toml makes this call fail.", 0.95),
        (r"permission denied \(publickey|host key verification|ssh: |ssh.*(?:refused|timed out|closed)", "transient",
         "SSH does not let us in: the key, the host key or the way to the host is wrong.", 0.7),
        (r"no space left|disk (?:is )?full|enospc", "", "A disk is full.", 0.85),
        (r"\b401\b|unauthori[sz]ed|invalid (?:token|credentials|api key)|authentication failed|token.{0,20}expired",
         "auth", "The provider does not accept the credentials.", 0.75),
        (r"\b403\b|forbidden|access denied|not authori[sz]ed|permission denied(?! \(publickey)|refused our credentials",
         "auth", "The account may not do this.", 0.65),
        (r"quota|limit (?:is )?(?:reached|exceeded)|exceeds? (?:the |your )?limit|may have \d+ of", "quota",
         "The account's limit is reached.", 0.75),
        (r"\b429\b|too many (?:requests|calls)|rate.?limit|throttl", "rate_limit",
         "The provider asks for fewer calls.", 0.75),
        (r"insufficient.{0,20}capacity|no room|out of (?:stock|capacity)|resource_unavailable|capacity", "capacity",
         "The provider has no room for it now.", 0.7),
        (r"\b409\b|already (?:exists|in use|taken)|conflict|overlaps|is in use", "conflict",
         "It collides with something that is there.", 0.7),
        (r"\b404\b|not found|no such|does(?:n't| not) (?:exist|know)|vanished", "not_found",
         "Something that it needs is not there.", 0.6),
        (r"the world moved|state has moved|was edited since the plan|plan_stale", "plan_stale",
         "State, a file or the world moved since the plan was made.", 0.9),
        (r"name or service not known|could not resolve|temporary failure in name resolution|nxdomain", "transient",
         "A name could not be resolved: DNS or the network of this machine.", 0.75),
        (r"certificate|x509|ssl|tls handshake", "transient",
         "The certificate or the TLS connection is not right.", 0.65),
        (r"timed? ?out|timeout|connection (?:reset|refused|aborted)|broken pipe|unreachable|did not answer",
         "transient", "The connection to the provider broke or took too long.", 0.65),
        (r"\b50[0-4]\b|bad gateway|service unavailable|internal server error", "transient",
         "The provider has trouble of its own.", 0.65),
        (r"can't go from|is no (?:size|image|region)|refused the properties|validation|\b422\b|\b400\b|invalid",
         "invalid", "A property is not one that the provider takes.", 0.6),
        (r"lease", "lease_lost", "The worker lost its lease.", 0.5),
    )
)  # fmt: skip
_MOST = 5


def codes_in(text: str) -> list[str]:
    """Error codes that a text names, then those that it sounds like, without repeats."""
    lower = text.lower()
    named = [code for code in _CLASSES if re.search(rf"\b{code}\b", lower) and ("_" in code or _is_code(code, lower))]
    signs = [code for pattern, code, _, _ in _SIGNS if code and pattern.search(text)]
    return list(dict.fromkeys([*named, *signs]))


def runbooks_for(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(topic for code in codes if (topic := _CLASSES.get(code, ("", ()))[0])))


def rank_causes(
    codes: Sequence[str], texts: Sequence[str], similar: Sequence[PastFailure] = (), evidence: Sequence[Evidence] = ()
) -> tuple[Cause, ...]:
    """Likeliest first. What the text says outweighs the class, and what helped here before stands beside both."""
    found = [*_by_text(texts), *_by_class(codes, evidence), *_by_history(similar)]
    best: dict[str, Cause] = {}
    for each in found:
        if each.text not in best or best[each.text].weight < each.weight:
            best[each.text] = each
    return tuple(sorted(best.values(), key=lambda cause: -cause.weight)[:_MOST])


def _is_code(code: str, lower: str) -> bool:
    """`quota` as a code, not as a word: `code: quota`, `"quota"`, `(quota)`."""
    return re.search(rf"""code["']?\s*[:=]\s*["']?{code}\b|[("'`]{code}[)"'`]|^{code}\b""", lower) is not None


def _by_class(codes: Sequence[str], evidence: Sequence[Evidence]) -> Iterable[Cause]:
    for place, code in enumerate(codes):
        same = sum(1 for each in evidence if each.code == code)
        many = f", which {same} steps of this run met" if same > 1 else ""
        for text, weight in _CLASSES.get(code, ("", ()))[1]:
            yield Cause(text, f"the error's class is {code}{many}", round(max(0.05, weight - 0.15 * place), 2))


def _by_text(texts: Sequence[str]) -> Iterable[Cause]:
    for pattern, _, cause, weight in _SIGNS:
        for text in texts:
            if said := pattern.search(text):
                yield Cause(cause, f"the error says “{said[0][:60]}”", weight)
                break


def _by_history(similar: Sequence[PastFailure]) -> Iterable[Cause]:
    solved = [each for each in similar if each.resolved_by and "code" in each.alike]
    if solved:
        first = solved[0]
        weight = min(0.9, 0.55 + 0.1 * len(solved) + (0.1 if "address" in first.alike else 0))
        reason = f"{len(solved)} similar failure{'s' if len(solved) > 1 else ''} of this workspace ended well"
        yield Cause(f"The same as in {first.run_id}: {first.resolution}", reason, round(weight, 2))
    unsolved = [each for each in similar if not each.resolved_by and "address" in each.alike]
    if len(unsolved) > 1:
        text = f"{unsolved[0].address} has something lasting: it failed before and never worked since."
        yield Cause(text, f"{len(unsolved)} earlier failures on this address", 0.5)
