"""Feedback pages, made in a process aside, so that no page can stop the writer or cost anybody a mark.

What a student wrote goes through nbconvert, a Markdown parser, a highlighter and an HTML cleaner, and any of them may
take minutes for a megabyte of brackets.

Promised, each with a test that names it (`tests/promises.py`):

- there is always a page with the marks, and the next one is made, whatever a notebook holds;
- a page that can't be made within its limits of time, memory and size is a short one: the marks and what was said of
  them, without the notebook;
- a mark that is still to come is shown as none.
"""

import html
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from grader.cases import Score
from grader.judge.aside import Aside, RanOut

SECONDS = 20.0  # of processor time; a page of the course takes 0.05
BYTES = 1 << 30
LONGEST_PAGE = 32 << 20  # letters; a page of the course has a thousandth of that
_START_SECONDS = 120.0
_CHARSET = '<meta charset="utf-8">'
_STAMP = re.compile(rb'<meta name="marks" content="([0-9a-f]+)">')
_HEAD = 512  # bytes in which the stamp lies


class PageMaker:
    """Makes the feedback pages of a run; the process aside starts with the first, or by `start`."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._aside = Aside(__name__, BYTES, _START_SECONDS)
        self._seconds = seconds

    def start(self) -> None:
        """Start the process, before there are threads and open connections."""
        self._aside.start()

    def expect(self, released: Mapping[str, Any]) -> None:
        """Get ready for the pages of a set, given its released notebook."""
        self._ask({"expected": released})

    def page(
        self,
        notebook: Mapping[str, Any],
        student: str,
        verdict: Mapping[str, Any],
        totals: Mapping[str, float],
        waiting: Sequence[str],
        texts: Collection[str] = (),
    ) -> str:
        """Return the page of a notebook whose cells hold their marks and comments (`Rows.show`). Never raises.

        `verdict` is the verdict as the journal has it; `waiting` holds the names of the cells that wait for a person;
        `texts` the release's cells without a name: a cell that says something else is shown as the student's.
        """
        released = [
            place
            for place, cell in enumerate(notebook["cells"])
            if cell["source"] in texts and not cell.get("attachments")
        ]
        request = {"notebook": notebook, "student": student, "verdict": verdict, "totals": totals}
        made = self._ask(request | {"waiting": list(waiting), "released": released})
        if isinstance(made, str):
            return made
        return short_page(student, verdict, totals, waiting)

    def _ask(self, request: Mapping[str, Any]) -> Any:
        try:
            return self._aside.ask(lambda fresh: request, self._seconds)
        except RanOut:
            return None

    def close(self) -> None:
        """End the process."""
        self._aside.close()


def short_page(
    student: str, verdict: Mapping[str, Any], totals: Mapping[str, float], waiting: Sequence[str]
) -> str:
    """Return a page with the marks and what was said of them; nothing on it is the student's."""
    rows = []
    for task, score in verdict["scores"].items():
        open_ = f"check-{task}" in waiting
        note = "<p>A person will mark it.</p>" if open_ else ""
        rows.append(f"<section><h2>{html.escape(task)}</h2>{note}{Score.from_json(score).html()}</section>")
    problems = "".join(f"<li>{html.escape(problem)}</li>" for problem in verdict["problems"])
    head = f"{html.escape(verdict['set'])}: {totals['score']:.3g} of {totals['max_score']:.4g} points"
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(student)}, {html.escape(verdict['set'])}</title>"
        "<style>:root { color-scheme: light dark; } body { margin: 0 auto; max-width: 52rem; padding: 1rem; "
        "font: 1rem/1.55 system-ui, sans-serif; }</style></head>\n"
        f"<body><h1>{head}{' so far' if waiting else ''}</h1><p>{html.escape(student)}</p>\n"
        "<p>A page of the whole notebook could not be made: it holds something that takes too long to lay out. "
        "The marks are not touched by that.</p>\n"
        f"{f'<ul>{problems}</ul>' if problems else ''}{''.join(rows)}</body></html>\n"
    )


def stamped(page: str, shown: str) -> str:
    """Return a page that bears the fingerprint of the marks and comments it shows."""
    return page.replace(_CHARSET, f'{_CHARSET}\n<meta name="marks" content="{shown}">', 1)


def stamp_of(path: Path) -> str | None:
    """Return the fingerprint that a page bears; None for no page, or one of somebody else's."""
    try:
        with path.open("rb") as file:
            found = _STAMP.search(file.read(_HEAD))
    except OSError:
        return None
    return found[1].decode() if found else None


_pages: Any = None  # of the process aside


def prepare() -> None:
    """Import nbconvert and nbgrader, and compile the template."""
    global _pages
    from grader.pipeline.feedback import Pages

    _pages = Pages()


def answer(request: dict[str, Any]) -> str | None:
    """Return the page that is asked for, None when it can't be made; this runs in the process aside."""
    import nbformat

    if "expected" in request:
        _pages.prepare(nbformat.from_dict(request["expected"]))
        return None
    notebook = nbformat.from_dict(request["notebook"])
    try:
        page: str = _pages.render(
            notebook,
            request["student"],
            request["verdict"],
            request["totals"],
            request["waiting"],
            request["released"],
        )
    except Exception:  # noqa: BLE001 - a student's text goes through four libraries; a short page takes its place
        return None
    return page if len(page) <= LONGEST_PAGE else None
