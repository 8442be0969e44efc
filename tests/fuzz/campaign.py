"""A campaign: mutants 0, 1, 2 … of one seed, each the same on every machine, so that any can be made again and a run can go on."""

from __future__ import annotations

import json
import random
import resource
import signal
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.subjects import ACCEPTED, SUBJECTS, Mutant, asked

PATIENCE = 60
"""Seconds for one mutant on the slowest machine; an honest bundle takes a hundredth of one."""


@dataclass
class Campaign:
    """What was done so far.

    :ivar following: number of the next mutant.
    :ivar verdicts: how many of each subject were refused, were the same in content, or failed.
    :ivar kinds: how many of each kind of change.
    """

    seed: str
    following: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def run(self, count: int, keep: Path | None = None, progress: Callable[[Campaign], None] | None = None) -> None:
        """Make and judge the next ``count``; a mutant that fails is kept as a file."""
        for _ in range(count):
            self._one(keep)
            if progress is not None:
                progress(self)

    def _one(self, keep: Path | None) -> None:
        number = self.following
        name, mutant = drawn(self.seed, number)
        problem = self._judge(name, mutant)
        self.kinds[f"{name}, {mutant.what}"] += 1
        self.following += 1
        if problem:
            self.failures.append(f"mutant {number} of seed {self.seed}: {name}, {mutant.what}: {problem}")
            if keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{self.seed}-{number}-{name}").write_bytes(mutant.data)

    def _judge(self, name: str, mutant: Mutant) -> str:
        try:
            with patience():
                verdict = asked(SUBJECTS[name][1], mutant)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            self.verdicts[f"{name}: escaped"] += 1
            return f"{type(error).__name__} escapes\n{''.join(traceback.format_exception(error, limit=-3))}"
        self.verdicts[f"{name}: {verdict}"] += 1
        return "accepted, and it is not what was signed" if verdict == ACCEPTED else ""

    # -- going on ----------------------------------------------------------------------------------------------------------

    def save(self, path: Path) -> None:
        """Keep how far it came, so that the next run goes on from there."""
        value = {"seed": self.seed, "next": self.following, "verdicts": self.verdicts, "kinds": self.kinds, "failures": self.failures}
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(value, indent=1), encoding="utf-8")
        fresh.replace(path)

    @classmethod
    def resumed(cls, path: Path, seed: str) -> Campaign:
        """Where the file says, if it is of this seed; from the beginning otherwise."""
        if not path.exists() or (kept := json.loads(path.read_text(encoding="utf-8")))["seed"] != seed:
            return cls(seed)
        return cls(seed, kept["next"], Counter(kept["verdicts"]), Counter(kept["kinds"]), kept["failures"])

    def report(self) -> str:
        """What was done, for people."""
        done = sum(self.verdicts.values())
        lines = [f"{done} mutants of seed {self.seed}, up to number {self.following - 1}: {len(self.failures)} failures"]
        lines += [f"  {count:>8}  {what}" for what, count in sorted(self.verdicts.items())]
        lines += [f"  {count:>8}  changed: {what}" for what, count in sorted(self.kinds.items())]
        lines += [f"peak memory {_peak() >> 10} MiB"]
        return "\n".join([*lines, *(f"FAILURE: {each}" for each in self.failures)]) + "\n"


def _peak() -> int:
    """KiB that this program had at most; the system's account of the process keeps what its parent had before it began."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def drawn(seed: str, number: int) -> tuple[str, Mutant]:
    """Mutant ``number`` of this seed: of which subject, and itself."""
    how = random.Random(f"{seed}/{number}")
    names = list(SUBJECTS)
    name = how.choices(names, [SUBJECTS[each][0] for each in names])[0]
    return name, SUBJECTS[name][1].make(how)


@contextmanager
def patience() -> Iterator[None]:
    """Whatever takes longer is thrown out, and is a failure."""

    def over(*_: object) -> None:
        raise TimeoutError(f"more than {PATIENCE} seconds")

    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
