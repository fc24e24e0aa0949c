"""Where a course's files lie, and its tasks."""

import importlib
import importlib.util
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from grader.cases import CaseError, Drawn, FreeText, Task, settled
from grader.pipeline import PipelineError, SourceFault
from grader.pipeline.exam_seed import DEFAULT, kept_exam_seed

SET_NAME = re.compile(r"\d\d_[a-z0-9_]+")


@dataclass(frozen=True)
class ExerciseSet:
    """The files of one set, `NN_name`, and the seed of the numbers that its tasks draw, if any do."""

    root: Path
    name: str
    exam_seed: int = field(default=DEFAULT, kw_only=True)

    @property
    def short_name(self) -> str:
        """Return the name without its number: `perplexity` for `06_perplexity`."""
        return self.name[3:]

    @property
    def source(self) -> Path:
        """Return the exercise file, which is what the student sees."""
        return self.root / "exercises" / self.name / f"{self.short_name}.py"

    @property
    def extra_files(self) -> list[Path]:
        """Return the other files that students get, such as data."""
        found = sorted(p for p in self.source.parent.rglob("*") if p.is_file() and p != self.source)
        return [p for p in found if not {"__pycache__", ".ipynb_checkpoints"} & set(p.parts)]

    @property
    def tasks(self) -> Path:
        """Return the file of the set's tasks."""
        return self.root / "solutions" / "tasks" / f"{self.short_name}.py"

    @property
    def answers(self) -> Path:
        """Return the folder of whole answers."""
        return self.root / "solutions" / "answers" / self.name

    @property
    def built_source(self) -> Path:
        """Return nbgrader's source notebook."""
        return self.root / "build" / "source" / self.name / f"{self.short_name}.ipynb"

    @property
    def release(self) -> Path:
        """Return the student's notebook."""
        return self.root / "build" / "release" / self.name / f"{self.short_name}.ipynb"

    @property
    def hidden(self) -> Path:
        """Return the file of hidden cases for the build's seed."""
        return self.root / "build" / "hidden" / f"{self.name}.json"


@dataclass(frozen=True)
class Course:
    """A course's root folder: it holds `exercises/` and `solutions/`, and everything built goes to `build/`."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> "Course":
        """Return the course that holds `start` (default: the working directory), else the one that holds this package.

        Raises `PipelineError` when there is none.
        """
        start = (start or Path.cwd()).resolve()
        for folder in (start, *start.parents, Path(__file__).resolve().parents[2]):
            if (folder / "exercises").is_dir() and (folder / "solutions" / "tasks").is_dir():
                return cls(folder)
        raise PipelineError(
            f"{start} is in no course: no folder above it holds exercises/ and solutions/tasks/. "
            "Change into the course's folder."
        )

    @property
    def build(self) -> Path:
        """Return the folder of everything built."""
        return self.root / "build"

    def sets(self, exam_seed: int | None = None) -> list[ExerciseSet]:
        """Return the exercise sets in order, with numbers of this seed, or of the one that the build folder keeps.

        Raises `PipelineError` for a folder with another name, or for none.
        """
        seed = kept_exam_seed(self.build) if exam_seed is None else exam_seed
        found = []
        for folder in sorted((self.root / "exercises").iterdir()):
            if not folder.is_dir() or folder.name.startswith((".", "_")):
                continue
            if not SET_NAME.fullmatch(folder.name):
                raise PipelineError(f"{folder}: expected NN_name, like 06_perplexity; rename the folder.")
            found.append(ExerciseSet(self.root, folder.name, exam_seed=seed))
        if not found:
            raise PipelineError(
                f"{self.root / 'exercises'} holds no exercise set (a folder like 06_perplexity)."
            )
        return found

    def set_named(self, name: str) -> ExerciseSet:
        """Return one set. Raises `PipelineError` for an unknown name."""
        names = {s.name: s for s in self.sets()}
        if name not in names:
            raise PipelineError(f"There is no exercise set {name!r}; there are: {', '.join(names)}.")
        return names[name]


def load_tasks(exercise: ExerciseSet) -> tuple[Task, ...]:
    """Return the set's tasks in order, with the numbers of its exam seed.

    The file runs as `solutions.tasks.<name>`, with the course's root on the path. Raises `SourceFault` with the line
    where it goes wrong.
    """
    path = exercise.tasks
    if not path.is_file():
        raise SourceFault([(exercise.source, 1, f"the set has no tasks: expected them in {path}")])
    version = (path, path.stat().st_mtime_ns)
    if version not in _loaded:
        with _solutions_of(exercise.root):
            try:
                module = _run_file(f"solutions.tasks.{exercise.short_name}", path)
            except Exception as error:  # the file is a program; whatever it raises is told with its line
                raise SourceFault([(path, _line_in(error, path), _sentence(error))]) from error
        tasks = getattr(module, "TASKS", None)
        if not isinstance(tasks, tuple) or not all(isinstance(task, Task | Drawn) for task in tasks):
            raise SourceFault([(path, 1, "expected TASKS, a tuple of tasks from grader.cases")])
        _loaded[version] = tasks
    drawn = (*version, exercise.exam_seed)
    if drawn not in _settled:
        _settled[drawn] = _with_numbers(_loaded[version], exercise)
    return _settled[drawn]


_loaded: dict[tuple[Path, int], tuple[Task | Drawn, ...]] = {}
_settled: dict[tuple[Path, int, int], tuple[Task, ...]] = {}


def _with_numbers(tasks: tuple[Task | Drawn, ...], exercise: ExerciseSet) -> tuple[Task, ...]:
    try:
        return settled(tasks, exercise.exam_seed)
    except CaseError as error:
        named = re.match(r"task ([a-z0-9-]+)", str(error))
        line = line_of_id(exercise.tasks, named[1]) if named else 1
        raise SourceFault([(exercise.tasks, line, str(error))]) from error


def _run_file(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and pickle look a class's module up while it is made
    spec.loader.exec_module(module)
    return module


@contextmanager
def _solutions_of(root: Path) -> Iterator[None]:
    """Let `import solutions` find this course's; when another course's is loaded, just for the time of the block."""
    loaded = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "solutions"}
    folders = getattr(loaded.get("solutions"), "__path__", [str(root / "solutions")])
    if str(root / "solutions") in list(folders):
        if str(root) not in sys.path:
            sys.path.insert(0, str(root))
        yield
        return
    for name in loaded:
        del sys.modules[name]
    sys.path.insert(0, str(root))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(root))
        for name in [name for name in sys.modules if name.partition(".")[0] == "solutions"]:
            del sys.modules[name]
        sys.modules.update(loaded)


def line_of_id(path: Path, task_id: str) -> int:
    """Return the line of a file on which a task's id is first written out, else 1."""
    pattern = re.compile(rf"""["']{re.escape(task_id)}["']""")
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if pattern.search(line)), 1)


def is_free_text(task: Task) -> bool:
    """Return whether a person marks the task."""
    return isinstance(task, FreeText)


def _line_in(error: BaseException, path: Path) -> int:
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return error.lineno or 1
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
    return (frames[-1].lineno or 1) if frames else 1


def _sentence(error: BaseException) -> str:
    return str(error) if isinstance(error, CaseError) else f"{type(error).__name__}: {error}"
