"""Right answers that came through odd programs: nothing of them may be lost.

Each function gets the model's answers as a notebook's JSON and returns what is handed in; its docstring is its header.
"""

import json
import re
from typing import Any

from grader.judge.verdict import Submission
from tests.attacks.arena import Notebook, cell_of, own_cell, released, written

TEXT = "why-not-average"
ANSWER = "Longer sentences count more, since the loss is summed over all tokens before it is divided."


def utf_8_with_a_mark(notebook: Notebook) -> Submission:
    """Saved by an editor that begins a file with a byte order mark.

    credit: all
    """
    return Submission(json.dumps(notebook).encode("utf-8-sig"))


def utf_16(notebook: Notebook) -> Submission:
    """Written by a shell that writes UTF-16.

    credit: all
    """
    return Submission(json.dumps(notebook).encode("utf-16"))


def utf_16_without_a_mark(notebook: Notebook) -> Submission:
    """UTF-16 that does not say so.

    credit: all
    """
    return Submission(json.dumps(notebook).encode("utf-16-le"))


def utf_32(notebook: Notebook) -> Submission:
    """UTF-32, whose mark begins as that of UTF-16.

    credit: all
    """
    return Submission(json.dumps(notebook).encode("utf-32"))


def latin_1(notebook: Notebook) -> Submission:
    """A German letter in a comment, in the encoding of another age.

    credit: all
    says: Latin-1
    """
    cell_of(notebook, "bits-of-nats")["source"] += "  # größer"
    return Submission(json.dumps(notebook, ensure_ascii=False).encode("latin-1", errors="replace"))


def line_ends_of_windows(notebook: Notebook) -> Submission:
    """Every line ends with a carriage return and a line feed.

    credit: all
    """
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r\n")
    return written(notebook)


def lines_without_their_ends(notebook: Notebook) -> Submission:
    """Each cell is a list of lines whose ends are gone.

    credit: all
    says: had lost their ends
    """
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].split("\n")
    return written(notebook)


def lines_with_their_ends(notebook: Notebook) -> Submission:
    """Each cell is a list of lines, as Jupyter writes it, with an empty one at the end.

    credit: all
    """
    for cell in notebook["cells"]:
        cell["source"] = [*cell["source"].splitlines(keepends=True), ""]
    return written(notebook)


def format_3(notebook: Notebook) -> Submission:
    """The old format, in which code is called input.

    credit: all
    says: old format 3
    """
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
    return written(
        {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": notebook["cells"]}]}
    )


def no_metadata_at_all(notebook: Notebook) -> Submission:
    """A program that drops the cells' metadata; a person reads the text, which nothing tells from other texts.

    credit: all
    waits: why-not-average
    """
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    return written(notebook)


def the_text_in_a_cell_below(notebook: Notebook) -> Submission:
    """The text answer stands in a new cell below the one that was given.

    credit: all
    waits: why-not-average
    """
    cell = cell_of(notebook, TEXT)
    notebook["cells"].insert(
        notebook["cells"].index(cell) + 1, {"cell_type": "markdown", "metadata": {}, "source": ANSWER}
    )
    cell["source"] = cell_of(released("06_perplexity").notebook, TEXT)["source"]
    return written(notebook)


def the_text_in_a_comment(notebook: Notebook) -> Submission:
    """The text answer is a comment in a code cell.

    credit: all
    waits: why-not-average
    """
    cell_of(notebook, TEXT)["source"] = ""
    notebook["cells"].append(own_cell(f"# {ANSWER}"))
    return written(notebook)


def a_picture_that_is_lost(notebook: Notebook) -> Submission:
    """A picture was pasted into the text answer, and the file does not hold it.

    credit: all
    """
    cell_of(notebook, TEXT)["source"] += "\n\n![my sketch](attachment:sketch.png)"
    return written(notebook)


def a_pasted_picture(notebook: Notebook) -> Submission:
    """A picture was pasted into the text answer.

    credit: all
    """
    cell = cell_of(notebook, TEXT)
    cell["source"] += "\n\n![my sketch](attachment:sketch.png)"
    cell["attachments"] = {"sketch.png": {"image/png": "iVBORw0KGgo="}}
    return written(notebook)


def outputs_of_30_megabytes(notebook: Notebook) -> Submission:
    """Pictures and tables that were saved with the notebook.

    credit: all
    """
    picture = {"output_type": "display_data", "data": {"image/png": "A" * 3_000_000}, "metadata": {}}
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for cell in code[:10]:
        cell["outputs"] = [picture]
    return written(notebook)


def metadata_of_other_programs(notebook: Notebook) -> Submission:
    """Settings of Colab, VS Code, Deepnote, slides and tables of contents, five megabytes of them.

    credit: all
    """
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"cell{number:04}"
        cell["metadata"] |= {
            "id": f"x{number}", "outputId": "0", "colab": {"base_uri": "https://localhost/"}, "cellView": "form",
            "vscode": {"languageId": "python"}, "slideshow": {"slide_type": "slide"}, "scrolled": False,
            "deepnote_cell_type": "code", "execution": {"iopub.status.busy": "2024-01-01T00:00:00Z"},
        }  # fmt: skip
    notebook["metadata"] |= {
        "colab": {"provenance": [], "toc_visible": True}, "toc": {"toc_cell": False}, "accelerator": "GPU",
        "varInspector": {"cols": {"lenName": 16}}, "deepnote_notebook_id": "0", "data": "x" * 5_000_000,
        "kernelspec": {"name": "conda-env-ml-py", "display_name": "Python [conda env:ml]", "language": "python"},
    }  # fmt: skip
    return written(notebook | {"nbformat_minor": 0})


def answer_cells_of_another_kind(notebook: Notebook) -> Submission:
    """Answer cells that had become text and raw cells by a slip of a key.

    credit: all
    says: it was turned back
    """
    for task, kind in (("perplexity-of-mean-nll", "markdown"), ("bits-of-nats", "raw")):
        cell = cell_of(notebook, task)
        cell["cell_type"] = kind
    return written(notebook)


def names_in_wide_letters(notebook: Notebook) -> Submission:
    """Letters of an input method for Chinese, which Python takes for the plain ones.

    credit: all
    """
    cell_of(notebook, "perplexity-of-mean-nll")["source"] = "ｐｐｌ = 8.17"
    return written(notebook)


def cells_between_the_answers(notebook: Notebook) -> Submission:
    """Texts, drafts and empty cells between all cells, and answers in two cells each.

    credit: all
    """
    cells: list[dict[str, Any]] = []
    for cell in notebook["cells"]:
        cells += [
            {"cell_type": "markdown", "metadata": {}, "source": "*a note*"},
            own_cell(""),
            cell,
            own_cell("draft = 1"),
        ]
    return written(notebook | {"cells": cells})


def answers_above_their_cells(notebook: Notebook) -> Submission:
    """Functions in cells of the student's own, and in the answer cells nothing but a comment.

    credit: all
    """
    cells: list[dict[str, Any]] = []
    for cell in notebook["cells"]:
        meta = cell["metadata"].get("nbgrader", {})
        if meta.get("solution") and not meta.get("grade") and re.match(r"def ", cell["source"]):
            cells.append(own_cell(cell["source"]))
            cell["source"] = "# see above"
        cells.append(cell)
    return written(notebook | {"cells": cells})
