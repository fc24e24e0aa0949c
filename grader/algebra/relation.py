"""Does a relation hold? The one entry point of the algebra: :func:`relate`."""

from collections.abc import Iterator
from typing import Any

from sympy import Add, Derivative, Expr, Limit, Pow, log, preorder_traversal

from grader.algebra.algebraic import sign_of_algebraic
from grader.algebra.budget import OutOfBudget, counted
from grader.algebra.closer import comes_closer
from grader.algebra.comparison import deep_digits, equal_sides, violated
from grader.algebra.conditions import Condition
from grader.algebra.curves import asked_twice
from grader.algebra.definitions import open_definitions
from grader.algebra.domains import DomainSymbol, symbols_of
from grader.algebra.doubts import half_known, without_proof
from grader.algebra.errors import AlgebraError
from grader.algebra.expectations import outcome_as_number
from grader.algebra.expressions import as_expression
from grader.algebra.intervals import Interval, sign_of
from grader.algebra.letters import stray_letter
from grader.algebra.points import readable
from grader.algebra.proof import Proof
from grader.algebra.resolution import constant_difference, refuted_by_opposite
from grader.algebra.trial import Claim, Trial
from grader.algebra.verdicts import Verdict, proved, refuted

RELATIONS = ("=", "≤", "≥", "<", ">", "≈")
_TYPED = {"<=": "≤", ">=": "≥", "~=": "≈"}  # as they are typed on a keyboard
_ALLOWED = {"=": (0,), "≤": (-1, 0), "<": (-1,), "≥": (0, 1), ">": (1,)}  # signs of left − right

_FEWEST_POINTS = 6  # fewer defined points than this say nothing
_SHARE_FOR_POINTS = 0.6  # of the limit; the rest is the proof's


def relate(
    lhs: Any,
    relation: str,
    rhs: Any,
    *,
    error: Any = None,
    points: int = 24,
    seed: int = 0,
    seconds: float = 5.0,
) -> Verdict:
    """Return how far ``lhs relation rhs`` is known on the whole domain of its symbols.

    relation: one of = ≤ ≥ < > ≈; ≈ needs `error`, the largest |lhs − rhs|.
    points: number of small points at which the sides are compared; the first are fixed and readable, the others are
    drawn from `seed`. seconds: the limit, counted in steps of work, as many as a slow processor makes in that time; the
    clock (processor time) only stops what takes four times longer. Running out is *undecided*. Raises AlgebraError for
    an unknown relation, a symbol without a domain, or something that is no expression.

    A point refutes when both sides have values that certainly break the relation: they are enclosed by intervals, with
    more digits where they are close. A side without a value refutes, too, when that is so on more than exceptional
    points (a set of positive measure), or when an index leaves its family. Else it needs a proof whose conditions
    exclude the point. A proof is believed only beside points that agree with it, or, for a limit that settles too
    slowly for that, values that come closer. Where there is none, the places where a delta, a case or a kink changes
    the form, and points far out (large sizes, probabilities near 0 and 1), are tried as well before the relation is
    called *tested*.

    >>> from grader.algebra import positive
    >>> from sympy import log
    >>> x, y = positive("x"), positive("y")
    >>> relate(log(x * y), "=", log(x) + log(y)).status
    'proved'
    >>> relate(log(x + y), "=", log(x) + log(y)).status
    'refuted'
    """
    left, right = as_expression(lhs), as_expression(rhs)
    relation = checked_relation(relation)
    if (relation == "≈") != (error is not None):
        raise AlgebraError(
            "The relation ≈ needs error=, the largest difference that it allows; the others take none."
        )
    margin = None if error is None else as_expression(error)
    claim = Claim(left, relation, right, margin)
    try:
        symbols = symbols_of(left, right, *([] if margin is None else [margin]))
        unclear = _without_meaning(claim)
        if unclear:
            return Verdict("undecided", unclear, 0)
        stray = next((why for side in claim.sides() if (why := stray_letter(side))), "")
    except RecursionError:
        return Verdict("undecided", "the expression is nested too deeply", 0)
    try:
        with counted(seconds):
            found = _decide(claim, symbols, points, seed, seconds) if symbols else _decide_constants(claim)
            return _with_letters(found, stray)
    except (
        AlgebraError
    ) as failure:  # the relation is well formed, so this says only how far the arithmetic goes
        return Verdict("undecided", str(failure), 0)
    except OutOfBudget:
        return Verdict("undecided", f"no decision within {seconds:g} s", 0)
    except RecursionError:
        return Verdict("undecided", "the expression is nested too deeply", 0)


def checked_relation(relation: str) -> str:
    """Return the relation's sign; <= and >= stand for ≤ and ≥. Raises AlgebraError for what is no relation."""
    sign = _TYPED.get(relation, relation) if isinstance(relation, str) else relation
    if sign not in RELATIONS:
        raise AlgebraError(f"Unknown relation {relation!r}; use one of {' '.join(RELATIONS)}.")
    return sign


def _with_letters(found: Verdict, stray: str) -> Verdict:
    """The verdict, but where a letter strays, values decide nothing; that a side has none still refutes."""
    if not stray or found.status == "undecided":
        return found
    if found.counterexample is not None and found.counterexample.reason:
        return found
    return Verdict("undecided", f"{stray}; SymPy may have simplified what does not hold there", 0)


