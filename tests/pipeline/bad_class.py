"""A class of submissions to the tiny course, most of them damaged in one way each."""

import json
import os
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from grader.pipeline.sample_class import Notebook, fill

RIGHT = {
    "tiny-ppl": "ppl = math.exp(2.1)",
    "tiny-mean": "def mean_nll(losses):\n    return sum(losses) / len(losses)",
    "tiny-unit": "unit = 'b'",
    "tiny-why": "Because a longer text has more losses.",
}
NOISY = RIGHT | {
    "tiny-mean": "import sys\nimport warnings\n\n\ndef mean_nll(losses):\n    warnings.warn('slow')\n"
    "    print('on', 'stderr', file=sys.stderr)\n    print(99)\n    return sum(losses) / len(losses)",
    "tiny-ppl": "import sys\nimport warnings\nwarnings.warn('careful')\nprint('hm', file=sys.stderr)\nppl = 8.166",
}
# Each earns nothing for tiny-ppl and everything else.
NO_VALUES = {
    "nan": "ppl = float('nan')",
    "complex": "ppl = 8.166 + 0j + 1j",
    "text": "ppl = '8.166'",
    "list": "ppl = [1, 2]",
    "array": "import numpy as np\nppl = np.full((2, 2), 8.166)",
    "liar": "class Liar(float):\n    def __eq__(self, other):\n        return True\n    __float__ = lambda s: 8.166\n"
    "    __lt__ = __gt__ = __le__ = __ge__ = __eq__\n    __hash__ = float.__hash__\n\n\nppl = Liar(3)",
    "giant": "ppl = 10 ** 100_000",
    "undefined": "del ppl",
}


def write_class(folder: Path, release: Mapping[str, Any]) -> None:
    """Write `folder/<student>/01_tiny/tiny.ipynb` for every way to hand in that is tested."""
    for student, answers in (("right", RIGHT), ("noisy", NOISY), ("stub", {})):
        put(folder, student, fill(release, answers))
    for name, source in NO_VALUES.items():
        put(folder, f"value {name}", fill(release, RIGHT | {"tiny-ppl": source}))
    for name, change in CHANGES.items():
        notebook = fill(release, RIGHT)
        change(notebook["cells"])
        put(folder, name, notebook)
    for name, content in RAW.items():
        put_bytes(folder, name, content)
    put_bytes(
        folder,
        "latin",
        json.dumps(fill(release, RIGHT), ensure_ascii=False).replace("longer", "größer").encode("latin-1"),
    )
    put_bytes(folder, "bom", json.dumps(fill(release, RIGHT)).encode("utf-8-sig"))
    put(folder, "Zoë [O'Neil] *{x}* 你", fill(release, RIGHT))
    put(folder, "renamed file", fill(release, RIGHT))
    (folder / "renamed file/01_tiny/tiny.ipynb").rename(folder / "renamed file/01_tiny/tiny (1).ipynb")
    (folder / "a folder/01_tiny/tiny.ipynb").mkdir(parents=True)
    (folder / "nothing/01_tiny").mkdir(parents=True)
    (folder / "link/01_tiny").mkdir(parents=True)
    (folder / "link/01_tiny/tiny.ipynb").symlink_to(folder / "right/01_tiny/tiny.ipynb")
    (folder / "pipe/01_tiny").mkdir(parents=True)
    os.mkfifo(folder / "pipe/01_tiny/tiny.ipynb")
    (folder / "right/01_tiny/timestamp.txt").write_text("no time at all", encoding="utf-8")
    (folder / "helper/01_tiny").mkdir(parents=True, exist_ok=True)
    own = RIGHT | {"tiny-mean": "from own import mean_nll"}
    put(folder, "helper", fill(release, own))
    (folder / "helper/01_tiny/own.py").write_text(
        "def mean_nll(x):\n    return sum(x) / len(x)\n", encoding="utf-8"
    )


def put(folder: Path, student: str, notebook: Notebook) -> None:
    put_bytes(folder, student, json.dumps(notebook).encode())


def put_bytes(folder: Path, student: str, content: bytes) -> None:
    path = folder / student / "01_tiny" / "tiny.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


RAW = {
    "no json": b"ppl = 8.166",
    "no notebook": b'{"answers": [1, 2]}',
    "version 2": b'{"nbformat": 2, "worksheets": []}',
    "empty": b"",
    "enormous": b'{"nbformat": 4, "cells": ["' + b"x" * 20_100_000 + b'"]}',
}

Cells = list[dict[str, Any]]


def at(cells: Cells, grade_id: str) -> int:
    return next(
        i for i, c in enumerate(cells) if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
    )


def own(source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": "own",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def before(grade_id: str, source: str) -> Callable[[Cells], None]:
    def change(cells: Cells) -> None:
        cells.insert(at(cells, grade_id), own(source))

    return change


def rename_check(cells: Cells) -> None:
    cells[at(cells, "check-tiny-ppl")]["metadata"]["nbgrader"]["grade_id"] = "check-tiny-pl"


def delete_check(cells: Cells) -> None:
    del cells[at(cells, "check-tiny-ppl")]


def double_check(cells: Cells) -> None:
    cells.insert(at(cells, "check-tiny-ppl"), deepcopy(cells[at(cells, "check-tiny-ppl")]))


def edit_check(cells: Cells) -> None:
    cells[at(cells, "check-tiny-ppl")]["source"] = "1.0"


def double_answer(cells: Cells) -> None:
    cells.insert(at(cells, "tiny-ppl"), deepcopy(cells[at(cells, "tiny-ppl")]) | {"source": "ppl = 3"})


def delete_setup(cells: Cells) -> None:
    del cells[at(cells, "setup")]


def raise_points(cells: Cells) -> None:
    cells[at(cells, "check-tiny-ppl")]["metadata"]["nbgrader"]["points"] = 50


def reorder(cells: Cells) -> None:
    i = at(cells, "tiny-mean")
    cells[2:2] = [cells.pop(i), cells.pop(i)]


def unknown_task(cells: Cells) -> None:
    cells.append(deepcopy(cells[at(cells, "check-tiny-ppl")]) | {"source": 'check("no-such-task", 1)'})
    cells[-1]["metadata"]["nbgrader"]["grade_id"] = "check-no-such-task"


def lose_labels(cells: Cells) -> None:
    for cell in cells:
        cell["metadata"] = {}


CHANGES: dict[str, Callable[[Cells], None]] = {
    "rename check": rename_check,
    "delete check": delete_check,
    "double check": double_check,
    "edit check": edit_check,
    "double answer": double_answer,
    "delete setup": delete_setup,
    "raise points": raise_points,
    "reorder": reorder,
    "unknown task": unknown_task,
    "lose labels": lose_labels,
    "raises": before("tiny-ppl", "1 / 0"),
    "exits": before("tiny-mean", "import sys\nsys.exit(1)"),
    "loops": before("tiny-mean", "while True:\n    pass"),
    "loops in the answer": before("check-tiny-mean", "def mean_nll(losses):\n    while True:\n        pass"),
    "stubborn": before(
        "tiny-mean", "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    pass"
    ),
    "kills": before("tiny-mean", "import os\nos._exit(3)"),
    "floods": before("tiny-ppl", "for i in range(30_000):\n    print('spam ' * 20)"),
    "own check": before("tiny-ppl", "check = lambda *a: 1000.0"),
    "html": before(
        "tiny-ppl",
        "from IPython.display import HTML\nHTML('<script>document.title=\"owned\"</script><img src=http://x.invalid/a.png>')",
    ),
}
