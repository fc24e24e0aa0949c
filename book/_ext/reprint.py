"""Sphinx extension: a result printed once more, from the ledger that the checks wrote, with a link to its derivation.

    ```{reprint} cross-entropy-split
    ```

prints the two ends of the chain of that label, the relation that the chain shows between them, for which values it is
known, and its number. `:to: 2` stops at a step, `:whole:` prints every line. What is printed was printed from the
checked expressions when the ledger was made, so nothing is typed twice. An unknown label is an error, and fails a build
with warnings as errors; so does a line that is refuted.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from grader.algebra.concepts import shown_relation
from grader.algebra.printing import RELATION_TEX

Step = dict[str, Any]


@lru_cache(maxsize=1)
def steps_by_label(path: Path, changed: int) -> dict[str, list[Step]]:
    """Return the ledger's steps by label. changed: the file's time, so that a new ledger is read anew."""
    found: dict[str, list[Step]] = {}
    for step in json.loads(path.read_text(encoding="utf-8")):
        if step["relation"]:  # the others are claims beside a chain, in words
            found.setdefault(step["label"], []).append(step)
    return found


def both_ends(steps: list[Step]) -> str:
    """Return the TeX of a chain's ends, with the relation between them. Raises ValueError where there is none."""
    relations = [step["relation"] for step in steps]
    shown = shown_relation(relations)
    if shown is None:
        raise ValueError(f"a chain of {' '.join(relations)} says nothing about its two ends")
    return f"{steps[0]['from']} {RELATION_TEX[shown]} {steps[-1]['tex']}"


def whole(steps: list[Step]) -> str:
    """Return the TeX of every line."""
    rows = [f"&{RELATION_TEX[step['relation']]} {step['tex']}" for step in steps]
    return "\\begin{aligned}\n" + steps[0]["from"] + " " + " \\\\\n".join(rows) + "\n\\end{aligned}"


class Reprint(SphinxDirective):
    """Print a result of the ledger, and link to it."""

    required_arguments = 1
    option_spec = {"to": directives.positive_int, "whole": directives.flag, "class": directives.class_option}

    def run(self) -> list[nodes.Node]:
        label = self.arguments[0]
        try:
            text = self.text(label)
        except (OSError, KeyError, ValueError) as problem:
            raise self.error(f"{{reprint}} {label}: {problem}") from problem
        box = nodes.container(classes=["reprint", *self.options.get("class", [])])
        self.state.nested_parse(StringList(text.splitlines(), self.get_location()), self.content_offset, box)
        return [box]

    def text(self, label: str) -> str:
        """Return the result as MyST Markdown. Raises ValueError for what the ledger does not have, or refutes."""
        path = Path(self.env.app.srcdir) / "build" / "ledger.json"
        self.env.note_dependency(str(path))
        ledger = steps_by_label(path, path.stat().st_mtime_ns)
        if label not in ledger:
            raise ValueError("the ledger has no equation of that name")
        steps = ledger[label][: self.options.get("to")]
        if len(steps) < self.options.get("to", 0):
            raise ValueError(f"it has {len(steps)} steps")
        if any(step["status"] == "refuted" or step.get("flawed") for step in steps):
            raise ValueError("it is shown with a wrong line, on purpose; it is no result")
        tex = whole(steps) if "whole" in self.options else both_ends(steps)
        return (
            f"$$\n{tex}\n$$\n\n"
            f":::{{div}} reprint-source\n{{eq}}`{label}`\n:::\n\n"
            f":::{{div}} derivation-domain\n{steps[0]['known_for']}\n:::\n"
        )


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("reprint", Reprint)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
