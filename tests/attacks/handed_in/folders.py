# ruff: noqa: E501
"""Attackers by what their folder holds: links, deep and many folders, odd names, other programs' settings, archives.

Each function fills the folder of one student, `<class>/<name>/01_tiny`; its docstring says what it tries and ends with
the points that it must get, of 4. Beside them in the class stands ada, whose answers are right.
"""

import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

Notebook = dict[str, Any]
RIGHT = {
    "tiny-ppl": "ppl = math.exp(2.1)",
    "tiny-mean": "def mean_nll(x):\n    return sum(x) / len(x)",
    "tiny-unit": "unit = 'b'",
}
WRONG = {"tiny-ppl": "ppl = 3.0", "tiny-mean": "def mean_nll(x):\n    return 1.0", "tiny-unit": "unit = 'a'"}

Attacker = Callable[[Path, Callable[[dict[str, str]], bytes]], None]


def link_to_a_neighbour(folder: Path, notebook: Callable[[dict[str, str]], bytes]) -> None:
    """The notebook is a link to another student's. Points: 0"""
    (folder / "tiny.ipynb").symlink_to(folder.parents[1] / "ada/01_tiny/tiny.ipynb")


def folder_link_to_a_neighbour(folder: Path, notebook: Callable[[dict[str, str]], bytes]) -> None:
    """The whole folder is a link to another student's. Points: 0"""
    folder.rmdir()
    folder.symlink_to(folder.parents[1] / "ada/01_tiny")


def links_beside(folder: Path, notebook: Callable[[dict[str, str]], bytes]) -> None:
    """Links to the neighbour's answer, to the machine's files and in circles; the notebook reads them. Points: 3"""
    for name, target in {
        "theirs": folder.parents[1] / "ada",
        "passwd": "/etc/passwd",
        "root": "/",
        "me": ".",
    }.items():
        (folder / name).symlink_to(target)
    look = "import glob, os\nfound = [p for p in glob.glob('**', recursive=True) if p != 'cases.json']\n"
    (folder / "tiny.ipynb").write_bytes(
        notebook(RIGHT | {"tiny-unit": f"{look}unit = 'b' if found else found"})
    )


def deep_folders(folder: Path, notebook: Callable[[dict[str, str]], bytes]) -> None:
    """Folders in folders, deeper than a path may be long. Points: 4"""
    (folder / "tiny.ipynb").write_bytes(notebook(RIGHT))
    before = os.getcwd()
    os.chdir(folder)
    try:
        for _ in range(1_200):
            os.mkdir("deeper")
            os.chdir("deeper")
    finally:
        os.chdir(before)


def many_files(folder: Path, notebook: Callable[[dict[str, str]], bytes]) -> None:
    """Some thousand files and folders beside the notebook. Points: 4"""
    (folder / "tiny.ipynb").write_bytes(notebook(RIGHT))
    for number in range(3_000):
        (folder / f"{number}.txt").touch()


def odd_names(folder: Path, notebook: Callable[[dict[str, str]], bytes]) -> None:
    """Names that are no Unicode, hold line breaks and escapes for terminals, or look like HTML. Points: 4"""
    (folder / "tiny.ipynb").write_bytes(notebook(RIGHT))
    for name in (b"\xff\xfe.txt", b"new\nline", b"\x1b[2J\x1b]0;title\x07", b"<script>alert(1)<", b"x" * 255):
        Path(os.fsdecode(bytes(folder) + b"/" + name)).write_text("1")


def archives(folder: Path, notebook: Callable[[dict[str, str]], bytes]) -> None:
    """Archives with names that leave, links and a bomb of zeros: nobody unpacks them. Points: 4"""
    (folder / "tiny.ipynb").write_bytes(notebook(RIGHT))
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../../ada/01_tiny/tiny.ipynb", "gone")
        archive.writestr("/tmp/escaped", "here")
        archive.writestr("bomb", bytes(50_000_000))
    (folder / "01_tiny.zip").write_bytes(held.getvalue())
    (folder / "tiny.tar.gz").write_bytes(held.getvalue())


def own_pages_and_settings(folder: Path, notebook: Callable[[dict[str, str]], bytes]) -> None:
    """A feedback page, a gradebook, a journal, cases and settings of the student's own. Points: 0"""
    (folder / "tiny.ipynb").write_bytes(notebook(WRONG))
    for name in (
        "tiny.html",
        "nbgrader_config.py",
        "gradebook.db",
        "journal.jsonl",
        "grades.csv",
        "ipython_config.py",
    ):
        (folder / name).write_text(
            "<script>alert(1)</script> c.Autograde.enabled = False; check = lambda *a: 1e9"
        )
    (folder / "timestamp.txt").write_text("1970-01-01 00:00:00 UTC")
    (folder / "cases.json").write_text(json.dumps({"set": "01_tiny", "tasks": {}}))
    (folder / "tiny.ipynb.bak").mkdir()


