"""A false proof is the worst defect there is. Here the prover is asked alone, without the points that guard it."""

import random
from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sympy import Add, Expr, Integer, KroneckerDelta, Mul, Pow, Product, Rational, Sum, exp, log

from grader.algebra.budget import OutOfBudget, limited
from grader.algebra.comparison import compare
from grader.algebra.domains import sample, symbols_of
from grader.algebra.proof import prove as found_proof
from tests.algebra.vocabulary import V, a, b, i, j, k, m, p, r, rho, t, v, x, z

LEAVES = [
    KroneckerDelta(i, j),
    x,
    a,
    b,
    rho,
    z[j],
    z[i],
    v[j],
    p[i],
    p[j],
    Integer(1),
    Integer(2),
    Integer(-1),
    Rational(1, 2),
]
INSIDE_A_SUM = [z[k], v[k], p[k], z[j], x, KroneckerDelta(k, j), KroneckerDelta(k, i), Integer(1), Integer(2)]


def grown(leaves: list[Expr]) -> st.SearchStrategy[Expr]:
    def extend(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
        pair = st.tuples(inner, inner)
        return st.one_of(
            pair.map(lambda ab: Add(*ab, evaluate=False)),
            pair.map(lambda ab: Mul(*ab, evaluate=False)),
            inner.map(lambda e: exp(e, evaluate=False)),
            inner.map(lambda e: Mul(-1, e, evaluate=False)),
            inner.map(lambda e: Pow(e, 2, evaluate=False)),
            inner.map(lambda e: Pow(e, -1, evaluate=False)),
            inner.map(lambda e: log(exp(e, evaluate=False), evaluate=False)),
            inner.map(lambda e: log(e, evaluate=False)),
        )

    return st.recursive(st.sampled_from(leaves), extend, max_leaves=6)


bodies = grown(INSIDE_A_SUM)
ranges = st.sampled_from(
    [(k, 1, V - 1), (k, 2, V), (k, 1, j), (k, j, V), (k, j + 1, V), (k, 1, j - 1), (k, 0, V - 1)]
)
expressions = st.one_of(
    grown(LEAVES),
    st.builds(Sum, grown([z[k], v[k + 1], z[k + 1], x, Integer(2), k]), ranges),
    st.builds(Product, st.sampled_from([exp(z[k]), p[k], p[k + 1] / p[k], p[k] * z[j]]), ranges),
    bodies.map(lambda e: Sum(e, (k, 1, V))),
    bodies.map(lambda e: log(Sum(exp(e, evaluate=False), (k, 1, V)), evaluate=False)),
    bodies.map(lambda e: Sum(Sum(Mul(e, z[i], evaluate=False), (k, 1, V)), (i, 1, V))),
    st.sampled_from([Product(r[t], (t, 1, m)), Product(exp(z[k]), (k, 1, V)), Product(p[k] ** 2, (k, 1, V))]),
)
changes = st.sampled_from(
    [
        lambda e: e.xreplace({z[j]: z[i]}),
        lambda e: e.xreplace({z[k]: v[k]}),
        lambda e: e.doit() if e.is_commutative else e,
        lambda e: e.expand(),
        lambda e: e + 1,
        lambda e: 2 * e,
        lambda e: -e,
        lambda e: e.xreplace({i: j}),
        lambda e: e.func(*e.args) if e.args else e,
    ]
)


def prove(left: Expr, relation: str, right: Expr) -> bool:
    try:
        with limited(2.0):
            return found_proof(left, relation, right) is not None
    except (OutOfBudget, RecursionError):
        return False


def built(change: Callable[[Expr], Expr], expr: Expr) -> Expr:
    """The changed expression; SymPy divides by zero while it builds some of them."""
    try:
        return change(expr)
    except ArithmeticError:
        return expr


def contradicted(left: Expr, relation: str, right: Expr) -> str | None:
    """A point at which both sides have values that break the relation."""
    rng = random.Random(11)
    symbols = symbols_of(left, right)
    for _ in range(30):
        point = sample(symbols, rng)
        with limited(5.0):
            found = compare(left, relation, right, None, point)
        if found.finding == "fails":
            return f"{point}: {found.left}, {found.right}"
    return None


fuzzed = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@fuzzed
@given(expressions, changes)
def test_no_false_equality_is_proved(expr: Expr, change) -> None:  # type: ignore[no-untyped-def]
    other = built(change, expr)
    if prove(expr, "=", other):
        assert contradicted(expr, "=", other) is None, (expr, other)


@fuzzed
@given(expressions, expressions)
def test_no_false_inequality_is_proved(left: Expr, right: Expr) -> None:
    for relation in ("≤", "<"):
        if prove(left, relation, right):
            assert contradicted(left, relation, right) is None, (left, relation, right)


@fuzzed
@given(expressions)
def test_no_false_sign_is_proved(expr: Expr) -> None:
    if prove(Integer(0), "≤", expr):
        assert contradicted(Integer(0), "≤", expr) is None, expr


def test_the_search_meets_provable_statements() -> None:
    """The fuzzing would say nothing if nothing were ever proved."""
    assert prove(Sum(z[k] * p[k], (k, 1, V)), "=", Sum(p[i] * z[i], (i, 1, V)))
    assert prove(Integer(0), "≤", exp(x) * rho)
    assert not prove(Sum(z[k], (k, 1, V)), "=", Sum(v[k], (k, 1, V)))
