"""Tasks: what is asked, the right answer, and the mistakes that we know.

A task stands on the instructor's side (`solutions/tasks/<name>.py`). Its `cases` are plain data, and only
these travel: to the student in their public form, to the judge in their hidden form. The kinds with symbols,
`Expression` and `DerivationTask`, are in `grader.cases.tasks.symbolic`.

What the public cases of a kind may say, so that a student is told which mistake it is and no file gives an answer away:

- a *value*: its unit, its shape and a wide range, which the prompt says too. Its mistakes are sealed (see
  `grader.cases.mark.sealed`), numbers, codes and sentences alike: a mistake's value is often a step from the answer.
- a *function*: inputs, results, and what mistakes give there. Grading asks other inputs.
- a *choice*: the options. No mistake of one may be named, for each rules an option out.
- an *expression*, a *derivation*: values at sample points, of the answer or the goal and of the mistakes. The check
  says at once whether an expression is right, so its values tell no more than the check; what is asked for is the
  expression. The mistakes' values add nothing to that. A derivation's goal is told by its values too, and how it is
  reached by no case: milestones are conditions on form, and a milestone that was missed is told by the check as well.
- a *model*: tokens drawn from the source, and three losses; never a row of it.

Where numbers of the question were drawn, they stand in the cases as they stand in the notebook.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from grader.cases.ask.collect import call
from grader.cases.ask.encoding import encode_value
from grader.cases.decoding import decode_value
from grader.cases.errors import CaseError
from grader.cases.mark.compare import Tolerance
from grader.cases.mark.doors import doors
from grader.cases.mark.sealed import seal
from grader.cases.mark.value import shaped
from grader.cases.tasks.single import rounded_to_single, single_allowance
from grader.cases.values import is_value

Entry = dict[str, Any]
"""One task's cases as JSON-able data."""

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Mistake:
    """A known way to go wrong.

    code: its name in kebab-case, unique in its task; the class report counts it.
    says: one or two sentences to the student: what they did, and how to see it. They never hold the answer.
    answer: what one gets by making it: a wrong value, a function, an expression, or the letter of an option.
    answers: more of these, where the mistake is a family: the same slip with 1e-12, 1e-9 or 1e-6. Each is recognised
        as this mistake; only values and functions have families.

    >>> Mistake("base-2", "You took 2 to the power of a loss in nats: its base is e.", 2 ** 2.1).code
    'base-2'
    >>> cut = Mistake("cut", "You cut it off.", answers=[int, lambda x: round(x, 1)])
    >>> cut.answer is int, len(cut.family)
    (True, 2)
    """

    code: str
    says: str
    answer: Any = None
    answers: Sequence[Any] = ()

    @property
    def family(self) -> tuple[Any, ...]:
        """All that one gets by making it."""
        first = bool(self.answers) and self.answers[0] is self.answer
        return tuple(self.answers) if first else (self.answer, *self.answers)

    def __post_init__(self) -> None:
        if self.answer is None and self.answers:
            object.__setattr__(self, "answer", self.answers[0])
        if self.answer is None:
            raise CaseError(f"mistake {self.code}: it has no answer; say what one gets by making it")
        if not _NAME.fullmatch(self.code):
            raise CaseError(f"mistake code {self.code!r}: write it in kebab-case, as in 'sum-for-mean'")
        if not self.says.strip():
            raise CaseError(
                f"mistake {self.code}: it says nothing; write one or two sentences to the student"
            )


class Example:
    """One input of a function task: a label that the student may see, and the arguments.

    Arguments are numbers, strings, lists, tuples, NumPy arrays or Torch tensors; each call gets copies of its
    own. Examples with the same label are marked together, and every draw of a task has the same labels.

    >>> Example("large logits", [1e4, 0.0], 1).args
    ([10000.0, 0.0], 1)
    """

    def __init__(self, label: str, *args: Any) -> None:
        self.label = label
        self.args = args

    def __repr__(self) -> str:
        return f"Example({self.label!r}, {', '.join(map(repr, self.args))})"


