"""One row of the table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tell:
    """One sentence for some audiences. ``mine``: it waits for them personally.

    The sentence is a lazy translation with ``%(who)s`` (who acted), ``%(what)s`` (the proposal, or the paragraph), ``%(version)s``,
    ``%(language)s``, ``%(organization)s``, ``%(party)s`` (whom it is about). It has no full stop: it is the subject of a mail.
    """

    to: tuple[str, ...]
    says: object
    mine: bool = False

    @property
    def name(self) -> str:
        """Names the sentence among those of its row."""
        return self.to[0]


@dataclass(frozen=True, slots=True)
class Row:
    """What is told of one type of act. A person in several audiences hears the first.

    :ivar type: without ``-v1``.
    :ivar page: where it is read, by name (:data:`declaration.desk.telling.words.PAGES`).
    :ivar urgent: mailed at once, also to those who want one mail a day.
    """

    type: str
    page: str
    tells: tuple[Tell, ...]
    urgent: bool = False


def to(*audiences: str, says: object, mine: bool = False) -> Tell:
    """A :class:`Tell`."""
    return Tell(audiences, says, mine)
