"""Symbols carry their domains, and points are drawn from them."""

import pickle
import random

import pytest
from sympy import Symbol

from grader.algebra import AlgebraError, index, positive, real, reals, sample, simplex, size
from grader.algebra.domains import symbols_of
from tests.algebra.vocabulary import T, V, j, p, r, rho, z


def test_a_symbol_is_its_name_and_its_domain() -> None:
    assert real("x") == real("x")
    assert real("x") != positive("x")
    assert size("V") == V
    assert size("V", at_least=2) != V
    assert reals("z", V)[j] == z[j]
    assert pickle.loads(pickle.dumps(j)) == j


def test_points_lie_in_the_domains() -> None:
    rng = random.Random(1)
    for _ in range(300):
        point = sample([z, p, r, T, rho, j], rng)
        assert len(point["z"]) == len(point["p"]) == point["V"] >= 1
        assert 1 <= point["j"] <= point["V"]
        assert abs(sum(point["p"]) - 1) < 1e-12
        assert min(point["p"]) > 0
        assert all(0 < value < 1 for value in [*point["r"], point["rho"]])
        assert point["T"] > 0


def test_indices_coincide_and_differ_among_few_points() -> None:
    rng = random.Random(0)
    i = index("i", V)
    same = [point["i"] == point["j"] for point in (sample([i, j], rng) for _ in range(24))]
    assert 4 < sum(same) < 20


def test_points_are_repeatable_and_plain() -> None:
    import json

    first, second = (sample([z, p], random.Random(5)) for _ in range(2))
    assert first == second == json.loads(json.dumps(first))


def test_a_size_respects_its_minimum() -> None:
    W = size("W", at_least=3)
    assert min(sample([W], random.Random(n))["W"] for n in range(40)) == 3


def test_an_index_over_what_may_be_empty_is_drawn_where_it_is_not() -> None:
    gap = index("g", V - 1)
    assert all(sample([gap], random.Random(n))["V"] >= 2 for n in range(20))


@pytest.mark.parametrize("bad", ["", "a b", "f(x)", 3, "x" * 50, "a.b"])
def test_a_name_is_a_short_word(bad: object) -> None:
    with pytest.raises(AlgebraError, match="name"):
        real(bad)  # type: ignore[arg-type]


def test_a_size_is_whole() -> None:
    with pytest.raises(AlgebraError, match="size"):
        reals("z", T)


def test_a_symbol_without_a_domain_is_named() -> None:
    with pytest.raises(AlgebraError, match="x has no domain"):
        symbols_of(Symbol("x") + 1)


def test_a_distribution_brings_its_size() -> None:
    assert [s.name for s in symbols_of(simplex("q", V)[j])] == ["V", "j", "q"]


def test_symbols_that_differ_in_their_domain_only_stand_in_one_expression() -> None:
    m, V = size("m"), size("V")
    pairs = [(index("k", m), index("k", V)), (reals("z", m)[1], reals("z", V)[1])]
    for one, other in pairs:
        assert one * other + one != one**2 + one
        assert one * other == other * one
