"""Derivations: checked when written, printed as checked, kept when a student is wrong."""

import pytest
from sympy import Add, Derivative, KroneckerDelta, Mul, Rational, Sum, exp, log

from grader.algebra import AlgebraError, Derivation, define, equation, latex
from grader.algebra.ledger import Chapter, entries
from grader.algebra.recording import recording
from tests.algebra.vocabulary import LSE, NLL, T, V, a, b, i, j, k, m, p, q, r, softmax, t, x, y, z

y_hat = define(r"\hat y_{%s}", softmax)
lse = define(r"\operatorname{LSE}(z)", lambda: LSE)()


def gradient() -> Derivation:
    d = Derivation("gradient", title="The gradient")
    d.start(Derivative(NLL, z[j]))
    d.step("=", Add(Derivative(lse, z[j]), -KroneckerDelta(j, y), evaluate=False), because="the sum rule")
    d.step("=", Add(y_hat(j), -KroneckerDelta(j, y), evaluate=False), because="the definition of the softmax")
    return d


def test_a_wrong_step_stops_the_book_with_its_counterexample() -> None:
    d = Derivation("wrong")
    d.start(Derivative(NLL, z[j]))
    with pytest.raises(AlgebraError, match=r"wrong, step 1 \(a slip\) is refuted: at .*left side"):
        d.step("=", y_hat(j) + KroneckerDelta(j, y), because="a slip")
    assert len(d.lines) == 1


def test_an_undecided_step_stops_the_book() -> None:
    d = Derivation("undefined")
    d.start(log(-a))
    with pytest.raises(AlgebraError, match="undecided"):
        d.step("=", log(-a))


def test_a_student_keeps_a_wrong_step_and_sees_why() -> None:
    d = Derivation("attempt", strict=False)
    d.start(log(a * b))
    d.step("=", log(a) * log(b), because="<b>hm</b>")
    d.step("=", log(b) * log(a))
    assert d.lines[1].verdict is None
    shown = d._repr_mimebundle_()
    assert "refuted" in shown["text/html"]
    assert "proved" in shown["text/html"]  # the next line follows from the wrong one
    assert "&lt;b&gt;" in shown["text/html"]
    assert "text/markdown" not in shown


def test_the_book_gets_a_label_reasons_and_a_box_with_the_checks() -> None:
    text = gradient().markdown()
    assert text.startswith("$$\n\\begin{aligned}")
    assert "$$ (gradient)" in text
    assert "Every step proved (2)" in text
    assert "(1) the sum rule." in text
    assert "agrees at" in text


def test_a_derivation_says_in_one_line_for_which_values_it_is_known() -> None:
    assert gradient().stated() == r"For $V \ge 1$, $1 \le j, y \le V$, $z$ real."
    text = gradient().markdown()
    assert ":::{div} derivation-domain\nFor $V \\ge 1$," in text
    d = Derivation("quotient", title="A cancelled factor", strict=False)
    d.start((x**2 - 1) / (x - 1))
    d.step("=", x + 1)
    assert "For $x$ real; $x \\ne 1$." in d.html()
    assert "For $p, q$ distributions without zeros" not in equation("p", log(a), "=", log(a)).markdown()
    spread = equation("spread", Sum(p[k] * r[1] * T, (k, 1, V)), "=", r[1] * T)
    assert spread.stated() == r"For $V, m \ge 1$, $T > 0$, $0 < r < 1$, $p$ a distribution without zeros."
    assert equation("one", log(1), "=", 0).stated() == ""


def test_a_tested_step_says_that_it_is_no_proof() -> None:
    d = equation(
        "near", exp(a), "≈", exp(a) + Rational(1, 10), because="a tenth is little", error=Rational(1, 5)
    )
    assert d.summary() == "1 tested"
    assert "this is not a proof" in d.markdown()


def test_an_argued_line_is_counted_as_such() -> None:
    d = gradient()
    d.argued("→", r"\hat y - e_y", because="written as a vector")
    assert d.summary() == "2 proved, 1 argued"
    assert d.lines[-1].status == "argued"
    with pytest.raises(AlgebraError, match="argument"):
        d.argued("=", "x", because="")
    with pytest.raises(AlgebraError, match="hand-set"):
        d.step("=", 1)


def test_what_the_text_claims_beside_a_chain_is_argued_and_listed() -> None:
    d = gradient()
    d.beside("the same for a batch", because="a mean of gradients is the gradient of the mean")
    assert d.summary() == "Every step proved (2); 1 more argued in the text"
    assert "argued\n  - the same for a batch: a mean of gradients" in d.markdown()
    listed = entries(Chapter("01_one", (d,)))
    assert [e["status"] for e in listed] == ["proved", "proved", "argued"]
    assert listed[2]["method"].startswith("the same for a batch: ")
    with pytest.raises(AlgebraError, match="argument"):
        d.beside("a claim", because="")


def test_steps_need_a_start_and_one_start_only() -> None:
    d = Derivation("empty")
    with pytest.raises(AlgebraError, match="no start"):
        d.step("=", 1)
    d.start(1)
    with pytest.raises(AlgebraError, match="start already"):
        d.start(2)
    with pytest.raises(AlgebraError, match="Unknown relation"):
        d.step("==", 1)
    d.step("<=", 2)  # as typed on a keyboard
    assert d.lines[-1].relation == "≤"
    with pytest.raises(AlgebraError, match="label"):
        Derivation("not a label!")


def test_recording_sees_what_is_made_inside_only() -> None:
    gradient()
    with recording() as made:
        d = gradient()
    gradient()
    assert made.derivations == [d]


@pytest.mark.parametrize(
    ("expr", "tex"),
    [
        (Add(y_hat(j), -KroneckerDelta(j, y), evaluate=False), r"\hat y_{j} - \delta_{j y}"),
        (Add(-KroneckerDelta(j, y), y_hat(j), evaluate=False), r"- \delta_{j y} + \hat y_{j}"),
        (Add(-z[y], lse, evaluate=False), r"- z_{y} + \operatorname{LSE}(z)"),
        (Derivative(lse, z[j], z[i]), r"\frac{\partial^{2} \operatorname{LSE}(z)}{\partial z_{i} \partial z_{j}}"),
        (-Sum(log(r[t]), (t, 1, m)) / m, r"- \frac{1}{m} \sum_{t=1}^{m} \log r_{t}"),
        (exp(z[j] / T), r"e^{z_{j} / T}"),
        (exp(-Sum(log(r[t]), (t, 1, m)) / m), r"\exp\left(- \frac{1}{m} \sum_{t=1}^{m} \log r_{t}\right)"),
        (Mul(LSE, T, evaluate=False), r"\left(\log \sum_{k=1}^{V} e^{z_{k}}\right) T"),
        (Mul(y_hat(i), Add(KroneckerDelta(i, j), -y_hat(j), evaluate=False), evaluate=False),
         r"\hat y_{i} \left(\delta_{i j} - \hat y_{j}\right)"),
        (Sum(p[k] * log(q[k]), (k, 1, V)), r"\sum_{k=1}^{V} p_{k} \log q_{k}"),
        (z[j] ** 2, r"z_{j}^{2}"),
        (log(1 - T), r"\log\left(1 - T\right)"),
    ],
)  # fmt: skip
def test_mathematics_is_set_as_the_author_wrote_it(expr: object, tex: str) -> None:
    assert latex(expr) == tex
