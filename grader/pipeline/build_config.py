"""What stock nbgrader needs to work in `build/`: settings of ours, and a config file that is the teacher's.

`nbgrader_config.py` is written once and loads `grader_settings.py`, which every build writes anew. So what a teacher
adds to the first stays.
"""

import re
from pathlib import Path

NAME, SETTINGS = "nbgrader_config.py", "grader_settings.py"

_SETTINGS = '''"""What stock nbgrader needs here. Each `grader build` writes it anew: change nbgrader_config.py."""

import os

c = get_config()  # noqa: F821

here = os.path.dirname(os.path.abspath(__file__))
c.CourseDirectory.root = here
# The stub stands in the source above the solution region, so nothing is put in the region's place.
c.ClearSolutions.code_stub = {"python": ""}
c.ClearSolutions.text_stub = ""
# A cell that trains a model may take as long as in `grader grade`.
c.Execute.timeout = SECONDS
# `autograde` and `validate`, run here by an instructor, mark with the hidden cases.
os.environ["GRADER_CASES"] = os.path.join(here, "hidden")
'''

CONFIG = f'''"""nbgrader's configuration for this folder. It is yours: `grader` writes it once."""

c = get_config()  # noqa: F821

load_subconfig("{SETTINGS}")  # noqa: F821  (what the course needs; later lines win)
'''

_LOADS = re.compile(rf"""^\s*load_subconfig\(\s*["']{re.escape(SETTINGS)}["']\s*\)""", re.MULTILINE)
# Builds wrote the settings themselves into the teacher's file once; such a file, unchanged, is replaced.
_FORMER = re.compile(
    re.escape(_SETTINGS.partition("\n")[2]).replace("SECONDS", r"\d+"),
)
_FORMER_HEAD = '"""What stock nbgrader needs to work in this folder; written by `grader build`."""\n'


def write_config(build: Path, seconds: int) -> str:
    """Write the settings, and the config file where there is none; return what a teacher has to do, "" if nothing.

    seconds: what a cell may take.
    """
    (build / SETTINGS).write_text(_SETTINGS.replace("SECONDS", str(seconds)), encoding="utf-8")
    path = build / NAME
    text = path.read_text(encoding="utf-8") if path.is_file() else _FORMER_HEAD
    head, _, rest = text.partition("\n")
    if not path.is_file() or (f"{head}\n" == _FORMER_HEAD and _FORMER.fullmatch(rest)):
        path.write_text(CONFIG, encoding="utf-8")
    return what_lacks(path)


def what_lacks(path: Path) -> str:
    """Return what a teacher has to do to a config file of theirs, "" if nothing."""
    if _LOADS.search(path.read_text(encoding="utf-8", errors="replace")):
        return ""
    return (
        f"{path} is yours and was left as it is. So that nbgrader works here, add the line "
        f'load_subconfig("{SETTINGS}") to it.'
    )
