"""Are formulas drawn as they were written, and nothing else of a student's text?"""

import json
import re
from pathlib import Path

import pytest

from grader.algebra import Derivation, real
from grader.pipeline.mathematics import LONGEST, formula, with_mathematics

ROOT = Path(__file__).parents[2]
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$]+)\$", re.DOTALL)


def words(made: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", made).split())


@pytest.mark.parametrize(
    ("text", "shown"),
    {
        "$x$": "x",
        "$$x$$": "x",
        r"\(x\)": "x",
        r"\[x\]": "x",
        "a $x_1$, b": "a x 1 , b",
        r"it costs \$5": "it costs $5",
        "it costs $5 or $6 for two": "it costs $5 or $6 for two",
        "$ x$ and $y $": "$ x$ and $y $",
        "$x\n\ny$": "$x y$",
        "<code>$x$</code> $y$": "$x$ y",
        "<pre>a <code>$x$</code> $y$</pre>$z$": "a $x$ $y$ z",
        "$a &lt; b$": "a &lt; b",
        r"\begin{align*} a &amp;= b \\ &amp;= c \end{align*}": "a = b = c",
        r"$$\begin{aligned} a &amp;= b \\ &amp;= c \end{aligned}$$": "a = b = c",
        r"\begin{equation} x \label{q} \end{equation}": "x",
    }.items(),
)
def test_a_formula_is_found_where_a_notebook_finds_it(text: str, shown: str) -> None:
    assert words(with_mathematics(text)) == shown


def test_a_formula_says_in_words_what_was_typed() -> None:
    made = with_mathematics("$a &lt; b$ $$c$$")
    assert 'display="inline" alttext="a &lt; b"' in made and 'display="block" alttext="c"' in made


@pytest.mark.parametrize(
    "tex", [r"\frac", "a_b_c", r"\left(", "{" * 3_000 + "}" * 3_000, "x" * (LONGEST + 1), "^"]
)
def test_what_cannot_be_read_stays_as_it_was_written(tex: str) -> None:
    assert with_mathematics(f"<p>${tex}$</p>") == f"<p>${tex}$</p>"


@pytest.mark.parametrize(
    "tex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\style{position:fixed}{x}",
        r"\class{ours}{x}",
        r"\cssId{top}{x}",
        r"\color{red}{x}",
        r"\hspace{-99em} x",
        r"\hspace{999em} x",
        r"\text{a &amp; b} x",
        r"\text{&lt;script&gt;alert(1)&lt;/script&gt;} x",
        r"\text{&amp;lt;script&amp;gt;} x",
        '\\text{" onload="x} x',
    ],
)
def test_a_formula_brings_no_link_style_or_wide_space(tex: str) -> None:
    made = re.sub(' alttext="[^"]*"', "", with_mathematics(f"${tex}$"))
    assert made.startswith("<math") and "x" in words(made)
    assert set(re.findall(r' ([a-z]+)="', made)) <= {"display"}
    assert set(re.findall(r"<(\w+)", made)) <= {"math", "mrow", "mstyle", "mi", "mo", "mtext", "mspace"}


def test_every_formula_of_the_book_and_of_a_derivation_can_be_read() -> None:
    x = real("x")
    d = Derivation("double")
    d.start(x + x)
    d.step("=", 2 * x, because="they are alike")
    assert "$$" not in with_mathematics(d.html()) and "2 x" in words(with_mathematics(d.html()))
    found = 0
    for path in sorted((ROOT / "exercises").glob("*/*.py")):
        for one in FORMULA.finditer(path.read_text(encoding="utf-8").replace("\n# ", "\n")):
            tex = one[1] or one[2]
            if "\\" in tex:
                assert formula(tex, True) and "\\" not in words(formula(tex, True)), tex
                found += 1
    assert found > 100


def test_json_of_a_notebook_is_no_formula() -> None:
    text = json.dumps({"cells": ["a_b", r"\n"]})
    assert with_mathematics(text) == text