@dataclass(frozen=True)
class Task:
    """What every task has: an id in kebab-case, unique in the course, and points above 0.

    numbers: what was drawn for its question, by name (`grader.cases.tasks.drawn`); most tasks have none.
    """

    kind: ClassVar[str] = ""

    id: str
    points: float
    numbers: Mapping[str, Any] = field(default_factory=dict, kw_only=True)

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.id):
            raise CaseError(f"task id {self.id!r}: write it in kebab-case, as in 'perplexity-of-uniform'")
        if not self.points > 0:
            raise CaseError(f"task {self.id}: it has {self.points} points; give it more than 0")

    @property
    def known_mistakes(self) -> tuple[Mistake, ...]:
        """The task's mistakes; none for free text."""
        return tuple(getattr(self, "mistakes", ()))

    def cases(self, rng: np.random.Generator, public: bool) -> Entry:
        """Return the task's cases as JSON-able data.

        rng: where random inputs come from (see `grader.cases.rng_for`); the same state gives the same cases.
        public: whether a student will hold them. Then a value or a choice is without its answer, and without what
        gives it away.
        """
        raise NotImplementedError

    def _entry(self, public: bool) -> Entry:
        entry = {"id": self.id, "kind": self.kind, "points": float(self.points), "public": public}
        return entry | ({"numbers": dict(self.numbers)} if self.numbers else {})


@dataclass(frozen=True)
class Value(Task):
    """A number to compute, or a short list of numbers.

    answer: the number (or a list of numbers, or a NumPy array), in `unit`.
    mistakes: their answers are numbers (or lists) too.
    within: the range (lowest, highest) in which an answer makes sense. Students hold it; it must not give the
    answer away: neither an end nor its middle is the answer, and there is room in it for a hundred others.
    rtol, atol: an answer x is right when |x - answer| <= atol + rtol * |answer|, atol in `unit`. 1e-3 takes a
    properly rounded number. One in float32 may be off by a rounding or two beyond that.
    unit: "nats", "bits", "tokens", ...; "" for a pure number. Feedback names it.

    >>> base_2 = Mistake("base-2", "That is 2 to the power.", 4.287)
    >>> Value("ppl", 1, 8.166, [base_2], within=(1, 100), unit="").answer
    8.166
    """

    kind: ClassVar[str] = "value"

    answer: Any
    mistakes: Sequence[Mistake]
    within: tuple[float, float]
    rtol: float = 1e-3
    atol: float = 0.0
    unit: str = "nats"

    def cases(self, rng: np.random.Generator, public: bool) -> Entry:
        entry = self._entry(public) | {
            "rtol": self.rtol,
            "atol": self.atol,
            "unit": self.unit,
            "within": [float(self.within[0]), float(self.within[1])],
            "shape": list(np.shape(self.answer)),
        }
        mistakes = [
            {"code": m.code, "says": m.says, "value": _data(value, f"task {self.id}, mistake {m.code}")}
            for m in self.mistakes
            for value in m.family
        ]
        if public:
            return entry | {"sealed": self._sealed(mistakes)}
        return entry | {"mistakes": mistakes, "expected": _data(self.answer, f"task {self.id}, answer")}

    def _sealed(self, mistakes: list[Entry]) -> Entry:
        shape = np.shape(self.answer)
        made = [(shaped(decode_value(mistake["value"]), shape), mistake) for mistake in mistakes]
        # The same in every build, and another one for each task.
        salt = hashlib.blake2b(self.id.encode(), digest_size=16, person=b"salt").hexdigest()
        try:
            return seal(salt, made, Tolerance(self.rtol, self.atol))
        except CaseError as error:
            raise CaseError(f"task {self.id}: {error}") from None


