"""A chain with one wrong line: it is refuted, the others are proved, and anything else is refused."""

import doctest

import pytest
from sympy import Rational, log

from grader.algebra import AlgebraError, FlawedDerivation, flawed, positive
from grader.algebra.ledger import Chapter, entries

a, b = positive("a"), positive("b")


def chain() -> FlawedDerivation:
    """Return a chain whose second line is wrong."""
    d = FlawedDerivation("logarithms", title="Logarithms, with one wrong line")
    d.start(log(2 * a * b))
    d.step("=", log(2) + log(a * b), because="a product is a sum")
    d.flaw(
        "=",
        log(2) + log(a) * log(b),
        because="a product is a product",
        instead=log(2) + log(a) + log(b),
        why="A logarithm turns a product into a sum.",
    )
    d.step("=", log(a) * log(b) + log(2), because="the order does not matter")
    return d


def test_the_docstring_is_right() -> None:
    assert doctest.testmod(flawed).failed == 0


def test_exactly_one_line_is_refuted_and_the_others_are_proved() -> None:
    d = chain()
    assert [line.status for line in d.lines[1:]] == ["proved", "refuted", "proved"]
    assert d.flawed.number == 2
    assert d.flawed.instead.status == "proved"
    assert d.summary() == "One line refuted, 2 proved"


def test_a_line_that_is_true_is_no_flaw() -> None:
    d = FlawedDerivation("true")
    d.start(log(a * b))
    with pytest.raises(AlgebraError, match="true, step 1 should be wrong and is not refuted"):
        d.flaw("=", log(a) + log(b), because="a reason", instead=log(a * b), why="Nothing.")
    assert len(d.lines) == 1


def test_what_should_stand_there_must_be_proved() -> None:
    d = FlawedDerivation("wrong-twice")
    d.start(log(a * b))
    with pytest.raises(AlgebraError, match="what should stand in step 1 is not proved"):
        d.flaw("=", log(a), because="a reason", instead=log(b), why="Wrong as well.")
    assert len(d.lines) == 1


def test_a_second_flaw_is_refused() -> None:
    d = chain()
    with pytest.raises(AlgebraError, match="has a wrong line already"):
        d.flaw("=", log(a), because="a reason", instead=log(a) * log(b) + log(2), why="Wrong.")


def test_a_wrong_line_can_not_be_added_as_a_step() -> None:
    d = chain()
    with pytest.raises(AlgebraError, match="step 4 .* is refuted"):
        d.step("=", log(a), because="a reason")


def test_a_line_that_is_only_tested_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from grader.algebra import Verdict, derivation

    monkeypatch.setattr(derivation, "relate", lambda *_, **__: Verdict("tested", "random points", 24))
    d = FlawedDerivation("tested")
    d.start(log(a))
    with pytest.raises(AlgebraError, match="tested, step 1 is tested"):
        d.step("=", log(a), because="a reason")


def test_a_chain_without_its_wrong_line_is_not_shown() -> None:
    d = FlawedDerivation("all-right")
    with pytest.raises(AlgebraError, match="has no start"):
        d.flaw("=", a, because="a reason", instead=a, why="No start.")
    d.start(log(a * b))
    d.step("=", log(a) + log(b), because="a product is a sum")
    with pytest.raises(AlgebraError, match="all-right has no wrong line"):
        d.markdown()


def test_an_inequality_the_wrong_way_round_can_be_the_flaw() -> None:
    d = FlawedDerivation("tangent")
    d.start(log(a))
    d.flaw("≥", a - 1, because="a tangent", instead=a - 1, instead_relation="≤", why="The wrong way round.")
    d.step(">", a - Rational(3, 2), because="a larger number is taken away")
    assert (d.flawed.instead.relation, d.flawed.instead.status) == ("≤", "proved")


def test_the_page_keeps_the_verdict_closed_and_shows_the_counterexample_behind_it() -> None:
    before, behind = chain().markdown().split("::::{dropdown} Which line is wrong?")
    assert "refuted" not in before and "A logarithm turns" not in before
    assert "$$ (logarithms)" in before and "Claimed for $a, b > 0$." in before
    assert "**Line (2).** A logarithm turns a product into a sum." in behind
    assert "the left side is" in behind and "the right side" in behind
    assert r"\overset{\scriptscriptstyle(2)}{=} \log 2 + \log a + \log b" in behind


def test_the_ledger_lists_the_line_that_should_stand_there() -> None:
    found = entries(Chapter("11_exam", (chain(),)))
    assert [(e["step"], e["status"], e["flawed"]) for e in found] == [
        (1, "proved", True),
        (2, "proved", True),
        (3, "proved", True),
    ]
    assert found[1]["from"] == found[0]["tex"]
    assert found[1]["tex"] == chain().flawed.instead.latex()
