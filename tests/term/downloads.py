"""Small downloads of each layout, and a course to collect for."""

import io
import json
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from grader.pipeline.course import Course

SETS = {"01_tiny": ("tiny-ppl", "tiny-mean"), "06_perplexity": ("ppl-value", "ppl-function")}


def course_of_two(root: Path) -> Course:
    """Write a course of two sets, built as far as collecting looks."""
    (root / "solutions" / "tasks").mkdir(parents=True)
    for name in SETS:
        (root / "exercises" / name).mkdir(parents=True)
        release = root / "build" / "release" / name / f"{name[3:]}.ipynb"
        release.parent.mkdir(parents=True)
        release.write_bytes(notebook(name))
    return Course(root)


def notebook(name: str = "06_perplexity", answer: str = "") -> bytes:
    """Return a notebook of a set; both sets share the id `setup`."""
    cells = [
        {
            "cell_type": "code", "source": answer, "outputs": [], "execution_count": None,
            "metadata": {"nbgrader": {"grade_id": cell, "grade": False, "solution": True, "schema_version": 3}},
        }
        for cell in ("setup", *SETS[name])
    ]  # fmt: skip
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def zipped(files: Mapping[str, bytes], day: int = 1) -> bytes:
    """Return a zip whose entries were made on a day of March 2026."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, (2026, 3, day, 12, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return data.getvalue()


def tarred(members: Mapping[str, bytes | tuple[bytes, str]], mode: str = "w:gz") -> bytes:
    """Return a tar; a member that is (type, target) is a link or a device."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            if isinstance(content, tuple):
                member.type, member.linkname = content
                archive.addfile(member)
            else:
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    return data.getvalue()


ROSTER = """\
id,first name,last name,email,canvas id,sid,participant,github username
zoe,Zoë,Müller-Lee,zoe@uni.example,812,s-1,4711,zoe-codes
ann,Ann,Lee,ann@uni.example,813,s-2,4712,ann-b
ben,Ben,Ng,ben@uni.example,814,s-3,4713,ben-c
"""
METADATA = """\
submission_11:
  :submitters:
  - :name: Zoë Müller-Lee
    :sid: 's-1'
    :email: zoe@uni.example
  - :name: Ben Ng
    :sid: 's-3'
    :email: ben@uni.example
  :created_at: 2026-03-01 12:00:00.861687000 Z
  :score: 2.0
  :results:
    output: |-
      ==== : 1
submission_12:
  :submitters:
  - :name: Ann Lee
    :sid: 's-2'
    :email: ann@uni.example
  :created_at: 2026-03-02 09:30:00.000000000 +0100
  :history: []
"""
Z, A = notebook(answer="zoe"), notebook(answer="ann")

LAYOUTS: dict[str, dict[str, bytes]] = {
    "moodle": {
        "Zoë Müller-Lee_4711_assignsubmission_file/perplexity.ipynb": Z,
        "Zoë Müller-Lee_4711_assignsubmission_file/data/letters.txt": b"abc",
        "Group B-Ann Lee_4712_assignsubmission_file_/Copy of perplexity (1).ipynb": A,
        "Ann Lee_4712_assignsubmission_onlinetext/onlinetext.html": b"<p>hello</p>",
    },
    "moodle flat": {
        "Zoë Müller-Lee_4711_assignsubmission_file_perplexity.ipynb": Z,
        "Ann Lee_4712_assignsubmission_file_hw6.ipynb": A,
    },
    "canvas": {
        "müllerleezoë_LATE_812_99001_perplexity-1.ipynb": Z,
        "leeann_813_99002_hw_6.ipynb": notebook(answer="earlier"),
        "leeann_813_99012_perplexity-2.ipynb": A,
        "leeann_813_99003_letters.txt": b"abc",
        "ngben_814_text.html": b"<p>typed</p>",
    },
    "gradescope": {
        "assignment_9_export/submission_metadata.yml": METADATA.encode(),
        "assignment_9_export/submission_11/perplexity.ipynb": Z,
        "assignment_9_export/submission_12/sub/perplexity.ipynb": A,
    },
    "github": {
        "perplexity-submissions/perplexity-zoe-codes/perplexity.ipynb": Z,
        "perplexity-submissions/perplexity-zoe-codes/.git/config": b"[core]",
        "perplexity-submissions/perplexity-ann-b/06_perplexity/perplexity.ipynb": A,
    },
    "exchange": {
        "zoe+06_perplexity+2026-03-01 10:00:00.000000 UTC/perplexity.ipynb": notebook(answer="first"),
        "zoe+06_perplexity+2026-03-01 10:00:00.000000 UTC/timestamp.txt": b"2026-03-01 10:00:00.000000 UTC",
        "zoe+06_perplexity+2026-03-01 12:00:00.500000 CET/perplexity.ipynb": notebook(
            answer="unreadable zone"
        ),
        "zoe+06_perplexity+2026-03-01 12:00:00.500000 UTC+q_9-Zw/perplexity.ipynb": Z,
        "ann+06_perplexity+2026-03-02 12:00:00.000000 UTC/perplexity.ipynb": A,
    },
    "attempts": {
        "06_perplexity/archive/ps6_zoe_attempt_2026-03-01-12-00-00_perplexity.ipynb": Z,
        "06_perplexity/archive/ps6_ann_attempt_2026-03-01-11-00-00_perplexity.ipynb": notebook(
            answer="first"
        ),
        "06_perplexity/archive/ps6_ann_attempt_2026-03-01-12-30-00_work.zip": zipped(
            {"work/perplexity.ipynb": A}
        ),
        "06_perplexity/extracted/ps6_zoe_attempt_2026-03-01-12-00-00_perplexity.ipynb": Z,
    },
    "plain": {
        "zoe/06_perplexity/perplexity.ipynb": Z,
        "zoe/06_perplexity/timestamp.txt": b"2026-03-01 13:00:00 +0100",
        "zoe/01_tiny/tiny.ipynb": notebook("01_tiny"),
        "ann/perplexity.ipynb": A,
    },
}
