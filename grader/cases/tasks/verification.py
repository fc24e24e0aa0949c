"""Whether a task can be marked at all: what `grader audit` asks of each, and `grader build` as far as it is quick."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from grader.algebra import AlgebraError, decode, decode_symbols, encode
from grader.cases.ask.encoding import encode_value
from grader.cases.decoding import decode_value
from grader.cases.errors import CaseError
from grader.cases.mark.compare import Tolerance, compare, same
from grader.cases.mark.derivation import MISSING
from grader.cases.mark.forms import meets
from grader.cases.mark.marking import mark_reply
from grader.cases.mark.score import Score
from grader.cases.tasks.draws import rng_for
from grader.cases.tasks.model import Conditionals, Model
from grader.cases.tasks.symbolic import DerivationTask, Expression
from grader.cases.tasks.task import Choice, Entry, FreeText, Function, Task, Value

_ROOM = 100
"""So many answers, each with its tolerance, have room in the range of a value."""


_NEVER_WRONG = (
    "task {}: the mistake {} gives the right answer at every input, so it can't be recognised; add an example that "
    "tells it from the right answer, or drop it"
)


def verify(task: Task, seed: int) -> None:
    """Raise CaseError, with the task's id, unless the task can be marked with this seed.

    Asked are: at least one mistake (free text: a scheme that adds up); each mistake with a code of its own,
    different from the right answer at some input by more than the tolerance, and different from every other
    mistake; a right answer that is a finite number, in a range that does not give it away; the same labels in the
    public and in the hidden draw, and in each a case for every promise; and that marking gives the right answer
    full points and each mistake fewer, and names it.
    """
    try:
        _verify(task, seed)
    except AlgebraError as error:
        raise CaseError(f"task {task.id}: {error}") from None


def verify_all(tasks: Iterable[Task], seed: int) -> None:
    """Verify each task of a set, and that no two have one id. Raises CaseError."""
    seen: set[str] = set()
    for task in tasks:
        if task.id in seen:
            raise CaseError(f"task {task.id}: another task has this id; ids are unique in the course")
        seen.add(task.id)
        verify(task, seed)


def verify_alone(task: Task) -> None:
    """Raise CaseError for what can be seen of a task without its cases, which take longer to make.

    A scheme that does not add up, codes that are there twice, a value out of its range, a mistake of a value that
    gives the answer or what another gives, an option that is none.
    """
    if isinstance(task, FreeText):
        return _verify_scheme(task)
    _verify_codes(task)
    if isinstance(task, Value):
        _verify_value(task)
    if isinstance(task, Choice):
        _verify_choice(task)


def verify_written(task: Task, hidden: Entry) -> None:
    """Raise CaseError for what can be seen without marking anything: `verify_alone`, and a function's mistakes.

    hidden: the task's cases, with what its mistakes give.
    """
    verify_alone(task)
    if isinstance(task, Function):
        _verify_apart(task, hidden)


def _verify(task: Task, seed: int) -> None:
    verify_alone(task)
    if isinstance(task, FreeText):
        return
    public = task.cases(rng_for(seed, task.id, True), True)
    hidden = task.cases(rng_for(seed, task.id, False), False)
    if hidden != task.cases(rng_for(seed, task.id, False), False):
        raise CaseError(f"task {task.id}: two draws with one seed differ; draw from the given generator only")
    if isinstance(task, Function):
        for one in (True, False):
            _verify_promises(task, rng_for(seed, task.id, one))
    _verify_labels(task, public, hidden)
    for entry in (public, hidden):
        if isinstance(task, Value):
            _verify_named_values(task, entry)
        if isinstance(task, Function):
            _verify_function(task, entry)
        if isinstance(task, Model):
            _verify_model(task, entry)
        if isinstance(task, Expression | DerivationTask):
            _verify_symbols(task, entry)
        if isinstance(task, Expression):
            _verify_expression(task, entry)
        if isinstance(task, DerivationTask):
            _verify_derivation(task, entry)


def _verify_scheme(task: FreeText) -> None:
    if not task.scheme:
        raise CaseError(f"task {task.id}: it has no marking scheme; write pairs (points, criterion)")
    total = sum(points for points, _ in task.scheme)
    if not math.isclose(total, task.points):
        raise CaseError(
            f"task {task.id}: its marking scheme adds up to {total:g} points, the task has {task.points:g}"
        )


def _verify_codes(task: Task) -> None:
    mistakes = task.known_mistakes
    if not mistakes:
        raise CaseError(f"task {task.id}: it has no mistakes; add at least one Mistake(code, says, answer)")
    codes = [m.code for m in mistakes]
    twice = sorted({c for c in codes if codes.count(c) > 1})
    if twice:
        raise CaseError(f"task {task.id}: the mistake code {twice[0]} is there twice; give each its own")


def _verify_value(task: Value) -> None:
    answer = np.asarray(task.answer)
    if answer.dtype.kind not in "iuf" or not np.isfinite(answer).all():
        raise CaseError(f"task {task.id}: the answer {task.answer!r} is no finite number")
    low, high = task.within
    if not low < high or ((answer < low) | (answer > high)).any():
        raise CaseError(f"task {task.id}: the answer is outside its range {low:g} to {high:g}")
    close = task.atol + task.rtol * np.abs(answer)
    narrow = high - low < _ROOM * 2 * close
    told = [(np.abs(answer - number) <= close).all() for number in (low, high, (low + high) / 2)]
    if narrow.any() or any(told):
        raise CaseError(
            f"task {task.id}: its range {low:g} to {high:g} gives the answer away; widen it, or move its ends"
        )
    # Twice the tolerance apart: else a rounded right answer could be taken for the mistake.
    wide = Tolerance(2 * task.rtol, 2 * task.atol)
    made = [(mistake.code, value) for mistake in task.mistakes for value in mistake.family]
    for i, (code, value) in enumerate(made):
        if same(task.answer, value, wide):
            raise CaseError(
                f"task {task.id}: the mistake {code} gives the right answer; it can't be recognised"
            )
        for other, its in made[:i]:
            if same(its, value, Tolerance(task.rtol, task.atol)):
                raise CaseError(f"task {task.id}: the mistakes {other} and {code} give the same value")


def _verify_named_values(task: Value, entry: Entry) -> None:
    def reply(answer: Any) -> Entry:
        return {"answer": encode_value(answer)}

    wrong = [(mistake.code, reply(value)) for mistake in task.mistakes for value in mistake.family]
    _verify_marks(task, entry, reply(task.answer), wrong)


def _verify_choice(task: Choice) -> None:
    if task.answer not in task.options:
        raise CaseError(
            f"task {task.id}: the answer {task.answer!r} is none of the options {', '.join(task.options)}"
        )
    for mistake in task.mistakes:
        if mistake.answer not in task.options or mistake.answer == task.answer:
            raise CaseError(f"task {task.id}: the mistake {mistake.code} is no wrong option; give its letter")
    letters = [m.answer for m in task.mistakes]
    if len(set(letters)) < len(letters):
        raise CaseError(
            f"task {task.id}: two mistakes have the same option; an option tells one mistake only"
        )


def _verify_labels(task: Task, public: Entry, hidden: Entry) -> None:
    def labels(entry: Entry) -> list[str]:
        return list(dict.fromkeys(c["label"] for c in entry.get("cases", [])))

    if labels(public) != labels(hidden):
        raise CaseError(
            f"task {task.id}: the public draw has the labels {labels(public)}, the hidden one "
            f"{labels(hidden)}; a draw must always give the same labels, in the same order"
        )


def _verify_promises(task: Function, rng: np.random.Generator) -> None:
    examples = list(task.draw(rng))
    for words, kept in task.promises.items():
        if not any(kept(*example.args) for example in examples):
            raise CaseError(
                f'task {task.id}: the prompt promises "{words}", and a draw has no such case; add an example'
            )


def _verify_function(task: Function, entry: Entry) -> None:
    tolerance = Tolerance(task.rtol, task.atol)
    for case in entry["cases"]:
        expected = decode_value(case["expected"].get("value", 0.0))
        if not compare(expected, expected, tolerance).ok:
            where = f'task {task.id}, "{case["label"]}"'
            raise CaseError(f"{where}: the reference gives NaN, or something that can't be compared")
    right = {"results": [_as_result(c["expected"]) for c in entry["cases"]]}
    _verify_marks(task, entry, right, [(m["code"], {"results": m["results"]}) for m in entry["mistakes"]])


def _verify_apart(task: Function, entry: Entry) -> None:
    """That no mistake gives what is right, or what another mistake gives, at every input."""
    tolerance = Tolerance(task.rtol, task.atol)
    right = [case["expected"] for case in entry["cases"]]
    seen: list[tuple[str, list[Entry]]] = []
    for mistake in entry["mistakes"]:
        code, results = mistake["code"], mistake["results"]
        if _agree(right, results, tolerance):
            raise CaseError(_NEVER_WRONG.format(task.id, code))
        for other, its in seen:
            if other != code and _agree(its, results, tolerance):
                raise CaseError(
                    f"task {task.id}: the mistakes {other} and {code} give the same at every input, so neither can be "
                    "recognised; add an example that tells them apart, or drop one"
                )
        seen.append((code, results))


def _agree(one: list[Entry], other: list[Entry], tolerance: Tolerance) -> bool:
    """Whether two functions give the same at every input."""
    return all(
        same(decode_value(a["value"]), decode_value(b["value"]), tolerance)
        if "value" in a and "value" in b
        else a == b
        for a, b in zip(one, other, strict=True)
    )


def _verify_model(task: Model, entry: Entry) -> None:
    sizes = [len(case["next"]) for case in entry["cases"]]
    worst = np.average([case["baseline_kl"] for case in entry["cases"]], weights=sizes)
    if not 0 < task.enough < worst / 2:
        raise CaseError(
            f"task {task.id}: a KL of {task.enough:g} is enough, and the baseline has {worst:.3f}; there must be "
            f"room between, so that marks can rise"
        )

    def reply(model: Conditionals) -> Entry:
        rows = (np.asarray(model(case["args"][0]), dtype=np.float64) for case in entry["cases"])
        return {"results": [{"value": encode_value(r)} for r in rows]}

    _verify_marks(task, entry, reply(task.source), [(m.code, reply(m.answer)) for m in task.known_mistakes])


def _as_result(expected: Entry) -> Entry:
    return expected if "value" in expected else {"raised": {"type": expected["raises"], "bases": []}}


def _verify_symbols(task: Expression | DerivationTask, entry: Entry) -> None:
    symbols = decode_symbols(entry["symbols"])
    for mistake in task.mistakes:
        try:
            decode(encode(mistake.answer), symbols)
        except AlgebraError as error:
            raise CaseError(
                f"task {task.id}: the mistake {mistake.code} can't be a student's: {error}"
            ) from None


def _verify_expression(task: Expression, entry: Entry) -> None:
    right = {"answer": {"expr": encode(task.answer)}}
    _verify_marks(
        task, entry, right, [(m.code, {"answer": {"expr": encode(m.answer)}}) for m in task.mistakes]
    )


def _verify_derivation(task: DerivationTask, entry: Entry) -> None:
    if task.relation not in ("=", "≤", "≥"):
        raise CaseError(f'task {task.id}: the relation {task.relation!r} is none of "=", "≤", "≥"')
    if not task.milestones:
        raise CaseError(
            f"task {task.id}: it has no milestones; name at least one idea that any route must pass"
        )
    for number, milestone in enumerate(task.milestones):
        if milestone.after and milestone.after not in [m.code for m in task.milestones[:number]]:
            raise CaseError(
                f"task {task.id}: the milestone {milestone.code} rests on {milestone.after}, and no milestone before "
                f"it has this code"
            )
        if not (milestone.forms or milestone.opens or milestone.termwise):
            raise CaseError(
                f"task {task.id}: nothing can reach the milestone {milestone.code}; give it forms"
            )
    if task.relation == "=" and meets(entry["form"], encode(task.start)):
        # Start and goal are equal everywhere: only their form tells them apart.
        raise CaseError(
            f"task {task.id}: repeating the start would pass for the goal; let form name what of the start must be "
            f"gone at the end"
        )

    def reply(*steps: Any) -> Entry:
        lines = [["", encode(task.start), ""], *([task.relation, encode(step), ""] for step in steps)]
        return {"answer": {"derivation": lines}}

    score = mark_reply(entry, reply(task.goal))
    follows = all(finding.ok for finding in score.findings if finding.label != MISSING)
    if not follows or score.needs_review or score > entry["points"] / 3 + 1e-9:
        raise CaseError(
            f"task {task.id}: its goal in one line earns {score!r}; it should follow from the start, end the "
            f"derivation, and earn a third of the points at most:\n{score.text()}"
        )
    if mark_reply(entry, reply()) > 0 or mark_reply(entry, reply(task.start)) > 0:
        raise CaseError(
            f"task {task.id}: repeating the start earns points; no milestone may have the start's form"
        )
    for mistake in task.mistakes:
        _verify_named(task, mistake.code, mark_reply(entry, reply(mistake.answer)))


def _verify_marks(task: Task, entry: Entry, right: Entry, wrong: list[tuple[str, Entry]]) -> None:
    score = mark_reply(entry, right)
    if not score.full or score.needs_review:
        raise CaseError(f"task {task.id}: its own right answer is not marked right:\n{score.text()}")
    for code, reply in wrong:
        _verify_named(task, code, mark_reply(entry, reply))


def _verify_named(task: Task, code: str, score: Score) -> None:
    if score.full:
        raise CaseError(_NEVER_WRONG.format(task.id, code))
    if code not in score.mistakes:
        taken = ", ".join(score.mistakes) or "no known mistake"
        raise CaseError(
            f"task {task.id}: the mistake {code} is taken for {taken}; tell them apart by an example"
        )
