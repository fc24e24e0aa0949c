"""What is made while a chapter runs: its derivations for the ledger, its named symbols for the page on notation.

In a chapter one name has one meaning. A name that is given a second one raises while a record is active: in the run
for the ledger, and in the kernels of the book's build, which start with one (see ``ONE_MEANING``).
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.algebra.errors import AlgebraError

if TYPE_CHECKING:
    from grader.algebra.derivation import Derivation

ONE_MEANING = "SURPRISAL_ONE_MEANING"  # environment variable: this process runs one chapter of the book


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
    """The derivations and the named symbols that were made, in order.

    names: printed name, ``%s`` for an index → what it was given to first.
    """

    derivations: list["Derivation"] = field(default_factory=list)
    symbols: list[Named] = field(default_factory=list)
    names: dict[str, Named] = field(default_factory=dict)

    def name(self, name: str, given: Named) -> None:
        """Note what a name stands for. Raises AlgebraError when it, or a name it is an instance of, stands for else."""
        for known, before in self.names.items():
            if _same_name(known, name) and not _same_meaning(before, given, known == name):
                raise AlgebraError(
                    f"The name {given.tex} has two meanings in this chapter: {_described(before)}; and "
                    f"{_described(given)}. Give one of them another name."
                )
        self.names.setdefault(name, given)


def _same_name(one: str, other: str) -> bool:
    """Whether two printed names are the same, or one is an entry of the other: s_k of s_{%s}."""
    one, other = _plain(one), _plain(other)
    return one == other or bool(_pattern(one).fullmatch(other) or _pattern(other).fullmatch(one))


def _plain(name: str) -> str:
    """The name without spaces and the braces that TeX does not need: s_{k} is s_k."""
    return re.sub(r"\{(\w|%s|\\[a-zA-Z]+)\}", r"\1", name.replace(" ", ""))


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(re.escape(name).replace(re.escape("%s"), "%s").replace("%s", r"(\w|\\[a-zA-Z]+)"))


def _same_meaning(one: Named, other: Named, whole: bool) -> bool:
    """Whether two uses of a name agree: in domain or definition, and in words, where both have some.

    A quantity that is the same in words may be a symbol here and defined there (N, and N = Σ n_k), or be looked at on a
    part of its domain (a loss that is positive). whole: whether the names are the same; else one is an entry of the
    other, and only the entries' domain is compared.
    """
    if not whole:
        return _of_an_entry(one.domain) == _of_an_entry(other.domain)
    if one.domain == other.domain:
        return len({one.meaning, other.meaning} - {""}) < 2
    if _of_an_entry(one.domain) == _of_an_entry(other.domain):
        return one.meaning == other.meaning != ""  # a family that is made again with another length
    defined = one.domain.startswith("$"), other.domain.startswith("$")
    return one.meaning == other.meaning != "" and not all(defined) and (any(defined) or _nested(one, other))


def _nested(one: Named, other: Named) -> bool:
    """Whether one domain is part of the other: a distribution is positive, a positive number is real."""
    depths, sizes = zip(*(_depth(named.domain) for named in (one, other)), strict=True)
    return None not in depths and depths[0] != depths[1] and sizes[0] == sizes[1]


def _depth(domain: str) -> tuple[int | None, str]:
    """How far inside of the real numbers a domain's words say that it lies, and how many entries it has."""
    words = _of_an_entry(domain)
    depths = {"real": 0, "positive": 1, "in the open interval (0, 1)": 2, "positive, with sum 1": 2}
    return depths.get(words), domain.removeprefix(words)


def _of_an_entry(domain: str) -> str:
    return re.sub(r", [^,]+ entries$", "", domain)


def _described(named: Named) -> str:
    return f"{named.tex} {named.domain}" + (f" ({named.meaning})" if named.meaning else "")


_active: list[Record] = [Record()] if os.environ.get(ONE_MEANING) else []


@contextmanager
def recording() -> Iterator[Record]:
    """Collect what is made inside the block."""
    record = Record()
    _active.append(record)
    try:
        yield record
    finally:
        _active.remove(record)


def is_recording() -> bool:
    """Whether a record is active."""
    return bool(_active)


def note_derivation(derivation: "Derivation") -> None:
    """Put a derivation into the record, when there is one."""
    if _active:
        _active[-1].derivations.append(derivation)


def note_symbol(name: str, tex: str, meaning: str, domain: str, unit: str = "") -> None:
    """Put a symbol into the record, when there is one; on the page on notation when it has a meaning.

    name: as it is printed, ``%s`` for an index. Raises AlgebraError when the name stands for something else already.
    """
    if _active:
        named = Named(tex, meaning, domain, unit)
        _active[-1].name(name, named)
        if meaning:
            _active[-1].symbols.append(named)
