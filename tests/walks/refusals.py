"""What must be refused: by which rule, with which answer, and what shows that the rule, and nothing else, stood in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

WITHOUT_KEY = "key.unknown"
"""Members hold no signing key: whatever they sign is refused before anybody asks what it is."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One refusal.

    :ivar code: the rule's. :ivar status: of the answer to a browser.
    :ivar then: the step in which the entitled person did the same at the right moment; it may lie before.
    :ivar says: words of the answer, one of several.
    :ivar page: what the page says to somebody who cannot even sign.
    """

    code: str
    status: int
    then: str
    says: str = ""
    page: str = ""


REFUSALS: Mapping[str, Refusal] = {
    "J1.11": Refusal("role.not-entitled", 403, then="J1.12", says="Ask chair"),
    "J2.6": Refusal(WITHOUT_KEY, 409, then="J2.7", page="role.not-entitled"),
    "J2.18": Refusal(WITHOUT_KEY, 409, then="J2.19", page="role.not-entitled"),
    "J2.25": Refusal("silence.state", 409, then="J2.19", says="UZ|Uzbekistan"),
    "J3.4": Refusal("amendment.state", 409, then="J3.5", says="The Chair may give leave"),
    "J4.7": Refusal("amendment.state", 409, then="J4.9", says="confirm it against the new words"),
    "J6.3": Refusal("agreed.reserves", 409, then="J6.5", says="KZ|Kazakhstan"),
    "J6.13": Refusal("confirmation.waiting", 409, then="J6.19", says="UZ"),
    "J7.16": Refusal("correction.stage", 409, then="J7.1"),
    "J8.7": Refusal("declaration.state", 409, then="before J8.3", says="explanation of position is still possible"),
    "J8.8": Refusal("correction.stage", 409, then="J7.1", says="corrigendum"),
    "J9.13": Refusal("endorsement.state", 409, then="J9.18"),
    "J9.21": Refusal("endorsement.window-closed", 409, then="J9.8", says="can still accede"),
    "J10.10": Refusal("key.revoked", 409, then="J10.2", says="revoked"),
    "J11.7": Refusal("access.sign-in", 401, then="J10.8"),
    "J12.9": Refusal("role.not-entitled", 403, then="J12.10", says="depositary"),
}


@dataclass(frozen=True, slots=True)
class Departure:
    """A step of the journeys that this service takes otherwise: why, and with which refusal at once (none: nobody has to do it)."""

    because: str
    code: str = ""
    status: int = 0


_AT_THE_DOOR = "One organization, one signature is decided as it comes in, and what is refused is not recorded: the first stands."

DEPARTING: Mapping[str, Departure] = {
    "J9.10": Departure(_AT_THE_DOOR, "endorsement.duplicate", 409),
    "J9.11": Departure("It was refused already: there is nothing that the depositary could refuse."),
}
