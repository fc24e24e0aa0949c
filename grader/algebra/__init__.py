"""The course's algebra: symbols with domains, relations with verdicts, derivations whose steps are checked."""

from grader.algebra.definitions import define
from grader.algebra.derivation import Derivation, Line, equation
from grader.algebra.domains import (
    index,
    positive,
    positives,
    probabilities,
    probability,
    real,
    reals,
    sample,
    simplex,
    size,
)
from grader.algebra.errors import AlgebraError
from grader.algebra.evaluation import evaluate
from grader.algebra.printing import latex
from grader.algebra.relation import relate
from grader.algebra.tree import decode, decode_symbols, encode, encode_symbols
from grader.algebra.unevaluated import over, plus, times
from grader.algebra.verdicts import Counterexample, Verdict

__all__ = [
    "AlgebraError",
    "Counterexample",
    "Derivation",
    "Line",
    "Verdict",
    "decode",
    "decode_symbols",
    "define",
    "encode",
    "encode_symbols",
    "equation",
    "evaluate",
    "index",
    "latex",
    "over",
    "plus",
    "positive",
    "positives",
    "probabilities",
    "probability",
    "real",
    "reals",
    "relate",
    "sample",
    "simplex",
    "size",
    "times",
]
