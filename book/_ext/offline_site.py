"""Sphinx extension: a site that asks no other server for anything, with checks that are never out of date.

Jupyter Book 1 takes MathJax from a CDN and names Thebe's on every page. Here MathJax comes from the site
itself and Thebe, which the course does not use, is taken out. Executed chapters are cached under a digest of
the code that their checks run: jupyter-cache alone looks only at a chapter's own cells, so a changed
`grader.algebra` would leave old verdicts on the page.
"""

import hashlib
import importlib.util
import os
import shutil
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

# Pages whose cells show a file that `make` writes: page → file in build/.
DATA_PAGES = {"book/ledger": "ledger.json", "book/notation": "notation.json"}
CHECKED_BY = (
    "grader/algebra/**/*.py",
    "solutions/*.py",
    "solutions/lm/*.py",
    "book/recorded/*",
    "requirements.txt",
)
# Of the package's 24 MB: TeX input with CHTML output in one file, the TeX extensions that it loads when
# a page needs one, and the fonts.
MATHJAX_PARTS = ("tex-chtml.js", "input/tex/extensions", "output/chtml/fonts/woff-v2")


def digest_of_checks(root: Path) -> str:
    """Return a digest of every file that a chapter's verdicts depend on, besides the chapter."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in CHECKED_BY for path in root.glob(pattern)):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def prepare_execution(app: Sphinx, config: Config) -> None:
    root = Path(app.srcdir)
    config["checked_by"] = digest_of_checks(root)
    config["nb_execution_cache_path"] = str(root / "build" / "jupyter_cache" / config["checked_by"])
    os.environ["SURPRISAL_ONE_MEANING"] = "1"  # a kernel runs one chapter: see grader/algebra/recording.py
    known = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if str(root) not in known:  # the chapters' kernels import `solutions` from here
        os.environ["PYTHONPATH"] = os.pathsep.join([str(root), *filter(None, known)])


def note_data(app: Sphinx, docname: str, source: list[str]) -> None:
    """Make a page of data again whenever its data changed, though its source did not."""
    if docname in DATA_PAGES:
        app.env.note_dependency(str(Path(app.srcdir) / "build" / DATA_PAGES[docname]))


def drop_thebe_settings(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for node in list(doctree.findall(nodes.raw)):
        if "text/x-thebe-config" in node.astext() or "kernelName = " in node.astext():
            node.parent.remove(node)


def drop_thebe_files(app: Sphinx, pagename: str, template: str, context: dict, doctree: object) -> None:
    for kind in ("script_files", "css_files"):
        if kind in context:
            context[kind] = [file for file in context[kind] if not is_thebe(file)]


def is_thebe(file: object) -> bool:
    body = getattr(file, "attributes", {}).get("body") or ""
    return "thebe" in str(getattr(file, "filename", "") or "") or "THEBE_JS_URL" in body


def copy_mathjax(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    package = importlib.util.find_spec("sphinx-mathjax-offline")
    if package is None or package.origin is None:
        raise FileNotFoundError("sphinx-mathjax-offline is not installed: pip install -r requirements.txt")
    source = Path(package.origin).parent / "static" / "mathjax"
    target = Path(app.outdir) / "_static" / "mathjax"
    for part in MATHJAX_PARTS:
        (target / part).parent.mkdir(parents=True, exist_ok=True)
        if (source / part).is_dir():
            shutil.copytree(source / part, target / part, dirs_exist_ok=True)
        else:
            shutil.copyfile(source / part, target / part)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("checked_by", "", "env", str)
    app.config["mathjax_path"] = "mathjax/tex-chtml.js"
    app.connect("config-inited", prepare_execution)
    app.connect("source-read", note_data)
    app.connect("doctree-resolved", drop_thebe_settings, priority=900)
    app.connect("html-page-context", drop_thebe_files, priority=900)
    app.connect("build-finished", copy_mathjax)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