def a_page_in_the_way(folder: Path, notebook: Callable[[dict[str, str]], bytes]) -> None:
    """A folder where the feedback page and the graded notebook will be written. Points: 4"""
    (folder / "tiny.ipynb").write_bytes(notebook(RIGHT))
    for name in ("tiny.html", "tiny.ipynb.d"):
        (folder / name / "deep").mkdir(parents=True)
        (folder / name / "deep" / "x").write_text("1")


SEARCH = """
import os
for top, folders, files in os.walk('/'):
    if top.startswith(('/proc', '/sys', '/usr')):
        folders.clear()
    for name in files:
        if name in ('gradebook.db', 'journal.jsonl', 'grades.csv', 'tiny.ipynb') or 'ada' in top:
            try:
                open(f'{top}/{name}', 'wb').write(b'mine')
            except OSError:
                pass
for place in ('OUT', 'CLASS', 'COURSE'):
    os.makedirs(place, exist_ok=True) if os.access(os.path.dirname(place), os.W_OK) else None
"""


def writes_to_everybody(folder: Path, notebook: Callable[[dict[str, str]], bytes]) -> None:
    """Looks for the gradebook, the journal and the neighbours' notebooks, and overwrites them. Points: 0"""
    (folder / "tiny.ipynb").write_bytes(notebook(WRONG | {"tiny-ppl": SEARCH}))


def kills_everybody(folder: Path, notebook: Callable[[dict[str, str]], bytes]) -> None:
    """Signals to everybody, its neighbours and the grader as well. Points: 1"""
    kill = "import os\nfor n in (15, 9):\n    for p in (os.getppid(), -1, *range(2, 70_000)):\n        try: os.kill(p, n) if p != os.getpid() else 0\n        except OSError: pass\n"
    (folder / "tiny.ipynb").write_bytes(notebook(RIGHT | {"tiny-mean": kill + "os._exit(1)"}))


PAGE = """
from IPython.display import HTML, SVG, Javascript, Latex, Markdown, display
import sys, warnings
bad = "<script>alert(1)</script><img src=x onerror=alert(1)><iframe src='javascript:alert(1)'></iframe>"
bad += "<a href='javascript:alert(1)'>x</a><meta http-equiv=refresh content='0;url=http://example.org'><base href='//x'>"
bad += "<form action=http://example.org><button></form><object data=x></object><embed src=x><link rel=stylesheet href=//x>"
bad += "<style>.score{display:none}</style></pre></div></main></body><svg onload=alert(1)><script>alert(1)</script></svg>"
for kind in (HTML, Markdown, Latex, Javascript):
    display(kind(bad))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>"))
display({'text/html': bad, 'text/plain': bad, 'image/png': '"><script>alert(1)</script>', 'image/svg+xml': bad}, raw=True)
print(bad, "\\x1b[2J\\x1b]0;title\\x07")
warnings.warn(bad)
Evil = type(bad[:60], (Exception,), {"__str__": lambda self: bad + "\\n\\n[x](javascript:alert(1))\\n\\n\\x1b[2J"})
raise Evil()
"""


def page(folder: Path, notebook: Callable[[dict[str, str]], bytes]) -> None:
    """HTML, scripts, SVG, Markdown and escapes in outputs, errors, warnings, names, texts and metadata. Points: 2"""
    broken = "def mean_nll(x):\n    raise type('<script>alert(1)</script>', (ValueError,), {})('<script>alert(1)</script>')"
    answers = RIGHT | {"tiny-ppl": "ppl = math.exp(2.1)\n" + PAGE, "tiny-mean": broken}
    answers["tiny-why"] = (
        "<script>alert(1)</script> $\\href{javascript:alert(1)}{x}$ [x](javascript:alert(1)) <b onclick=a()>x</b>"
    )
    made = json.loads(notebook(answers))
    made["cells"].insert(
        0, {"cell_type": "raw", "metadata": {"raw_mimetype": "text/html"}, "source": answers["tiny-why"]}
    )
    made["cells"].insert(
        0,
        {
            "cell_type": "markdown",
            "metadata": {},
            "source": answers["tiny-why"] + "<meta http-equiv=refresh>",
        },
    )
    made["metadata"] = {"title": "</title><script>alert(1)</script>", "kernelspec": {"name": "<script>"}}
    (folder / "tiny.ipynb").write_bytes(json.dumps(made).encode())


