"""Text answers that stand elsewhere than in their cell: they wait for a person, and never earn a silent 0.

A student may type the answer into a cell of their own, below the question, or in an editor that lost the cells'
labels. The answer's own cell is then as it was released, and nbgrader takes that for no answer.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Sequence

from grader.judge.exercise import TEXT, ReleasedSet, source_of
from grader.judge.restore import Cell

_WORDS = 3  # in a text cell of one's own: fewer are a heading or a slip of the keyboard
_WORDS_IN_CODE = 8  # in a code cell's comments and texts: fewer explain the code
_WORD = re.compile(r"\w{2,}")


def typed_elsewhere(cells: Sequence[Cell], exercise: ReleasedSet) -> list[str]:
    """Return the ids of the text answers that are empty while other cells hold text that may be one of them.

    cells: the submission's, in the shape of the release.
    """
    released = {source_of(cell).strip() for cell in exercise.notebook["cells"]}
    texts = {grade_id: cell for grade_id, cell in exercise.labelled.items() if cell.role == TEXT}
    answers = {cell.grade_id: cell.source.strip() for cell in cells if cell.grade_id in texts}
    empty = [
        grade_id
        for grade_id, cell in texts.items()
        if answers.get(grade_id, cell.source.strip()) in ("", cell.source.strip())
    ]
    own = (cell for cell in cells if cell.grade_id is None and cell.source.strip() not in released)
    return empty if empty and any(map(_holds_an_answer, own)) else []


def _holds_an_answer(cell: Cell) -> bool:
    if cell.kind == "code":
        return len(_WORD.findall(" ".join(_said_in(cell.source)))) >= _WORDS_IN_CODE
    return len(_WORD.findall(cell.source)) >= _WORDS


def _said_in(code: str) -> Iterator[str]:
    """The comments of a code cell and the texts that are statements of their own; all of it where it is no Python."""
    try:
        tree = ast.parse(code)
        tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
    except (SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError):
        # Prose in a code cell is no Python, and neither is a line of IPython's.
        yield "\n".join(line for line in code.splitlines() if not line.startswith(("%", "!", "?")))
        return
    yield from (token.string for token in tokens if token.type == tokenize.COMMENT)
    for node in tree.body:
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            yield node.value.value
