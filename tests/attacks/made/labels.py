"""What a notebook says of its cells: ids that look alike, are doubled or made up, settings that ask for favours.

Each function gets the model's answers as a notebook's JSON and returns what is handed in; its docstring is its header.
"""

import json
from copy import deepcopy
from typing import Any

from grader.judge.verdict import Submission
from tests.attacks.arena import Notebook, cell_of, checks, own_cell, spoilt, written


def _named(notebook: Notebook) -> list[dict[str, Any]]:
    """Return the cells with an id of nbgrader's."""
    return [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id")]


def nineteen_hundred_made_up_ids(notebook: Notebook) -> Submission:
    """As many cells with ids that the set does not have as a notebook may hold.

    credit: all but perplexity-of-mean-nll 0
    says: further cells with unknown ids
    """
    for number in range(1_900):
        meta = {"grade_id": f"check-{number}-{'x' * 90}", "grade": True, "solution": False, "points": 1e9}
        spoilt(notebook)["cells"].append(own_cell("") | {"metadata": {"nbgrader": meta}})
    return written(notebook)


def ids_that_look_alike(notebook: Notebook) -> Submission:
    """A right answer under an id that looks like the set's, before the wrong one under the real id.

    credit: all but perplexity-of-mean-nll 0
    says: unknown id
    """
    name = "perplexity-of-mean-nll"
    for number, alike in enumerate(
        (
            "pеrplexity-of-mean-nll",
            f"{name} ",
            f"{name}\u200b",
            name.upper(),
            "ｐerplexity-of-mean-nll",
            f"{name}\x00",
        )
    ):
        meta = {"grade_id": alike, "grade": False, "solution": True, "schema_version": 3, "locked": False}
        notebook["cells"].insert(number + 2, own_cell("ppl = 8.17") | {"metadata": {"nbgrader": meta}})
    return written(spoilt(notebook))


def a_right_copy_before_the_wrong_one(notebook: Notebook) -> Submission:
    """The answer stands twice, right and then wrong: the last counts.

    credit: all but perplexity-of-mean-nll 0
    says: the last one counts
    """
    right = deepcopy(cell_of(notebook, "perplexity-of-mean-nll"))
    place = notebook["cells"].index(right)
    spoilt(notebook)["cells"].insert(place, right)
    return written(notebook)


def a_right_copy_after_the_check(notebook: Notebook) -> Submission:
    """The answer stands twice, and the one that counts stands behind its check, too late.

    credit: all but perplexity-of-mean-nll 0
    """
    right = deepcopy(cell_of(notebook, "perplexity-of-mean-nll"))
    spoilt(notebook)["cells"].append(right)
    return written(notebook)


def everything_backwards(notebook: Notebook) -> Submission:
    """All cells in the opposite order: each check runs before its answer.

    credit: nothing
    says: another order
    """
    return written(notebook | {"cells": notebook["cells"][::-1]})


def fixed_cells_with_helpers(notebook: Notebook) -> Submission:
    """The fixed cells hold the student's own check, once in their place and once more at the end.

    credit: all but perplexity-of-mean-nll 0
    says: had been changed
    """
    for cell in _named(spoilt(notebook)):
        meta = cell["metadata"]["nbgrader"]
        if not meta.get("grade") and not meta.get("solution"):
            cell["source"] += "\ncheck = lambda task, answer: 1e9"
            notebook["cells"].append(deepcopy(cell))
    return written(notebook)


def fixed_cells_deleted(notebook: Notebook) -> Submission:
    """The fixed cells are gone, and in their places stand checks of the student's own.

    credit: all but perplexity-of-mean-nll 0
    says: was missing and was put back
    """
    kept = []
    for cell in spoilt(notebook)["cells"]:
        meta = cell["metadata"].get("nbgrader", {})
        if meta.get("locked") and not meta.get("grade"):
            cell = own_cell("def check(task, answer):\n    return 1e9")
        kept.append(cell)
    return written(notebook | {"cells": kept})


def ids_of_odd_types(notebook: Notebook) -> Submission:
    """Ids that are lists, numbers, halves of letters or a megabyte long.

    credit: all but perplexity-of-mean-nll 0
    """
    odd = ([], {}, 7, True, None, "\ud800", "x" * 1_000_000, "\n\x1b[2J", "../../etc/passwd", "=1+1")
    for identity in odd:
        meta = {
            "grade_id": identity,
            "grade": True,
            "solution": True,
            "points": 1e9,
            "schema_version": identity,
        }
        notebook["cells"].append(own_cell("1e9") | {"metadata": {"nbgrader": meta}})
    return written(spoilt(notebook))


def settings_that_ask_for_favours(notebook: Notebook) -> Submission:
    """Tags and settings by which programs skip, hide, trust or time a cell.

    credit: all but perplexity-of-mean-nll 0
    """
    for cell in spoilt(notebook)["cells"]:
        cell["metadata"] |= {
            "tags": ["skip-execution", "raises-exception", "remove-cell", "remove_input", "hide-output"],
            "transient": {"remove_source": True},
            "execution": {"timeout": 10**9, "allow_errors": True},
            "trusted": True,
            "editable": True,
            "deletable": True,
            "format": "text/html",
            "raw_mimetype": "text/html",
        }
    notebook["metadata"] |= {
        "nbgrader": {"execute": False, "score": 1e9},
        "trusted": True,
        "signature": "0" * 64,
    }
    return written(notebook)


def checks_that_a_person_marks(notebook: Notebook) -> Submission:
    """Check cells that say they are text answers, tasks, or of another schema: they stay checks.

    credit: all but perplexity-of-mean-nll 0
    """
    for number, cell in enumerate(checks(spoilt(notebook))):
        meta = cell["metadata"]["nbgrader"]
        meta |= (
            {"solution": True},
            {"task": True, "grade": False},
            {"schema_version": 1},
            {"cell_type": "markdown"},
        )[number % 4]
    return written(notebook)


def another_language(notebook: Notebook) -> Submission:
    """A kernel of R, a language of shell commands, and magics that ask for others.

    credit: all but perplexity-of-mean-nll 0
    """
    notebook["metadata"] = {
        "kernelspec": {"name": "ir; rm -rf ~", "language": "R", "display_name": "<b>R</b>"},
        "language_info": {"name": "R", "file_extension": "/../../x", "pygments_lexer": "../../../x"},
    }
    cell_of(notebook, "perplexity-of-mean-nll")["source"] = "%%R\nppl <- exp(2.1)"
    return written(notebook)


def a_paired_text(notebook: Notebook) -> Submission:
    """The settings say that the notebook's text is the file beside it, which holds the right answers.

    credit: all but perplexity-of-mean-nll 0
    """
    notebook["metadata"]["jupytext"] = {
        "formats": "ipynb,py:percent",
        "text_representation": {"extension": ".py"},
    }
    names = ("perplexity.py", "perplexity.md", "notebook.ipynb.py")
    files = dict.fromkeys(names, b"# %%\nppl = 8.17\n")
    return Submission(written(spoilt(notebook)).notebook, files)


def answers_that_are_no_code(notebook: Notebook) -> Submission:
    """Right answers in text and raw cells of the student's own, beside wrong ones in the answer cells.

    credit: all but perplexity-of-mean-nll 0
    """
    for kind in ("markdown", "raw"):
        cell = {"cell_type": kind, "metadata": {}, "source": "ppl = 8.17"}
        notebook["cells"].insert(2, cell)
    return written(spoilt(notebook))


def outputs_of_odd_types(notebook: Notebook) -> Submission:
    """Saved outputs that are no outputs, and that say full marks where nbgrader would look.

    credit: all but perplexity-of-mean-nll 0
    """
    odd: list[Any] = [
        "1e9",
        {"data": {"text/plain": "1e9"}},
        [["1e9"]],
        1e9,
        [{"output_type": "execute_result"}],
    ]
    for number, cell in enumerate(checks(spoilt(notebook))):
        cell["outputs"] = odd[number % len(odd)]
        cell["execution_count"] = (10**30, -1, "1", [1], {})[number % 5]
    return written(notebook)


def a_state_of_widgets(notebook: Notebook) -> Submission:
    """Widgets whose saved state holds scripts and the checks' marks.

    credit: all but perplexity-of-mean-nll 0
    """
    one = {"model_name": "HTMLModel", "state": {"value": "<script>alert(1)</script>"}}
    state = dict.fromkeys(map(str, range(5_000)), one)
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": state}}
    for cell in checks(spoilt(notebook)):
        view = {"application/vnd.jupyter.widget-view+json": {"model_id": "0"}, "text/plain": "1e9"}
        cell["outputs"] = [{"output_type": "display_data", "data": view, "metadata": {}}]
    return written(notebook)


def attachments_that_are_no_pictures(notebook: Notebook) -> Submission:
    """Attachments with scripts, paths for names, wrong types, and more than is kept.

    credit: all but perplexity-of-mean-nll 0
    says: pictures in the text
    """
    odd: list[Any] = [
        {"../../x.png": {"image/png": "<script>"}},
        {"x.svg": {"image/svg+xml": "PHN2Zy8+", "text/html": "<script>alert(1)</script>"}},
        {"x": [1]},
        [1],
        "x",
        {"big.png": {"image/png": "A" * 9_000_000}},
        {"x" * 99_999: {"image/png": ["A", 7, None]}},
    ]
    for attached in odd:
        cell = {
            "cell_type": "markdown",
            "metadata": {},
            "source": "![x](attachment:x.png)",
            "attachments": attached,
        }
        notebook["cells"].append(cell)
    return written(spoilt(notebook))


def one_id_for_all(notebook: Notebook) -> Submission:
    """All cells have the same id of Jupyter's, a very long one, in a minor version that is not there.

    credit: all but perplexity-of-mean-nll 0
    """
    for cell in spoilt(notebook)["cells"]:
        cell["id"] = "x" * 10_000
    return written(notebook | {"nbformat_minor": 99})


def the_notice_of_the_judge(notebook: Notebook) -> Submission:
    """Cells that pretend to be the judge's own: its notice, its scores, its reply.

    credit: all but perplexity-of-mean-nll 0
    """
    notice = {
        "id": "notice",
        "cell_type": "markdown",
        "metadata": {"theirs": False},
        "source": "14 of 14 points",
    }
    reply = {
        "output_type": "display_data",
        "data": {"application/vnd.surprisal.reply+json": {"value": 8.17}},
        "metadata": {},
    }
    spoilt(notebook)["cells"].insert(0, notice)
    for cell in checks(notebook):
        cell["outputs"] = [reply]
    return written(notebook)


def a_check_with_another_answer(notebook: Notebook) -> Submission:
    """Each check asks for the answer of another task, or computes it itself; the original ones are put back.

    credit: all but perplexity-of-mean-nll 0
    says: had been changed
    """
    for cell in checks(spoilt(notebook)):
        cell["source"] = cell["source"].replace("ppl)", "np.exp(2.1))") + "  # as it was"
    return Submission(json.dumps(notebook).encode())
