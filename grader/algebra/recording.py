"""What is made while a chapter runs: its derivations for the ledger, its named symbols for the page on notation."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.algebra.derivation import Derivation


@dataclass(frozen=True)
class Named:
    """A symbol with its meaning.

    tex: its TeX. meaning: what it stands for. domain: where it takes its values, or its definition as $= …$. unit: ""
    for none.
    """

    tex: str
    meaning: str
    domain: str
    unit: str = ""


@dataclass
class Record:
    """The derivations and the named symbols that were made, in order."""

    derivations: list["Derivation"] = field(default_factory=list)
    symbols: list[Named] = field(default_factory=list)


_active: list[Record] = []


@contextmanager
def recording() -> Iterator[Record]:
    """Collect what is made inside the block."""
    record = Record()
    _active.append(record)
    try:
        yield record
    finally:
        _active.remove(record)


def note_derivation(derivation: "Derivation") -> None:
    """Put a derivation into the record, when there is one."""
    if _active:
        _active[-1].derivations.append(derivation)


def note_symbol(tex: str, meaning: str, domain: str, unit: str = "") -> None:
    """Put a symbol into the record, when there is one and the symbol has a meaning."""
    if _active and meaning:
        _active[-1].symbols.append(Named(tex, meaning, domain, unit))
