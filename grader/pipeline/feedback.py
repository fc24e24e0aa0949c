"""Feedback pages: nbgrader's GenerateFeedback with a template of our own.

The template shows each task's score and feedback, loads nothing from another server and runs no script but MathJax
from the output folder: a student's output can hold any HTML, and the instructor opens the page.
"""

import html
import secrets
import shutil
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import nbgrader.server_extensions.formgrader as formgrader
from nbgrader.converters import GenerateFeedback
from traitlets.config import Config

from grader.pipeline.gradebook import configuration, course_directory, open_gradebook

TEMPLATES = Path(__file__).parent / "templates"
THEIRS = Path(formgrader.__file__).parent / "templates"
MATHJAX = "tex-svg.js"


class Feedback(GenerateFeedback):
    """nbgrader's GenerateFeedback for one submission."""

    def __init__(
        self, out: Path, student: str, notebook: str, verdict: Mapping[str, Any], db_url: str | None = None
    ) -> None:
        """`verdict` is the verdict as the journal has it."""
        config = configuration()
        config.HTMLExporter.template_name = "surprisal_feedback"
        config.HTMLExporter.extra_template_basedirs = [str(TEMPLATES), str(THEIRS)]
        config.HTMLExporter.mathjax_url = ""
        config.HTMLExporter.require_js_url = ""
        config.HTMLExporter.jquery_url = ""
        directory = course_directory(out, verdict["set"], db_url=db_url)
        directory.ignore = [
            "*"
        ]  # a page stands alone; nbgrader would copy the files beside the notebook to it
        super().__init__(coursedir=directory, config=config)
        # Ours extends `feedback/index.html.j2`; nbgrader has just set this to what only its stock page needs.
        self.update_config(Config({"HTMLExporter": {"extra_template_paths": [str(THEIRS)]}}))
        self._only = (verdict["set"], student, notebook)
        self._verdict = verdict
        self._out = out
        self._db_url = db_url
        self.force = True

    def init_notebooks(self) -> None:
        # As for Autograde: no glob on a student's name.
        set_name, student, notebook = self._only
        folder = self._format_source(set_name, student)
        self.assignments = {folder: [str(Path(folder, f"{notebook}.ipynb"))]}
        self.notebooks: list[str] = []

    def init_single_notebook_resources(self, notebook_filename: str) -> dict[str, Any]:
        resources: dict[str, Any] = super().init_single_notebook_resources(notebook_filename)
        resources["surprisal"] = {
            "nonce": secrets.token_urlsafe(16),
            "mathjax": f"../../../static/{MATHJAX}",
            "student": html.escape(self._only[1]),
            "set": html.escape(self._only[0]),
            "waiting": self._waiting(),
            "footer": _footer(self._verdict),
        }
        return resources

    def _waiting(self) -> list[str]:
        """Return the ids of the cells that wait for a person's mark."""
        set_name, student, notebook = self._only
        with open_gradebook(self._out, self._db_url) as gradebook:
            grades = gradebook.find_submission_notebook(notebook, set_name, student).grades
            return [g.name for g in grades if g.needs_manual_grade and g.manual_score is None]


def copy_mathjax(out: Path) -> None:
    """Put MathJax into `out/static`, when the book's package that carries it is installed; else TeX is shown raw."""
    target = out / "static" / MATHJAX
    if target.is_file():
        return
    source = _mathjax_source()
    if source is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def _mathjax_source() -> Path | None:
    # The package's folder is called sphinx-mathjax-offline, which no import statement can name.
    try:
        files = metadata.files("sphinx-mathjax-offline") or []
    except metadata.PackageNotFoundError:
        return None
    return next((Path(str(f.locate())) for f in files if f.name == MATHJAX), None)


def _footer(verdict: Mapping[str, Any]) -> str:
    sandbox = verdict["sandbox"]
    walls = "run without walls (--sandbox none)" if sandbox == "none" else f"sandbox: {sandbox}"
    return html.escape(f"Submission {verdict['sha256'][:12] or 'missing'}, seed {verdict['seed']}, {walls}.")
