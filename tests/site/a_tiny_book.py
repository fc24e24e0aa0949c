"""A tiny book with one chapter, and a function that builds it as the real one is built."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHAPTER = """---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---

# A chapter

```{code-cell}
from solutions import verdict

class Checked:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {
            "text/plain": "plain",
            "text/html": "<p>for JupyterLab</p>",
            "text/markdown": "$$\\n\\\\begin{aligned} a &= b \\\\end{aligned}\\n$$ (first)\\n\\n"
            + ":::{admonition} Checks\\n:class: dropdown\\n" + verdict + "\\n:::\\n",
        }

Checked()
```

See {eq}`first`.
"""
TOC = """format: jb-book
root: book/index
parts:
  - numbered: true
    chapters: [{file: book/07_trial}]
  - chapters: [{file: book/ledger}]
"""


def ledger(status: str) -> str:
    step = {
        "label": "first",
        "title": "A first equation",
        "chapter": "07_trial",
        "relation": "=",
        "points": 3,
    }
    return json.dumps([step | {"status": status, "method": "a method"}])


@pytest.fixture
def tiny_book(tmp_path: Path) -> Path:
    for name in ("_config.yml", "_static", "book/_ext", "book/references.bib", "book/ledger.md"):
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile)(ROOT / name, target)
    (tmp_path / "_toc.yml").write_text(TOC)
    (tmp_path / "book" / "index.md").write_text("# A book\n")
    (tmp_path / "book" / "07_trial.md").write_text(CHAPTER)
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / "__init__.py").write_text("verdict = 'first verdict'\n")
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "ledger.json").write_text(ledger("proved"))
    return tmp_path


@pytest.fixture
def build() -> Callable[[Path], str]:
    """Return a function that builds a book with warnings as errors and returns what the builder printed."""

    def build_book(book: Path) -> str:
        command = [
            Path(sys.executable).parent / "jupyter-book",
            "build",
            ".",
            "--path-output",
            "build",
            "-W",
            "-n",
        ]
        given = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run(command, cwd=book, env=given, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    return build_book


def page(book: Path, name: str) -> str:
    return (book / "build" / "_build" / "html" / "book" / f"{name}.html").read_text(encoding="utf-8")
