"""Files that are no notebook, or an odd one: other encodings, other formats, JSON that says things twice or too often.

Each function gets the model's answers as a notebook's JSON and returns what is handed in; its docstring is its header.
"""

import gzip
import json

from grader.judge.verdict import Submission
from tests.attacks.arena import Notebook, cell_of, spoilt, written


def format_5(notebook: Notebook) -> Submission:
    """A format that is not there yet.

    credit: nothing
    says: has format 5
    """
    return written(notebook | {"nbformat": 5})


def format_as_a_text(notebook: Notebook) -> Submission:
    """The format's number is a text.

    credit: nothing
    says: names no notebook format
    """
    return written(notebook | {"nbformat": "4"})


def format_is_true(notebook: Notebook) -> Submission:
    """The format is a truth value, which Python counts among the numbers.

    credit: nothing
    says: expected is format 4
    """
    return written(notebook | {"nbformat": True})


def two_formats_in_one(notebook: Notebook) -> Submission:
    """Format 4, and right answers in the worksheets of format 3 beside wrong ones.

    credit: all but perplexity-of-mean-nll 0
    """
    right = json.loads(json.dumps(notebook["cells"]))
    return written(spoilt(notebook) | {"worksheets": [{"cells": right}]})


def format_3_of_many_sheets(notebook: Notebook) -> Submission:
    """Format 3 with 40,000 sheets, most of which are none, and no answers.

    credit: nothing
    says: old format 3
    """
    sheets = [{"cells": [{"cell_type": "heading", "level": 10**9, "source": "x"}]}, 7, None, [], {"cells": 5}]
    sheets[-1] = {"cells": {}}
    return written({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": sheets * 8_000})


def cells_are_no_list(notebook: Notebook) -> Submission:
    """The cells under their numbers, as some programs write lists.

    credit: nothing
    says: no list of cells
    """
    return written(notebook | {"cells": {str(n): cell for n, cell in enumerate(notebook["cells"])}})


def cells_within_cells(notebook: Notebook) -> Submission:
    """Right answers in a list within the list of wrong ones.

    credit: all but perplexity-of-mean-nll 0
    says: damaged cell
    """
    right = json.loads(json.dumps(notebook["cells"]))
    spoilt(notebook)["cells"].append(right)
    return written(notebook)


def a_list_of_notebooks(notebook: Notebook) -> Submission:
    """Two notebooks in one file.

    credit: nothing
    says: names no notebook format
    """
    return Submission(json.dumps([notebook, notebook]).encode())


def one_after_the_other(notebook: Notebook) -> Submission:
    """Two notebooks one after the other.

    credit: nothing
    says: not JSON
    """
    return Submission(json.dumps(notebook).encode() * 2)


def broken_off(notebook: Notebook) -> Submission:
    """Half an upload.

    credit: nothing
    says: not JSON
    """
    content = json.dumps(notebook).encode()
    return Submission(content[: len(content) // 2])


def python_instead_of_json(notebook: Notebook) -> Submission:
    """Python's own way to write it: if anybody evaluated it, it would run.

    credit: nothing
    says: not JSON
    """
    return Submission(repr(notebook).encode() + b" or __import__('os')._exit(0)")


def comments_and_commas(notebook: Notebook) -> Submission:
    """JSON with comments and commas at the ends.

    credit: nothing
    says: not JSON
    """
    return Submission(b"// mine\n" + json.dumps(notebook).encode()[:-1] + b",}")


def packed(notebook: Notebook) -> Submission:
    """A packed file under a notebook's name, 1 GB when unpacked: nobody unpacks it.

    credit: nothing
    says: not JSON
    """
    return Submission(gzip.compress(bytes(100_000_000)) * 10)


def only_a_mark_of_the_encoding(notebook: Notebook) -> Submission:
    """A byte order mark and nothing else.

    credit: nothing
    says: not JSON
    """
    return Submission(b"\xef\xbb\xbf")


def zeros(notebook: Notebook) -> Submission:
    """As many zeros as the notebook has letters, as a disk leaves them that was full.

    credit: nothing
    says: not JSON
    """
    return Submission(bytes(len(json.dumps(notebook))))


def said_twice(notebook: Notebook) -> Submission:
    """Cells and sources that are there twice, first right and then wrong: the last counts, as in every reader.

    credit: all but perplexity-of-mean-nll 0
    """
    right = json.dumps(notebook["cells"])
    text = json.dumps(spoilt(notebook)).replace(
        '"source": "ppl = 3.0"', '"source": "ppl = 8.17", "source": "ppl = 3.0"'
    )
    return Submission(f'{{"cells": {right}, {text[1:]}'.encode())


def numbers_that_no_float_holds(notebook: Notebook) -> Submission:
    """NaN, Infinity and 1e999999 where numbers belong and where they don't.

    credit: all but perplexity-of-mean-nll 0
    """
    for cell, odd in zip(
        spoilt(notebook)["cells"], ("NaN", "Infinity", "-Infinity", "1e999999") * 99, strict=False
    ):
        cell["execution_count"] = cell["id"] = f"<{odd}>"
        cell["metadata"].setdefault("nbgrader", {})["points"] = f"<{odd}>"
    text = json.dumps(notebook).replace('"<', "").replace('>"', "")
    return Submission(text.encode())


def a_number_of_100_000_digits(notebook: Notebook) -> Submission:
    """A number that takes Python quadratic time to read, were it not for a limit of its own.

    credit: nothing
    says: not JSON
    """
    return Submission(json.dumps(notebook | {"x": "N"}).replace('"N"', "9" * 100_000).encode())


def metadata_of_a_million_parts(notebook: Notebook) -> Submission:
    """Nothing but brackets, 3 MB of them, which take fifty times as much in memory.

    credit: all but perplexity-of-mean-nll 0
    """
    many = "[" + "{}," * 1_000_000 + "{}]"
    return Submission(json.dumps(spoilt(notebook) | {"metadata": "N"}).replace('"N"', many).encode())


def sources_of_letters(notebook: Notebook) -> Submission:
    """An answer as a list of letters, each of which counts as a line; another as a list that holds no texts.

    credit: all but perplexity-of-mean-nll 0, bits-of-nats 0
    """
    cell_of(notebook, "perplexity-of-mean-nll")["source"] = list("ppl = 8.17")
    cell_of(notebook, "bits-of-nats")["source"] = ["bits = ", 1.0, None, {"x": 1}]
    return written(notebook)


def more_cells_than_are_read(notebook: Notebook) -> Submission:
    """The answers stand behind 2,100 empty cells, and no more than 2,000 are read.

    credit: nothing
    says: more than 2000 cells
    """
    empty = {"cell_type": "code", "metadata": {}, "source": "", "outputs": [], "execution_count": None}
    return written(notebook | {"cells": [empty] * 2_100 + notebook["cells"]})
