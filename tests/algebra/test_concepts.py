"""What rests on what, on small chapters: what the text names, what a check reuses, what is declared."""

from typing import Any

import pytest

from grader.algebra import AlgebraError
from grader.algebra.concepts import Concepts, concepts

FIRST = """(first-chapter)=
# The first chapter

You need nothing.

(start)=
## A start

:::{admonition} Definition: the thing
$$
t = 1 .
$$ (thing)
:::

```{code-cell} python3
x = 1
```

The text mentions {eq}`later` and {eq}`thing` long before.

It says something else here.

```{code-cell} python3
equation("other", a, "=", b, because="so")
```

By {eq}`thing`, at last, and long before {eq}`later`:

:::{note}
An aside names {eq}`other`.
:::

```{code-cell} python3
d = Derivation(
    "named", title="Named")
d.step("=", c, because="this is {eq}`other`")
d
```

(drill)=
## Exercises

There are two.

1. the first ({ref}`start`);
2. one that spans
   two lines ({ref}`start`, {ref}`drill`).
"""
SECOND = """(second-chapter)=
# The second chapter

You need the start of {ref}`first-chapter`,
and a pencil.

% needs: thing

:::{admonition} Definition: another thing
$$
u = 2
$$ (another)

$$
v = 3
$$ (third)
:::

```{code-cell} python3
FlawedDerivation("wrong")
equation("later", a, "<", b)
```
"""


def entry(label: str, relation: str = "=", **more: Any) -> dict[str, Any]:
    return {"label": label, "relation": relation, "from": f"{label}_0", "tex": f"{label}_1", **more}


LEDGER = [
    entry("other"),
    entry("named", title="Named"),
    entry("named", "≤", title="Named") | {"from": "named_1", "tex": "named_2"},
    entry("named", "", title="Named") | {"from": "", "tex": ""},
    entry("later", "<", needs=["third"], reuses=["other"]),
]


def book(first: str = FIRST, second: str = SECOND, ledger: list[dict[str, Any]] = LEDGER) -> Concepts:
    return concepts({"02_second": second, "01_first": first}, ledger)


def test_the_paragraph_before_an_equation_and_its_reasons_say_what_it_needs() -> None:
    needs = {equation.label: equation.needs for equation in book().equations}
    assert needs["thing"] == []
    assert needs["other"] == []  # the paragraph that names something is not the last
    assert needs["named"] == ["thing", "other"]  # not from the aside, but from the reason


def test_what_is_declared_and_what_is_reused_counts_in_the_books_order() -> None:
    by_label = book().by_label
    assert by_label["another"].needs == ["thing"]
    assert by_label["third"].needs == []
    assert by_label["later"].needs == ["other", "third"]
    assert [user.label for user in book().leads_to("other")] == ["named", "later"]


def test_equations_have_the_numbers_of_the_page_and_a_wrong_chain_only_takes_one() -> None:
    assert [(equation.label, equation.number) for equation in book().equations] == [
        ("thing", (1, 1)), ("other", (1, 2)), ("named", (1, 3)),
        ("another", (2, 1)), ("third", (2, 2)), ("later", (2, 4)),
    ]  # fmt: skip


def test_an_equation_is_printed_once_more_with_its_two_ends() -> None:
    by_label = book().by_label
    assert by_label["thing"].tex == "t = 1"
    assert by_label["named"].tex == r"named_0 \le named_2"
    assert by_label["later"].tex == "later_0 < later_1"
    rising = [entry("named", sign) for sign in "≤≥"]
    assert book(ledger=[*LEDGER[:1], *rising, *LEDGER[4:]]).by_label["named"].tex == ""


def test_titles_come_from_the_check_or_the_definition_or_else_the_label() -> None:
    assert [equation.title for equation in book().equations] == [
        "Definition: the thing", "Other", "Named",
        "Definition: another thing", "Definition: another thing", "Later",
    ]  # fmt: skip


def test_exercises_belong_to_the_sections_that_they_name_in_any_chapter() -> None:
    exam = "# Exam\n\n## Exercises\n\n1. the start again ({ref}`start`) {eq}`thing`;\n2. {eq}`later`\n"
    graph = concepts({"01_first": FIRST, "02_second": SECOND, "11_exam": exam}, LEDGER)
    assert {section.heading: section.exercises for section in graph.chapters[0].sections} == {
        "The first chapter": [], "A start": [(1, 1), (1, 2), (11, 1)], "Exercises": [(1, 2)],
    }  # fmt: skip
    assert graph.chapters[1].sections[0].exercises == [(11, 2)]


def test_a_chapter_needs_those_whose_equations_it_uses_and_those_that_it_asks_for() -> None:
    first, second = book().chapters
    assert book().between(second) == ({"01_first": ["thing", "other"]}, {})
    assert book().between(first) == ({}, {"02_second": ["thing", "other"]})
    alone = SECOND.replace("% needs: thing", "").replace('equation("later", a, "<", b)', "")
    assert book(second=alone).between(first) == ({}, {"02_second": []})
    assert book(second=alone.replace("{ref}`first-chapter`", "it")).between(first) == ({}, {})


def test_a_chapter_of_questions_needs_what_it_mentions() -> None:
    questions = "# Questions\n\nWhat does {eq}`other` say, and what {eq}`later`?\n"
    graph = concepts({"01_first": FIRST, "02_second": SECOND, "03_questions": questions}, LEDGER)
    assert graph.between(graph.chapters[2]) == ({"01_first": ["other"], "02_second": ["later"]}, {})
    printing = questions + "\n```{reprint} thing\n```\n"
    graph = concepts({"01_first": FIRST, "02_second": SECOND, "03_questions": printing}, LEDGER)
    assert graph.between(graph.chapters[2]) == ({"01_first": ["thing"]}, {})
    asking = questions.replace("What does", "You need {ref}`second-chapter`.\n\nWhat does")
    graph = concepts({"01_first": FIRST, "02_second": SECOND, "03_questions": asking}, LEDGER)
    assert graph.between(graph.chapters[2]) == ({"02_second": []}, {})


def test_what_is_gone_or_comes_later_or_stands_twice_is_an_error() -> None:
    with pytest.raises(AlgebraError, match="another needs thong, and no equation before it"):
        book(second=SECOND.replace("needs: thing", "needs: thong"))
    with pytest.raises(AlgebraError, match="another needs later, and no equation before it"):
        book(second=SECOND.replace("needs: thing", "needs: later"))
    with pytest.raises(AlgebraError, match="third needs third"):
        book(second=SECOND.replace("$$\nv", "% needs: third\n\n$$\nv"))
    with pytest.raises(AlgebraError, match="thing is used twice"):
        book(second=SECOND.replace("(another)", "(thing)").replace("% needs: thing", ""))
    with pytest.raises(AlgebraError, match="does not know later of 02_second"):
        book(ledger=LEDGER[:4])
    with pytest.raises(AlgebraError, match="later needs third"):
        book(second=SECOND.replace("(third)", "(thirst)"))