@dataclass(frozen=True)
class Function(Task):
    """A function to write; it is called with drawn inputs and compared with the reference.

    reference: the right function, with the arguments of the examples.
    draw: takes a NumPy Generator, returns the examples (`Example(label, *args)`); always the same labels.
        The points are shared evenly among the labels, and a label counts when all its examples are right.
    mistakes: their answers are functions with the same arguments; they may raise.
    rtol, atol: a number x is right when |x - expected| <= atol + rtol * |expected|; equal infinities are
        equal. atol is in the unit of the result: 1e-6 nats, at logits of 10,000 as well. rtol is for results that have
        no scale of their own, such as perplexities; by default it covers no more than rounding in float64.
    forbidden: what the answer must not use: ideas, such as "logsumexp" (every library's door to it, see
        `grader.cases.mark.doors`), a library's function, such as "torch.nn.functional.cross_entropy", ".entropy" (any
        library's of that name), "sum" (the builtin); see `grader.cases.forbidden_in`.
    accepts: "float32" when results that were computed in single precision may be off by what it can't avoid. Each case
        says by how much, in the unit of the result: four roundings of its largest float, among inputs and results, and
        four times what the reference loses when its inputs are rounded to float32.
    single: that allowance as the author states it, in the unit of the result, instead; for results that grow with
        their own rounding errors, such as perplexities, a share of the expected number is added by `rtol`.
    raises: names of the exceptions that are the right result where the reference raises them, e.g.
    "ValueError".
    promises: what the prompt says of the inputs, in its words -> whether an example's arguments are such a case. Every
        draw holds one for each promise (`verify` asks).

    >>> double = Function("double", 1, lambda x: 2 * x, lambda rng: [Example("a number", rng.normal())],
    ...                   [Mistake("square", "You squared it.", lambda x: x * x)])
    >>> double.cases(np.random.default_rng(0), public=True)["cases"][0]["label"]
    'a number'
    """

    kind: ClassVar[str] = "function"

    reference: Callable[..., Any]
    draw: Callable[[np.random.Generator], Sequence[Example]]
    mistakes: Sequence[Mistake]
    rtol: float = 1e-11
    atol: float = 1e-6
    forbidden: Sequence[str] = ()
    accepts: Sequence[str] = ()
    raises: Sequence[str] = ()
    single: float | None = None
    promises: Mapping[str, Callable[..., Any]] = field(default_factory=dict)

    def cases(self, rng: np.random.Generator, public: bool) -> Entry:
        examples = list(self.draw(rng))
        if not examples:
            raise CaseError(f"task {self.id}: draw returned no example")
        cases: list[Entry] = []
        for number, example in enumerate(examples):
            where = f"task {self.id}, example {number} ({example.label})"
            args = [_data(a, where) for a in example.args]
            case: Entry = {"label": example.label, "args": args, "expected": self._expected(args, where)}
            if "float32" in self.accepts:
                case["single"] = self._single(args, case["expected"])
            cases.append(case)
        return self._entry(public) | {
            "rtol": self.rtol,
            "atol": self.atol,
            "accepts": list(self.accepts),
            "forbidden": doors(self.forbidden),
            "cases": cases,
            "mistakes": [
                {"code": m.code, "says": m.says, "results": [call(answer, c["args"]) for c in cases]}
                for m in self.mistakes
                for answer in m.family
            ],
        }

    def _single(self, args: list[Any], expected: Entry) -> float:
        if self.single is not None:
            return self.single
        rounded = call(self.reference, [rounded_to_single(a) for a in args])
        return single_allowance(args, expected.get("value"), rounded.get("value"))

    def _expected(self, args: list[Any], where: str) -> Entry:
        result = call(self.reference, args)
        if "value" in result:
            if not is_value(result["value"]):
                raise CaseError(f"{where}: the reference gives what is no plain value: {result['value']}")
            return {"value": result["value"]}
        raised = result["raised"]
        if raised["type"] not in self.raises:
            raise CaseError(
                f"{where}: the reference raises {raised['type']}: {raised['message']}. "
                f"If that is the right result, name it in raises=(...)."
            )
        return {"raises": raised["type"]}


@dataclass(frozen=True)
class Choice(Task):
    """One of several options.

    options: letter -> text; the student's answer is the letter.
    answer: the right letter. mistakes: their answers are the other letters; one that has no mistake gets a
    plain "no".

    >>> Choice("base", 1, {"a": "2", "b": "e"}, "b", [Mistake("bits", "That is for bits.", "a")]).answer
    'b'
    """

    kind: ClassVar[str] = "choice"

    options: Mapping[str, str]
    answer: str
    mistakes: Sequence[Mistake]

    def cases(self, rng: np.random.Generator, public: bool) -> Entry:
        entry = self._entry(public) | {"options": list(self.options), "texts": dict(self.options)}
        if not public:
            entry["expected"] = self.answer
            entry["mistakes"] = [{"code": m.code, "says": m.says, "value": m.answer} for m in self.mistakes]
        return entry


@dataclass(frozen=True)
class FreeText(Task):
    """A text that a person marks.

    scheme: pairs (points, criterion); their points add up to the task's.

    >>> FreeText("why", 2, [(1, "says that the mean is of losses"), (1, "gives an example")]).points
    2
    """

    kind: ClassVar[str] = "free-text"

    scheme: Sequence[tuple[float, str]]

    def cases(self, rng: np.random.Generator, public: bool) -> Entry:
        entry = self._entry(public)
        if not public:
            entry["scheme"] = [[float(points), criterion] for points, criterion in self.scheme]
        return entry


def _data(value: Any, where: str) -> Any:
    data = encode_value(value)
    if not is_value(data):
        raise CaseError(f"{where}: {data} is no plain value; use numbers, strings, lists, tuples or arrays")
    return data
