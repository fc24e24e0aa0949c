"""Feedback pages: what nbgrader's GenerateFeedback makes, with a template of our own.

The template shows each task's score and feedback, loads nothing and runs no script: a page is one file that can be
sent alone, a student's output can hold any HTML, and the instructor opens the page. Each piece that a student wrote is
made harmless by itself, and the page's style keeps it inside its own box. Formulas are drawn by the browser
(`grader.pipeline.mathematics`).

nbgrader makes a new template environment for each page and parses the whole page once more at its end, which takes
longer than all the rest. Here one environment serves a run, and what one cell's text became is remembered: most of a
class's cells are the release's.
"""

import base64
import html
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbgrader.server_extensions.formgrader as formgrader
from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from traitlets.config import Config

from grader.pipeline.gradebook import configuration
from grader.pipeline.harmless import as_picture, harmless, printable
from grader.pipeline.mathematics import with_mathematics

TEMPLATES = Path(__file__).parent / "templates"
THEIRS = Path(formgrader.__file__).parent / "templates"

# What is remembered of cells: so many, none longer, so that a class of any size needs the same memory.
REMEMBERED, LONGEST = 512, 10_000


class Pages:
    """Makes feedback pages; keep one for a whole run."""

    def __init__(self) -> None:
        config = configuration()
        config.Exporter.default_preprocessors = []
        config.HTMLExporter.template_name = "surprisal_feedback"
        config.HTMLExporter.extra_template_basedirs = [str(TEMPLATES), str(THEIRS)]
        # Ours extends `feedback/index.html.j2`.
        config.HTMLExporter.extra_template_paths = [str(THEIRS)]
        config.HTMLExporter.mathjax_url = ""
        config.HTMLExporter.require_js_url = ""
        config.HTMLExporter.jquery_url = ""
        self._exporter = _Exporter(config=Config(config))

    def prepare(self, notebook: Any) -> None:
        """Make a page of a released notebook for nobody.

        It compiles the template, which takes as long as ten pages, and most of a class's cells are these.
        """
        shown = {"sha256": "", "sandbox": "", "set": "", "problems": []}
        for cell in notebook.cells:
            cell.metadata.setdefault("nbgrader", {}).setdefault("score", 0.0)
        self.render(notebook, "", shown, {"score": 0.0, "max_score": 0.0, "late_penalty": 0.0}, [])

    def render(
        self,
        notebook: Any,
        student: str,
        verdict: Mapping[str, Any],
        totals: Mapping[str, float],
        waiting: list[str],
        released: Collection[int] = (),
    ) -> str:
        """Return the page of a notebook whose cells hold their marks and comments (`Rows.show`).

        `verdict` is the verdict as the journal has it; `waiting` holds the names of the cells that wait for a person;
        `released` the places of the cells without a name that are the release's own.
        """
        shown = {
            "student": html.escape(student),
            "set": html.escape(verdict["set"]),
            "waiting": waiting,
            "problems": [html.escape(problem) for problem in verdict["problems"]],
            "footer": _footer(verdict),
        }
        for place, cell in enumerate(notebook.cells):
            named = cell.metadata.get("nbgrader", {})
            cell.metadata["theirs"] = named.get("solution", False) if named else place not in released
            ours = named.get("grade", False) and not named.get("solution", False)
            for output in cell.get("outputs", ()):
                _clean(output.get("data", {}), ours)
        page = self._exporter.page(notebook, {"nbgrader": dict(totals), "surprisal": shown})
        before, head, rest = page.partition("<body>")
        return before + head + printable(rest)


def _clean(data: dict[str, Any], ours: bool) -> None:
    """Make what a cell showed harmless; Markdown is cleaned when it has become HTML.

    ours: whether it is the judge's, which writes no formulas, but quotes what a student wrote.
    """
    if "image/svg+xml" in data and "text/html" not in data:
        data["text/html"] = as_picture(data.pop("image/svg+xml"))
    if "text/html" in data:
        data["text/html"] = harmless(data["text/html"]) if ours else _harmless(data["text/html"])
    if "text/latex" in data:
        data["text/latex"] = with_mathematics(html.escape(data["text/latex"], quote=False))


class _Pictures(dict[str, dict[str, str]]):
    """A text cell's pasted pictures; one that is not in the file is a drawing that says so.

    nbconvert refuses the whole page for a picture that it doesn't find.
    """

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> dict[str, str]:
        return {"image/svg+xml": base64.b64encode(_LOST.encode()).decode()}


_LOST = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="40"><rect width="300" height="40" fill="#eee"/>'
    '<text x="10" y="25" font-family="sans-serif" font-size="14" fill="#333">This picture was not in the file.'
    "</text></svg>"
)


class _Exporter(HTMLExporter):
    """nbconvert's exporter to HTML, which remembers what cells became."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._highlight = Highlight2HTML(parent=self)
        self._highlighted = lru_cache(REMEMBERED)(self._highlight)
        self._rendered = lru_cache(REMEMBERED)(
            lambda source: with_mathematics(harmless(HTMLExporter.markdown2html(self, {}, source)))
        )

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        """Return the HTML of Markdown; pictures that a cell carries with it are looked up in `context`."""
        if len(source) > LONGEST or "attachment:" in source:
            pictures = _Pictures(context.get("cell", {}).get("attachments", {}))
            return with_mathematics(
                harmless(super().markdown2html({"cell": {"attachments": pictures}}, source))
            )
        return self._rendered(source)

    def _preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        # Without nbconvert's second copy and its validations: these cells are the judge's and nbgrader's own.
        for preprocessor in self._preprocessors:
            nb, resources = preprocessor(nb, resources)
        return nb, resources

    def page(self, notebook: Any, resources: dict[str, Any]) -> str:
        """Return a notebook's page."""
        self.register_filter("highlight_code", self._highlighted_code)
        self.register_filter("filter_data_type", WidgetsDataTypeFilter(notebook_metadata={}, parent=self))
        # Not by HTMLExporter's own, which parses the whole page again: the parts of it that are not ours are parsed
        # one by one.
        page, _ = TemplateExporter.from_notebook_node(self, notebook, self._init_resources(resources))
        return str(page)

    def _highlighted_code(self, source: str, metadata: Mapping[str, Any] | None = None) -> str:
        return str(self._highlight(source) if len(source) > LONGEST else self._highlighted(source))


def _shown(fragment: str) -> str:
    return with_mathematics(harmless(fragment))


def _harmless(fragment: str) -> str:
    return _shown(fragment) if len(fragment) > LONGEST else _remembered(fragment)


_remembered = lru_cache(REMEMBERED)(_shown)


def _footer(verdict: Mapping[str, Any]) -> str:
    sandbox = verdict["sandbox"]
    walls = "run without walls (--sandbox none)" if sandbox == "none" else f"sandbox: {sandbox}"
    return html.escape(f"Submission {verdict['sha256'][:12] or 'missing'}, {walls}.")
