"""Attribution: where every word of every version comes from.

The zero draft's words come from the zero draft. From then on a version follows from the one before by named steps (accepted
amendments, a Chair's text, an editorial correction), each a list of edits; :func:`follow` merges them and carries the origins along.
What a step leaves alone keeps its origin through moves, splits and joins; what it puts there gets its name, and two names where two
proposed the same words. Every code point, and so every token, has its origin exactly once.

A version that does not follow from its steps is refused: that is the verifier's question *who put these words here*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from declaration.errors import Refused
from declaration.text.composition import Kept, Piece
from declaration.text.edits import Edit
from declaration.text.merge import merge
from declaration.text.tokens import tokens
from declaration.text.units import UnitText


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a unit's text with one origin.

    :param origins: the names of what put it there, sorted; more than one where several proposed the same words.
    """

    start: int
    end: int
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a unit's text with its origin: that of its characters, all of them where they differ."""

    start: int
    end: int
    text: str
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attribution:
    """One version of a text with the origin of every character.

    :param runs: for every unit, runs that cover its text from beginning to end without a gap.
    """

    units: tuple[UnitText, ...]
    runs: Mapping[str, tuple[Run, ...]]

    def tokens(self, unit_id: str) -> list[Token]:
        """Return the tokens of a unit, each with its origin.

        :raises Refused: ``attribution.unit-unknown``
        """
        unit = next((unit for unit in self.units if unit.id == unit_id), None)
        if unit is None:
            raise Refused(f"{unit_id} is not in the text", code="attribution.unit-unknown")
        result: list[Token] = []
        runs = self.runs[unit_id]
        position = first = 0
        for token in tokens(unit.text):
            end = position + len(token)
            while runs[first].end <= position:
                first += 1
            origins: set[str] = set()
            run = first
            while run < len(runs) and runs[run].start < end:
                origins.update(runs[run].origins)
                run += 1
            result.append(Token(position, end, token, tuple(sorted(origins))))
            position = end
        return result

    def words_of(self, origin: str) -> dict[str, list[str]]:
        """Return every stretch of text that a name put into this version, by unit."""
        texts = {unit.id: unit.text for unit in self.units}
        found: dict[str, list[str]] = {}
        for unit_id, runs in self.runs.items():
            for run in runs:
                if origin in run.origins:
                    found.setdefault(unit_id, []).append(texts[unit_id][run.start : run.end])
        return found


def begin(units: Sequence[UnitText], origin: str) -> Attribution:
    """Return the attribution of a first version, all of it ``origin``'s."""
    return Attribution(tuple(units), {unit.id: _whole(unit, origin) for unit in units})


def _whole(unit: UnitText, origin: str) -> tuple[Run, ...]:
    return (Run(0, len(unit.text), (origin,)),) if unit.text else ()


def follow(attribution: Attribution, step: Mapping[str, Sequence[Edit]]) -> Attribution:
    """Return the attribution of the text that follows when everything in ``step`` is accepted together.

    :param step: edits to the version so far, by the name of what they come from.
    :raises Refused: ``attribution.conflict`` where the step's edits do not merge; ``edit.…`` where they are not edits to this version.
    """
    merged = merge(attribution.units, step)
    if merged.conflicts:
        first = merged.conflicts[0]
        raise Refused(f"{' and '.join(first.between)} conflict at {first.unit}: {first.kind}", code="attribution.conflict")
    runs = {unit_id: _carried(pieces, attribution.runs) for unit_id, pieces in merged.pieces.items()}
    return Attribution(merged.units, runs)


def _carried(pieces: Sequence[Piece], before: Mapping[str, tuple[Run, ...]]) -> tuple[Run, ...]:
    found: list[tuple[int, tuple[str, ...]]] = []
    for piece in pieces:
        if isinstance(piece, Kept):
            for run in before[piece.unit]:
                length = min(run.end, piece.end) - max(run.start, piece.start)
                if length > 0:
                    found.append((length, run.origins))
        else:
            found.append((len(piece.text), piece.by))
    runs: list[Run] = []
    position = 0
    for length, origins in found:
        if runs and runs[-1].origins == origins:
            runs[-1] = Run(runs[-1].start, position + length, origins)
        else:
            runs.append(Run(position, position + length, origins))
        position += length
    return tuple(runs)


def require(attribution: Attribution, units: Sequence[UnitText]) -> None:
    """Refuse a version that is not, unit by unit and letter by letter, what its steps give.

    :raises Refused: ``attribution.unexplained``, naming the first unit that differs.
    """
    for given, followed in zip(units, attribution.units, strict=False):
        if given != followed:
            raise Refused(f"{given.id} has words that no accepted act put there", code="attribution.unexplained")
    if len(units) != len(attribution.units):
        longer = units if len(units) > len(attribution.units) else attribution.units
        unit = longer[min(len(units), len(attribution.units))]
        raise Refused(f"{unit.id} was put in or taken out by no accepted act", code="attribution.unexplained")
