"""What hidden cases are drawn from: a secret of 128 bits that an output folder keeps, or a number that was given.

Whoever knows the seed can compute hidden inputs and sample points, at home or in the notebook that is being marked. So
without `--seed` a new OUT draws a secret. It stands in `OUT/.seed`, for its owner only (mode 0600), and nowhere else:
not in a page, the report, `grades.csv` or a notebook. The journal has a fingerprint of it, by which a later run sees
whether a verdict is of this seed; no worker and no cluster gets more than that and the cases that were drawn.

One OUT has one seed. Every later run takes the one that is kept; with another `--seed` it is refused, since half a
class would be marked with other cases, unless `--reseed` asks for all to be graded again. Two first runs at a time
agree on one secret: who comes second finds the first one's. `--seed N` gives the same cases on every machine.
"""

import fcntl
import hashlib
import os
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from grader.pipeline import PipelineError
from grader.pipeline.journal import Journal

NAME = ".seed"
BITS = 128
_KEPT = re.compile(r"(given|secret) (-?\d+)\n")


@dataclass(frozen=True)
class Seed:
    """A seed, and whether somebody gave it; else it is a secret.

    >>> Seed(7, given=True).label, Seed(7, given=False).label
    (7, 'secret 061a2e8f80db7abb')
    """

    number: int
    given: bool

    @property
    def label(self) -> int | str:
        """What the journal calls it: the number that was given, or a fingerprint that tells nothing of the secret."""
        if self.given:
            return self.number
        return f"secret {hashlib.sha256(f'seed/{self.number}'.encode()).hexdigest()[:16]}"

    def told(self, out: Path) -> str:
        """What a terminal shows of it."""
        return f"seed {self.number}" if self.given else f"the seed is kept in {out / NAME}"


def new_seed(wanted: int | None) -> Seed:
    """Return the seed that is wanted, or a new secret."""
    return Seed(secrets.randbits(BITS), False) if wanted is None else Seed(wanted, True)


def kept_seed(out: Path) -> Seed | None:
    """Return the seed that an output folder keeps, None where there is none.

    Raises `PipelineError` for what is no seed.
    """
    try:
        text = (out / NAME).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise PipelineError(f"{out / NAME} can't be read: {error}") from error
    return _parsed(text, out)


def seed_for(out: Path, wanted: int | None, reseed: bool = False) -> Seed:
    """Return the seed of a run into `out`, and write nothing.

    Raises `PipelineError`, unless `reseed`, when `out` was graded with another one than `wanted`, or with one that is
    lost.
    """
    if reseed:
        return new_seed(wanted)
    kept = kept_seed(out) or _of_journal(out, wanted)
    if kept is None:
        return new_seed(wanted)
    if wanted not in (None, kept.number):
        raise PipelineError(
            f"{out} was graded with another seed than {wanted}. Leave --seed out to go on with that one, or add "
            "--reseed to grade everything again."
        )
    return kept


def settled_seed(out: Path, wanted: int | None = None) -> Seed:
    """Return the seed of a run into `out`, as `seed_for` does, and see to it that `out` keeps it."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        with open(os.open(out / NAME, flags, 0o600), "r+", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o600)  # a copy that was put back may have lost it
            fcntl.flock(file, fcntl.LOCK_EX)  # for a moment: another first run waits, and finds this one's
            seed = seed_for(out, wanted)
            if _parsed(file.read(), out) is None:
                _write(file.fileno(), seed)
    except OSError as error:
        raise PipelineError(f"{out / NAME} can't be written: {error}") from error
    return seed


def renew_seed(out: Path, wanted: int | None) -> Seed:
    """Let `out` keep another seed, and return it. Nobody else may be grading into `out`."""
    seed, started = new_seed(wanted), out / f"{NAME}.new"
    try:
        started.unlink(missing_ok=True)
        file = os.open(started, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            _write(file, seed)
        finally:
            os.close(file)
        started.replace(out / NAME)
    except OSError as error:
        raise PipelineError(f"{out / NAME} can't be written: {error}") from error
    return seed


def check_seed(out: Path, seed: Seed) -> None:
    """Raise `PipelineError` when `out` keeps another seed by now."""
    if kept_seed(out) != seed:
        raise PipelineError(f"The seed of {out} was changed while this run began; run it again.")


def _write(file: int, seed: Seed) -> None:
    os.write(file, f"{'given' if seed.given else 'secret'} {seed.number}\n".encode())
    os.fsync(file)


def _parsed(text: str, out: Path) -> Seed | None:
    """The seed in a file; none in an empty one, which a run left that was killed before it had begun."""
    if not text:
        return None
    found = _KEPT.fullmatch(text)
    if found is None:
        raise PipelineError(
            f"{out / NAME} holds no seed. Put it back as it was, or add --reseed to grade everything again."
        )
    return Seed(int(found[2]), found[1] == "given")


def _of_journal(out: Path, wanted: int | None) -> Seed | None:
    """The seed of an output folder that keeps none, by its journal: a number is told there, a secret is not."""
    latest = Journal(out / "journal.jsonl").latest
    labels: Collection[int | str] = {entry["seed"] for entry in latest.values()}
    if not labels:
        return None
    numbers = [label for label in labels if isinstance(label, int)]
    if len(labels) == 1 and numbers:
        return Seed(numbers[0], True)
    if wanted in numbers:
        return new_seed(wanted)
    lost = "several seeds" if len(labels) > 1 else "a secret seed"
    raise PipelineError(
        f"{out} was graded with {lost}, and {out / NAME} is lost. Put that file back, or add --reseed to grade "
        "everything again."
    )
