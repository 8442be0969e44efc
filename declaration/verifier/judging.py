"""One entry in its order: why it does not count, and which of the nine checks says so.

Shared by whoever reads a record from its beginning: the verifier, over a bundle, and the monitor, over the network.
"""

from __future__ import annotations

from declaration.errors import DeclarationError
from declaration.procedure import replay
from declaration.procedure.act import Act
from declaration.procedure.state import State
from declaration.verifier.history import History
from declaration.verifier.report import Finding
from declaration.verifier.signatures import Looked

# What a refusal of the procedure is about decides which check it belongs to; what is named nowhere here belongs to check 6.
_OF_HISTORY = ("seen.unknown",)
_OF_ORDER = ("record.", "seen.")
_OF_FORM = ("statement.",)
_OF_AUTHORITY = ("key.", "accredit.", "second.", "constitution.", "role.")
_OF_TEXTS = ("version.words", "version.units", "version.translation", "version.text", "version.language", "version.numbers")
_OF_WORDS = ("amendment.result", "letters.", "unit.")
_OF_ENDORSEMENTS = "endorsement."

Judged = tuple[int, Finding]
"""The number of a check, and what it found."""


def take(state: State, index: int, looked: Looked, history: History) -> list[Judged]:
    """Take the next entry into ``state``, in place, or step over it; return what is wrong with it.

    :param history: the roots of the record up to this entry at least.
    """
    act = looked.act
    if act is None:
        code, what = looked.problem or ("entry.malformed", "cannot be read")
        step_over(state, index)
        return [(4, Finding(code, what, f"entry {index}"))]
    found = [] if looked.problem is not None else other_history(act, history)
    refused = refusal(state, act, looked)
    if refused is None:
        replay.advance(state, act)
        return found
    step_over(state, index, act)
    return [*found, refused]


def other_history(act: Act, history: History) -> list[Judged]:
    """Check 3: the record that the signer had seen is this one."""
    seen = act.statement.seen
    root = history.root(seen.size) if seen.size <= act.index else None
    if root is None or root.hex() == seen.root:
        return []
    return [(3, Finding("seen.other-history", f"its signer saw another record of {seen.size} entries", where(act)))]


def refusal(state: State, act: Act, looked: Looked) -> Judged | None:
    """Why the act does not count: the check, the code and the reason."""
    if looked.problem is not None:
        return 4, Finding(*looked.problem, where(act))
    try:
        replay.check(state, act, formed=looked.formed)
    except DeclarationError as error:
        return _check_of(act, error.code), Finding(error.code, error.message, where(act))
    # Asked last: only now has the body the form of an accreditation, and the new key a point that may be trusted.
    return (5, Finding(*looked.possession, where(act))) if looked.possession is not None else None


def where(act: Act) -> str:
    """Which entry it is, in words."""
    return f"entry {act.index}, {act.type.removesuffix('-v1')} by {act.statement.by.party}"


def step_over(state: State, index: int, act: Act | None = None) -> None:
    """Go on behind an entry that does not count. Its time and its digest were used all the same."""
    state.size = index + 1
    last = state.times[-1] if state.times else None
    if act is not None:
        state.digests.setdefault(act.digest, index)
        if last is None or act.at > last:
            last = act.at
    if last is not None:
        state.times.append(last)


def _check_of(act: Act, code: str) -> int:
    if code in _OF_HISTORY:
        return 3
    if code.startswith(_OF_ORDER):
        return 4
    if code.startswith(_OF_AUTHORITY):
        return 5
    if code.startswith((*_OF_TEXTS, *_OF_WORDS)):
        return 7
    if act.type.startswith(_OF_ENDORSEMENTS) and not code.startswith(_OF_FORM):
        return 8
    return 6
