"""Is there always a page with the marks, and is the next student served, whatever a notebook holds?"""

import nbformat
import pytest

from grader.cases import Finding, Score
from grader.pipeline.pages import PageMaker, short_page

VERDICT = {
    "sha256": "5" * 64,
    "seed": 0,
    "sandbox": "bwrap",
    "set": "99_tiny",
    "problems": ["A cell <b>was</b> left out."],
    "scores": {
        "mean": Score(1, 2, [Finding("a batch", False, None, "Off by <one>.")], task="mean").to_json()
    },
}
TOTALS = {"score": 1.0, "max_score": 4.0, "late_penalty": 0.0}
LONG = 100_000


@pytest.fixture(scope="module")
def pages():
    maker = PageMaker(seconds=1.0)
    yield maker
    maker.close()


def notebook(kind: str, source: str, html: str = "", **more: object) -> dict:
    cell = {"cell_type": kind, "metadata": {}, "source": source, **more}
    if kind == "code":
        output = {"output_type": "display_data", "data": {"text/html": html}, "metadata": {}}
        cell |= {"outputs": [output] if html else [], "execution_count": None}
    return {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def page(pages: PageMaker, content: dict) -> str:
    return pages.page(nbformat.from_dict(content), "ann", VERDICT, TOTALS, ["check-why"])


def test_a_page_shows_what_was_handed_in(pages):
    shown = page(pages, notebook("markdown", "An honest **answer**"))
    assert "An honest <strong>answer</strong>" in shown and "1 of 4 points so far" in shown


def graded(grade_id: str, score: float, kind: str = "markdown", solution: bool = True) -> dict:
    meta = {"grade": True, "grade_id": grade_id, "solution": solution, "points": 2.0, "score": score}
    made = {"cell_type": kind, "metadata": {"nbgrader": meta}, "source": "An answer"}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


@pytest.mark.keeps("grader.pipeline.pages", "a mark that is still to come is shown as none")
@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (graded("check-why", 0.0), "not yet marked, of 2 points"),
        (graded("check-why", 0.5, "code", False), "0.5 so far, not yet marked, of 2 points"),
        (graded("other", 0.0), "0 of 2 points"),
        (graded("other", 1.5, "code", False), "1.5 of 2 points"),
    ],
)
def test_a_mark_that_is_still_to_come_is_no_zero(pages, cell, told):
    shown = " ".join(
        page(pages, {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).split()
    )
    assert told in shown
    assert "Score:" not in shown
    assert ("not yet marked" in shown) == ("not yet marked" in told)


@pytest.mark.keeps(
    "grader.pipeline.pages",
    "there is always a page with the marks, and the next one is made, whatever a notebook holds",
    "within its limits of time",
)
@pytest.mark.parametrize(
    "content",
    [
        notebook("code", "1", "<a " * LONG),
        notebook("code", "1", "<div>" * LONG),
        notebook("code", "1", "<b><p>" * LONG),
        notebook("markdown", "href=" * 2 * LONG),
        notebook("markdown", "\\begin{a}" * LONG),
        notebook("markdown", "[" * LONG),
        notebook("markdown", "> " * LONG),
        notebook("markdown", "*_" * LONG),
        notebook("code", "a." * LONG + "a"),
        notebook("code", "(" * LONG),
        notebook("code", "'" * LONG),
        notebook("code", "a." * 1_000_000),
        notebook("markdown", "# a\n" * LONG),
        notebook("markdown", "".join("  " * depth + "- a\n" for depth in range(1_000))),
        notebook("markdown", "| a" * LONG + "|\n" + "|-" * LONG + "|\n"),
        notebook("markdown", "".join("> " * depth + "a\n" for depth in range(900))),
        notebook("markdown", "[b]: " + "c" * LONG + "\n\n" + "[b]" * LONG),
        notebook("markdown", "$$\n\\begin{x}" * LONG),
        notebook("markdown", "~~a" * LONG),
        notebook("markdown", "😀\u200d" * LONG),
        notebook("code", "1", "<p " + "".join(f"a{number}=1 " for number in range(LONG)) + ">x"),
        notebook("code", "1", "<table><tr>" + "<td>" * LONG),
        notebook("code", "1", "<svg><g>" * LONG),
    ],
    ids=lambda content: (
        content["cells"][0]["source"][:8] + str(content["cells"][0].get("outputs", ""))[72:80]
    ),
)
def test_whatever_it_holds_there_is_a_page_with_the_marks_and_the_next_is_served(pages, content):
    assert "1 of 4 points so far" in page(pages, content)
    assert "An honest <strong>answer</strong>" in page(pages, notebook("markdown", "An honest **answer**"))


@pytest.mark.keeps("grader.pipeline.pages", "and size is a short one")
def test_a_page_of_one_picture_shown_again_and_again_has_a_bound(pages):
    picture = {"a.png": {"image/png": "A" * 1_000_000}}
    shown = page(pages, notebook("markdown", "![x](attachment:a.png)" * 40, attachments=picture))
    assert "1 of 4 points so far" in shown and len(shown) < 10_000


def test_a_notebook_that_no_page_can_be_made_of_has_a_short_page(pages):
    broken = notebook("markdown", "a")
    broken["cells"][0]["source"] = ["no", "text"]
    assert "The marks are not touched by that" in page(pages, broken)


def test_a_pasted_picture_is_on_the_page(pages):
    picture = {"a.png": {"image/png": "iVBORw0KGgo="}}
    shown = page(pages, notebook("markdown", "See ![my sketch](attachment:a.png)", attachments=picture))
    assert '<img src="data:image/png;base64,iVBORw0KGgo=" alt="my sketch">' in shown


@pytest.mark.parametrize("source", ["![x](attachment:a.png)", "![x][r]\n\n[r]: attachment:b.png"])
def test_a_pasted_picture_that_is_lost_leaves_a_drawing_that_says_so(pages, source):
    shown = page(pages, notebook("markdown", f"See {source}"))
    assert "data:image/svg+xml;base64," in shown and "The marks are not touched" not in shown


@pytest.mark.keeps("grader.pipeline.pages", "the marks and what was said of them, without the notebook")
def test_a_short_page_holds_marks_sentences_and_problems_and_nothing_of_the_students():
    shown = short_page("<ann>", VERDICT, TOTALS, ["check-mean"])
    for part in (
        "&lt;ann&gt;",
        "1 of 4 points so far",
        "Off by &lt;one&gt;.",
        "A cell &lt;b&gt;was",
        "A person will",
    ):
        assert part in shown
