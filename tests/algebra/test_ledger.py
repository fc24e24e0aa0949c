"""The ledger and the notation, from chapters that are run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.algebra import AlgebraError
from grader.algebra.ledger import entries, notation, run_book
from grader.algebra.recording import ONE_MEANING

HEAD = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# A chapter

"""
IMPORTS = "from sympy import Sum, exp, log\nfrom grader.algebra import *\n"


def write(root: Path, name: str, *cells: str) -> None:
    (root / "book").mkdir(exist_ok=True)
    blocks = "".join(f"```{{code-cell}} python3\n{IMPORTS}{cell}\n```\n\n" for cell in cells)
    (root / "book" / name).write_text(HEAD + blocks, encoding="utf-8")


def test_every_step_is_listed_with_its_place_and_verdict(tmp_path: Path) -> None:
    write(tmp_path, "02_later.md", 'x = real("x")\nequation("tangent", exp(x), "≥", 1 + x, because="convex")')
    write(
        tmp_path,
        "01_first.md",
        'a, b = positive("a"), positive("b")',
        'd = Derivation("log-product", title="Logs")\nd.start(log(a * b))\n'
        'd.step("=", log(a) + log(b), because="positive")\n'
        'd.argued("→", "x", because="by a reason in words")\nd',
    )
    (tmp_path / "book" / "notes.md").write_text("# No chapter\n")
    found = [entry for chapter in run_book(tmp_path) for entry in entries(chapter)]
    assert [(e["chapter"], e["label"], e["step"], e["relation"], e["status"]) for e in found] == [
        ("01_first", "log-product", 1, "=", "proved"),
        ("01_first", "log-product", 2, "→", "argued"),
        ("02_later", "tangent", 1, "≥", "proved"),
    ]
    assert found[0]["points"] >= 20
    assert found[0]["method"]
    assert found[0]["tex"]
    assert found[0]["domain"] == "a, b > 0"
    assert found[2]["known_for"] == "For $x$ real."


def test_a_step_says_under_which_conditions_it_is_known(tmp_path: Path) -> None:
    write(
        tmp_path,
        "01_one.md",
        'a, m, k = positive("a"), size("m"), index("k", size("m"))\n'
        'equation("geometric", Sum(a**k, (k, 0, m - 1)), "=", (1 - a**m) / (1 - a))',
    )
    (entry,) = entries(run_book(tmp_path)[0])
    assert entry["domain"] == "m ≥ 1, a > 0"
    assert entry["conditions"] == ["a ≠ 1"]
    assert entry["known_for"] == r"For $m \ge 1$, $a > 0$; $a \ne 1$."


TWO_MEANINGS = {
    "two definitions": (
        'define("s_{%s}", lambda k: k)',
        'define("s_k", lambda: Integer(1))',
        r"s_k has two meanings.*s_\{k\} \$= k\$; and s_k \$= 1\$",
    ),
    "two definitions of one template": (
        'define("s_{%s}", lambda k: k)',
        'define("s_{%s}", lambda j: 2 * j)',
        "two meanings",
    ),
    "two domains": ('real("x")', 'positive("x")', "x real; and x positive"),
    "two families": ('reals("x", size("m"))', 'reals("x", size("n"))', "m entries; and .*n entries"),
    "two meanings in words": ('real("x", meaning="a")', 'real("x", meaning="b")', r"\(a\); and .*\(b\)"),
    "a symbol and a definition": (
        'real("x", meaning="a number")',
        'define("x", lambda: Integer(2), meaning="two")',
        "x real \\(a number\\); and x \\$= 2\\$ \\(two\\)",
    ),
    "an entry with a domain of its own": ('positives("x", size("m"))', 'real("x_1")', "two meanings"),
}


@pytest.mark.parametrize("name", TWO_MEANINGS)
def test_a_name_with_two_meanings_in_one_chapter_fails(tmp_path: Path, name: str) -> None:
    first, second, message = TWO_MEANINGS[name]
    write(tmp_path, "01_one.md", f"from sympy import Integer\n{first}", second)
    with pytest.raises(AlgebraError, match=rf"01_one.md, code cell 2: (?s:.*){message}"):
        run_book(tmp_path)


def test_a_name_may_have_another_meaning_in_another_chapter(tmp_path: Path) -> None:
    write(tmp_path, "01_one.md", 'real("x", meaning="a")')
    write(tmp_path, "02_two.md", 'positive("x", meaning="b")')
    assert len(notation(run_book(tmp_path))) == 2


def test_one_quantity_may_be_made_again_restricted_or_defined(tmp_path: Path) -> None:
    write(
        tmp_path,
        "01_one.md",
        'm = size("m")\nn = positives("n", m, meaning="the counts")\nreal("x", meaning="a loss")\nk = index("k", m)',
        'positives("n", size("m"))\npositive("x", meaning="a loss")\nk = index("k", size("n"))\npositive("n_1")',
        'define("x", lambda: exp(n[1]), meaning="a loss")',
    )
    assert [s["tex"] for s in notation(run_book(tmp_path))] == [r"n_1, \dots, n_{m}", "x"]


def test_the_books_kernels_refuse_two_meanings_too() -> None:
    code = "from grader.algebra import positive, real\nreal('x')\npositive('x')"
    for setting, refused in (("1", True), ("", False)):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, ONE_MEANING: setting},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode != 0) == refused
        assert ("two meanings" in done.stderr) == refused


def test_a_wrong_step_names_chapter_and_cell(tmp_path: Path) -> None:
    write(tmp_path, "01_wrong.md", 'a = positive("a")', 'equation("slip", log(a**2), "=", log(a))')
    with pytest.raises(AlgebraError, match=r"01_wrong.md, code cell 2: slip, step 1 .* is refuted: at a = "):
        run_book(tmp_path)


def test_a_label_stands_once(tmp_path: Path) -> None:
    for name in ("01_one.md", "02_two.md"):
        write(tmp_path, name, 'a = positive("a")\nequation("same", log(exp(a)), "=", a)')
    with pytest.raises(AlgebraError, match="label same is used in 01_one.md and in 02_two.md"):
        run_book(tmp_path)


def test_notation_lists_a_symbol_once_for_each_meaning(tmp_path: Path) -> None:
    cell = 'V = size("V", meaning="the vocabulary")\nz = reals("z", V, meaning="the logits")\nk = index("k", V)\n'
    name = (
        'define(r"Z_{%s}", lambda j: exp(z[j]) / Sum(exp(z[k]), (k, 1, V)), meaning="the softmax", unit="")'
    )
    write(tmp_path, "01_one.md", cell + name)
    write(tmp_path, "02_two.md", cell + 'q = probability("q", meaning="a chance")')
    write(tmp_path, "03_three.md", 'V = size("V", meaning="something else")')
    found = notation(run_book(tmp_path))
    assert [(s["tex"], s["chapter"]) for s in found] == [
        ("V", "01_one"), (r"z_1, \dots, z_{V}", "01_one"), ("Z_{j}", "01_one"), ("q", "02_two"), ("V", "03_three"),
    ]  # fmt: skip
    assert found[1]["domain"] == "real, V entries"
    assert found[2]["domain"] == r"$= \frac{e^{z_{j}}}{\sum_{k=1}^{V} e^{z_{k}}}$"