def _without_meaning(claim: Claim) -> str:
    """Why a side says nothing, empty where it does.

    An expectation is not declared, an outcome is taken for a number, a derivative is one by a whole number, a curve is
    looked at in two places.
    """
    places: dict[str, Expr] = {}
    for side in claim.sides():
        outcome = outcome_as_number(side)
        if outcome:
            return f"{outcome} is an outcome with any values, and no number"
        try:
            opened = open_definitions(side)
        except AlgebraError as failure:
            return str(failure)
        twice = asked_twice(opened, places)
        if twice:
            return f"{twice} is looked at in two places, and nothing connects its values there"
        for part in opened.atoms(Derivative):
            for variable in part.variables:
                if variable.is_integer:
                    return f"a derivative by {variable}, which is a whole number, has no meaning"
    return ""


def _decide_constants(claim: Claim) -> Verdict:
    """Decide a relation between two constants: by intervals, exactly if they are algebraic, else by a proof."""
    try:
        found = claim.at({})
    except AlgebraError as failure:
        return Verdict("undecided", str(failure), 0)
    rigorous = not any(side.has(Limit) for side in map(open_definitions, (claim.left, claim.right)))
    method = "interval arithmetic" if rigorous else "values close to the limit"
    if found.finding == "fails":
        return refuted({}, found, 1, method)
    if (
        found.finding == "out of reach" and not rigorous
    ):  # a limit that settles too slowly for values close by
        proof = claim.proof()
        if proof is not None and comes_closer(claim.left, claim.relation, claim.right):
            return proved(proof, 0)
    if found.finding not in ("agrees", "unsettled"):
        return Verdict("undecided", found.reason or "it is undefined", 0)
    if found.certain and rigorous and not any(isinstance(v, Interval) for v in (found.left, found.right)):
        return Verdict("proved", "exact arithmetic", 1)
    if found.certain and rigorous:
        return Verdict("proved", f"{method} with {found.digits} digits", 1)
    if claim.relation != "≈":
        apart = Add(open_definitions(claim.left), -open_definitions(claim.right), evaluate=False)
        sign = sign_of_algebraic(apart)
        if sign is not None and sign not in _ALLOWED[claim.relation]:
            return refuted(
                {}, claim.at({}, *deep_digits(claim.left, claim.right)), 1, "algebraic numbers, exactly"
            )
        if sign is not None:
            return Verdict("proved", "algebraic numbers, exactly", 1)
        gap = constant_difference(claim.left, claim.right) if rigorous and found.left is not None else None
        if gap is not None and sign_of(gap) not in _ALLOWED[claim.relation]:
            return refuted({}, found, 1, "the difference is a number other than 0", gap)
        if gap is not None and sign_of(gap) != 0:
            return Verdict("proved", "the sign of the difference, by interval arithmetic", 1)
    proof = claim.proof()
    if proof is not None and found.finding == "agrees":
        return proved(proof, 1)
    if claim.relation in ("<", ">") and found.left is not None and claim.equality() is not None:
        return refuted({}, equal_sides(found), 1, "the two sides are equal")
    if not rigorous and found.finding == "agrees":
        return Verdict("tested", method, 1)
    deep = claim.at({}, *deep_digits(claim.left, claim.right))
    if deep.finding == "fails":
        return refuted({}, deep, 1, method)
    if deep.finding == "agrees" and deep.certain:
        return Verdict("proved", f"{method} with {deep.digits} digits", 1)
    opposite = refuted_by_opposite(claim, 1)
    if opposite is not None:
        return opposite
    if deep.finding == "agrees":
        return Verdict("undecided", f"both sides agree to {deep.digits // 2} digits, which is no proof", 1)
    return Verdict("undecided", "the two sides are too close to tell", 1)


def _decide(claim: Claim, symbols: list[DomainSymbol], points: int, seed: int, seconds: float) -> Verdict:
    trial = Trial(claim, symbols)
    try:
        with counted(seconds * _SHARE_FOR_POINTS):
            for point in readable(symbols, points, seed):
                if trial.add(point) and trial.refutation is not None:
                    return trial.refutation
    except OutOfBudget:
        return Verdict("undecided", "the evaluation took too long", trial.compared)
    except AlgebraError as failure:
        return Verdict("undecided", str(failure), trial.compared)
    compared = trial.compared
    if compared + len(trial.unsettled) < min(_FEWEST_POINTS, trial.tried) or not trial.tried:
        return Verdict(
            "undecided", f"only {compared} of {trial.tried} points compared: {trial.problem}", compared
        )
    proof = claim.proof()
    if proof is not None:
        return _with_conditions(proof, trial)
    return without_proof(claim, trial)


def _with_conditions(proof: Proof, trial: Trial) -> Verdict:
    """The proof's verdict, if its conditions exclude every point at which one side was undefined.

    A proof says that the sides are equal where both are defined. What cancelled before it began, as in x · 1/x, is a
    condition all the same, so the written denominators and logarithms are asked, too.
    """
    needed = list(proof.conditions)
    written = [c for side in (trial.claim.left, trial.claim.right) for c in _written_conditions(side)]
    for point, found in trial.half:
        if any(violated(condition, point) for condition in needed):
            continue
        excluding = next((c for c in written if violated(c, point)), None)
        if excluding is None:
            return half_known(point, found, trial.compared)
        needed.append(excluding)
    return proved(Proof(proof.method, tuple(needed)), trial.compared)


def _written_conditions(side: Expr) -> Iterator[Condition]:
    """That each denominator is not 0 and each logarithm's argument positive, outside of sums."""
    for part in preorder_traversal(open_definitions(side)):
        if any(symbol.is_Dummy for symbol in part.free_symbols):
            continue
        if isinstance(part, Pow) and part.exp.could_extract_minus_sign():
            yield Condition(part.base, "≠ 0")
        elif isinstance(part, log):
            yield Condition(part.args[0], "> 0")