def _zipped(files: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", packing) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def only_an_archive(folder: Path, notebook: Callable[[dict[str, str]], bytes]) -> None:
    """The notebook is in an archive, with what a Mac adds to it. Points: 4"""
    files = {"01_tiny/tiny.ipynb": notebook(RIGHT), "__MACOSX/01_tiny/._tiny.ipynb": b"\x00\x05\x16\x07"}
    (folder / "tiny.zip").write_bytes(_zipped(files))


def an_archive_of_two(folder: Path, notebook: Callable[[dict[str, str]], bytes]) -> None:
    """Two notebooks in one archive: nobody knows which is meant. Points: 0"""
    files = {"a/tiny.ipynb": notebook(RIGHT), "b/tiny.ipynb": notebook(WRONG)}
    (folder / "tiny.zip").write_bytes(_zipped(files))


def an_archive_that_leaves(folder: Path, notebook: Callable[[dict[str, str]], bytes]) -> None:
    """The archive's only notebook has the path of a neighbour's. Points: 1"""
    path = "../../ada/01_tiny/tiny.ipynb"
    (folder / "tiny.zip").write_bytes(_zipped({path: notebook(WRONG | {"tiny-unit": RIGHT["tiny-unit"]})}))


def an_archive_of_zeros(folder: Path, notebook: Callable[[dict[str, str]], bytes]) -> None:
    """A notebook of 300 MB of zeros in an archive of 300 kB. Points: 0"""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("tiny.ipynb", "w") as file:
        for _ in range(300):
            file.write(bytes(1_000_000))
    (folder / "tiny.zip").write_bytes(held.getvalue())


def a_damaged_archive(folder: Path, notebook: Callable[[dict[str, str]], bytes]) -> None:
    """Half an archive, and one whose sums don't fit. Points: 0"""
    whole = _zipped({"tiny.ipynb": notebook(RIGHT)}, zipfile.ZIP_STORED)
    (folder / "tiny.zip").write_bytes(whole.replace(b"8.166", b"9.999").replace(b"math.exp", b"math.xxx"))


def copies_beside(folder: Path, notebook: Callable[[dict[str, str]], bytes]) -> None:
    """Copies with wrong answers beside the notebook, under the names that programs give them. Points: 4"""
    (folder / "tiny.ipynb").write_bytes(notebook(RIGHT))
    for name in (
        "tiny (1).ipynb",
        "Copy of tiny.ipynb",
        "._tiny.ipynb",
        ".tiny.ipynb",
        "TINY-checkpoint.ipynb",
    ):
        (folder / name).write_bytes(notebook(WRONG))
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints/tiny-checkpoint.ipynb").write_bytes(notebook(WRONG))


def two_copies_and_no_original(folder: Path, notebook: Callable[[dict[str, str]], bytes]) -> None:
    """Two copies, one right and one wrong, and none has the expected name. Points: 0"""
    (folder / "tiny (1).ipynb").write_bytes(notebook(RIGHT))
    (folder / "tiny (2).ipynb").write_bytes(notebook(WRONG))


def a_second_ending(folder: Path, notebook: Callable[[dict[str, str]], bytes]) -> None:
    """A browser saved the notebook as a text. Points: 4"""
    (folder / "tiny.ipynb.txt").write_bytes(notebook(RIGHT))


def large_letters(folder: Path, notebook: Callable[[dict[str, str]], bytes]) -> None:
    """The name is in large letters. Points: 4"""
    (folder / "TINY.IPYNB").write_bytes(notebook(RIGHT))


def only_a_checkpoint(folder: Path, notebook: Callable[[dict[str, str]], bytes]) -> None:
    """Nothing but Jupyter's own copy, and a file that begins with a dot. Points: 0"""
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints/tiny-checkpoint.ipynb").write_bytes(notebook(RIGHT))
    (folder / ".tiny.ipynb").write_bytes(notebook(RIGHT))


def a_pipe_and_a_hard_link(folder: Path, notebook: Callable[[dict[str, str]], bytes]) -> None:
    """A pipe that nobody writes to beside the notebook, which a reader would wait for, and its name a second time. Points: 4"""
    (folder / "tiny.ipynb").write_bytes(notebook(RIGHT))
    os.mkfifo(folder / "data.csv")
    os.link(folder / "tiny.ipynb", folder / "again.txt")


ATTACKERS: tuple[Attacker, ...] = (
    link_to_a_neighbour, folder_link_to_a_neighbour, links_beside, deep_folders, many_files, odd_names, archives,
    own_pages_and_settings, a_page_in_the_way, writes_to_everybody, kills_everybody, page, only_an_archive, an_archive_of_two,
    an_archive_that_leaves, an_archive_of_zeros, a_damaged_archive, copies_beside, two_copies_and_no_original, a_second_ending,
    large_letters, only_a_checkpoint, a_pipe_and_a_hard_link,
)  # fmt: skip
