"""Are hidden cases drawn from one secret for a whole class, which nobody but the output folder's owner learns?"""

import csv
import doctest
import gzip
import json
import multiprocessing
import pickle
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader.cases import rng_for
from grader.cli import main
from grader.judge.verdict import Submission, SubmissionVerdict
from grader.pipeline import PipelineError, seeds, tables
from grader.pipeline import grade as module
from grader.pipeline.course import Course
from grader.pipeline.grade import Options, grade, plan
from grader.pipeline.journal import Journal
from grader.pipeline.pool import Bench, Outcome
from grader.pipeline.report import regenerate
from grader.pipeline.seeds import NAME, Seed, kept_seed, new_seed, seed_for, settled_seed
from grader.pipeline.submissions import Handed
from tests.cases.symbolic_tasks import STEPS
from tests.pipeline.a_class import STUDENTS, hand_in, judge_once

SECRET = Options(sandbox="none")


@pytest.fixture(scope="module")
def submitted(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    release = json.loads(course.set_named("01_tiny").release.read_text(encoding="utf-8"))
    return hand_in(tmp_path_factory.mktemp("in"), release)


@pytest.fixture(scope="module")
def verdicts(course: Course, submitted: Path) -> Mapping[str, Outcome]:
    return judge_once(course, submitted)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


Run = Callable[..., list[str]]


@pytest.fixture
def run(
    course: Course,
    submitted: Path,
    verdicts: Mapping[str, Outcome],
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    """Grade the class with verdicts that were found before, told of the run's own seed; return who was judged."""

    def go(options: Options = SECRET, stop_after: int = len(STUDENTS)) -> list[str]:
        asked: list[str] = []

        def judged(
            work: Iterable[tuple[Handed, Submission]], bench: Bench, jobs: int, warm: object = None
        ) -> Iterator[tuple[Handed, Submission, Outcome]]:
            for handed, submission in work:
                if len(asked) == stop_after:
                    raise KeyboardInterrupt
                asked.append(handed.student)
                verdict = verdicts[handed.student]
                assert isinstance(verdict, SubmissionVerdict)
                yield (
                    handed,
                    submission,
                    replace(verdict, seed=bench.seed, exercise=bench.sets["01_tiny"].digest),
                )

        monkeypatch.setattr(module, "judge_all", judged)
        if stop_after < len(STUDENTS):
            with pytest.raises(KeyboardInterrupt):
                grade(course, submitted, out, options)
        else:
            assert grade(course, submitted, out, options).all_fine
        return asked

    return go


def labels(out: Path) -> set[Any]:
    return {entry["seed"] for entry in Journal(out / "journal.jsonl").latest.values()}


def number_of(out: Path) -> int:
    kept = kept_seed(out)
    assert kept is not None
    return kept.number


def test_a_new_output_folder_draws_a_secret_and_keeps_it_for_its_owner(
    run: Run, out: Path, tmp_path: Path
) -> None:
    assert run() == STUDENTS
    kept = kept_seed(out)
    assert kept is not None and not kept.given
    assert (out / NAME).stat().st_mode & 0o777 == 0o600
    (out / NAME).chmod(0o644)
    assert run() == [] and kept_seed(out) == kept
    assert (out / NAME).stat().st_mode & 0o777 == 0o600
    drawn = {new_seed(None).number for _ in range(50)}
    assert len(drawn) == 50 and max(drawn) > 2**120
    assert kept.label not in drawn and rng_for(kept.number, "a", False).random() < 1


def test_the_secret_stands_in_no_other_file_that_a_run_writes(run: Run, course: Course, out: Path) -> None:
    run()
    regenerate(out, course)
    number = number_of(out)
    forms = [str(number), f"{number:x}", f"{number:X}"]
    told = [form.encode() for form in forms] + [number.to_bytes(16, order) for order in ("big", "little")]
    looked_at = set()
    for path in out.rglob("*"):
        if path.is_file() and path.name != NAME:
            content = path.read_bytes()
            content = gzip.decompress(content) if path.suffix == ".gz" else content
            assert not any(form in content for form in told), path
            looked_at.add(path.suffix)
    assert {".db", ".html", ".ipynb", ".csv", ".jsonl", ".gz"} <= looked_at
    fingerprint = Seed(number, False).label
    assert labels(out) == {fingerprint} and re.fullmatch(r"secret [0-9a-f]{16}", str(fingerprint))


def test_no_page_table_or_notebook_tells_a_seed_that_was_given(run: Run, course: Course, out: Path) -> None:
    run(replace(SECRET, seed=86420))
    regenerate(out, course)
    pages = [p for p in out.rglob("*") if p.suffix in (".html", ".csv", ".ipynb")]
    assert len(pages) == 2 * len(STUDENTS) + 3 + 2  # and source and release
    for path in pages:
        assert not re.search(r"\bseed\b|86420", path.read_text(encoding="utf-8")), path
    assert labels(out) == {86420}


def test_another_seed_is_refused_with_what_to_do_and_changes_nothing(
    run: Run, course: Course, submitted: Path, out: Path
) -> None:
    run(replace(SECRET, seed=3))
    before = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    for command in (grade, plan):
        with pytest.raises(PipelineError, match=r"another seed than 4\. Leave --seed out .* --reseed"):
            command(course, submitted, out, replace(SECRET, seed=4))
    assert {p: p.read_bytes() for p in out.rglob("*") if p.is_file()} == before
    assert run() == run(replace(SECRET, seed=3)) == []


def test_reseed_grades_everything_again_once(run: Run, course: Course, submitted: Path, out: Path) -> None:
    run()
    first = number_of(out)
    steps = plan(course, submitted, out, replace(SECRET, reseed=True))
    assert {step.why for step in steps} == {"it was graded with another seed"} and number_of(out) == first
    assert run(replace(SECRET, reseed=True)) == STUDENTS
    assert number_of(out) != first and (out / NAME).stat().st_mode & 0o777 == 0o600
    assert run() == []
    assert run(replace(SECRET, reseed=True, seed=8)) == STUDENTS
    assert labels(out) == {8} and run() == []
    for part in ({"student": STUDENTS[0]}, {"set_name": "01_tiny"}):
        with pytest.raises(PipelineError, match="leave --set and --student out"):
            run(replace(SECRET, reseed=True, **part))


@pytest.mark.parametrize("reseed", [False, True])
def test_a_run_that_was_stopped_goes_on_with_its_seed(run: Run, out: Path, reseed: bool) -> None:
    if reseed:
        run()
    assert run(replace(SECRET, reseed=reseed), stop_after=2) == STUDENTS[:2]
    number = number_of(out)
    assert run() == STUDENTS[2:] and number_of(out) == number and len(labels(out)) == 1


def test_a_dry_run_takes_the_kept_seed_and_keeps_none(
    run: Run, course: Course, submitted: Path, out: Path
) -> None:
    assert {step.why for step in plan(course, submitted, out, SECRET)} == {"it is new"}
    assert not out.exists()
    run()
    assert {step.why for step in plan(course, submitted, out, SECRET)} == {"it is unchanged"}


def test_an_output_folder_that_keeps_no_seed_goes_on_with_the_journals(run: Run, out: Path) -> None:
    run(replace(SECRET, seed=0))
    (out / NAME).unlink()
    with pytest.raises(PipelineError, match="another seed than 5"):
        run(replace(SECRET, seed=5))
    (out / NAME).unlink(missing_ok=True)
    assert run() == [] and kept_seed(out) == Seed(0, given=True)


def test_a_secret_that_is_lost_or_damaged_is_told(run: Run, out: Path) -> None:
    run()
    kept = (out / NAME).read_text()
    for damage, says in {"": "is lost", "secret\n": "holds no seed", "7": "holds no seed"}.items():
        (out / NAME).write_text(damage)
        with pytest.raises(PipelineError, match=f"{says}.*--reseed"):
            run()
    (out / NAME).write_text(kept)
    assert run() == []
    (out / NAME).unlink()
    assert run(replace(SECRET, reseed=True)) == STUDENTS


def test_a_seed_that_changes_while_a_run_begins_stops_it(
    run: Run, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    monkeypatch.setattr(module, "settled_seed", lambda out, wanted: new_seed(None))
    with pytest.raises(PipelineError, match="was changed while this run began; run it again"):
        run()


def _settle(out: Path, start: Any, found: Any) -> None:
    start.wait()
    found.put(settled_seed(out).number)


def _settle_slowly(out: Path, drawing: Any, other_is_through: Any, found: Any) -> None:
    def drawn(wanted: int | None) -> Seed:
        drawing.set()
        other_is_through.wait(1.0)  # which it never is, for it waits for this one
        return new_seed(wanted)

    seeds.new_seed = drawn
    found.put(settled_seed(out).number)


def test_who_comes_while_another_draws_waits_and_takes_what_was_drawn(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    drawing, through, found = context.Event(), context.Event(), context.Queue()
    first = context.Process(target=_settle_slowly, args=(tmp_path, drawing, through, found))
    first.start()
    assert drawing.wait(60)
    second = settled_seed(tmp_path).number
    through.set()
    assert found.get(timeout=60) == second
    first.join()


def test_first_runs_at_a_time_agree_on_one_secret(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    for turn in range(5):
        out, start, found = tmp_path / f"out {turn}", context.Event(), context.Queue()
        runs = [context.Process(target=_settle, args=(out, start, found)) for _ in range(8)]
        for process in runs:
            process.start()
        start.set()
        assert len({found.get(timeout=60) for _ in runs}) == 1
        for process in runs:
            process.join()


def test_a_link_in_the_secrets_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / NAME).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PipelineError, match="can't be written"):
        settled_seed(tmp_path / "out")
    assert not (tmp_path / "elsewhere").exists()


def test_a_worker_of_a_cluster_gets_the_cases_and_not_the_secret(
    course: Course, submitted: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[bytes] = []

    def judges(work: Any, bench: Bench, options: Options, crew: Any) -> Iterator[Any]:
        sent.append(pickle.dumps(bench))
        return iter(())

    monkeypatch.setattr(module, "_judges", judges)
    grade(course, submitted, out, replace(SECRET, scheduler="tcp://127.0.0.1:9"))
    number = number_of(out)
    (bench,) = sent
    assert str(number).encode() not in bench and number.to_bytes(16, "little") not in bench
    found = pickle.loads(bench)
    assert found.seed == Seed(number, False).label
    task = found.sets["01_tiny"].entries["tiny-mean"]
    assert [c["args"] for c in task["cases"]] != [
        c["args"]
        for c in module.release_sets(course, course.sets(), 0)["01_tiny"].entries["tiny-mean"]["cases"]
    ]


def test_the_command_line_asks_for_a_seed_or_none(
    course: Course, submitted: Path, out: Path, monkeypatch: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(course.root)
    command = ["grade", str(submitted), "--out", str(out), "--sandbox", "none", "--student", STUDENTS[0]]
    assert main(command) == 0
    assert f"0 failed; the seed is kept in {out / NAME}." in capsys.readouterr().out
    assert main([*command, "--seed", "4"]) == 2
    assert "graded with another seed than 4" in capsys.readouterr().err
    assert main(["report", str(out)]) == 0
    assert main([*command[:-2], "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert told.count("it is unchanged") == 1 and str(number_of(out)) not in told


def test_an_honest_classs_marks_do_not_depend_on_the_seed(
    course: Course, submitted: Path, tmp_path: Path
) -> None:
    tables = []
    for seed in (None, None, 0):
        out = tmp_path / f"out {len(tables)}"
        grade(course, submitted, out, replace(SECRET, seed=seed, jobs=2))
        with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
            tables.append(list(csv.reader(file)))
    assert tables[0] == tables[1] == tables[2] and len(tables[0]) == 1 + len(STUDENTS)


def test_the_points_at_which_lines_are_compared_come_from_the_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from grader.cases.mark import known

    asked: list[int] = []
    real = known.relate
    monkeypatch.setattr(
        known, "relate", lambda *args, seed, **more: asked.append(seed) or real(*args, seed=seed, **more)
    )
    draws = ((1, False), (2, False), (1, True))
    entries = [STEPS.cases(rng_for(seed, STEPS.id, public), public) for seed, public in draws]
    for entry in entries:
        known.Knowledge(entry, 30.0).relate(entry["start"], "=", ["Add", entry["start"], 1])
    hidden, other, public = asked
    assert hidden == entries[0]["seed"] != other == entries[1]["seed"]
    assert public == 0 and "seed" not in entries[2]
    assert entries[0]["points_at"] != entries[1]["points_at"] != entries[2]["points_at"]


@pytest.mark.parametrize("module", [seeds, tables], ids=lambda module: module.__name__)
def test_the_examples_run(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


def test_seeds_are_numbers_of_any_size_and_sign(tmp_path: Path) -> None:
    for number in (0, -7, 2**200):
        out = tmp_path / str(number)
        assert settled_seed(out, number) == seed_for(out, None) == Seed(number, given=True)
