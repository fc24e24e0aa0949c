"""The course's algebra: symbols with domains, relations with verdicts, derivations whose steps are checked."""

from grader.algebra.curves import curve
from grader.algebra.definitions import define
from grader.algebra.derivation import Derivation, Line, equation
from grader.algebra.determinants import determinant, triangular
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
from grader.algebra.expectations import function_of, gaussian, law, outcome
from grader.algebra.flawed import FlawedDerivation
from grader.algebra.printing import latex
from grader.algebra.relation import relate
from grader.algebra.tree import decode, decode_symbols, encode, encode_symbols
from grader.algebra.unevaluated import over, plus, times
from grader.algebra.verdicts import Counterexample, Verdict

__all__ = [
    "AlgebraError",
    "Counterexample",
    "Derivation",
    "FlawedDerivation",
    "Line",
    "Verdict",
    "curve",
    "decode",
    "decode_symbols",
    "define",
    "determinant",
    "encode",
    "encode_symbols",
    "equation",
    "evaluate",
    "function_of",
    "gaussian",
    "index",
    "latex",
    "law",
    "outcome",
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
    "triangular",
]
