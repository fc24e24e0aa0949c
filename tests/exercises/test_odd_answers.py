"""Do right answers in odd forms get their marks, and wrong ones that look right none, in the course's own tasks?"""

import enum
from collections import namedtuple
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy

from grader.cases import CaseFile, Choice, collect, mark_reply, questions_of
from grader.pipeline.course import Course, load_tasks

torch = pytest.importorskip("torch")
COURSE = Course(Path(__file__).parents[2])
TASKS = {task.id: task for exercise in COURSE.sets() for task in load_tasks(exercise)}
SEEDS = (0, 1, 2)


def marked(task: str, answer: Any, seed: int = 0) -> Any:
    entry = dict(CaseFile.of("99", [TASKS[task]], seed, public=False).tasks[task])
    return mark_reply(entry, collect(questions_of(entry), answer))


LOGITS, TARGET = torch.tensor([[2.0, 1.0, 3.0]]), torch.tensor([2])
Losses = namedtuple("Losses", "total per_token per_sequence")
Verdict = enum.StrEnum(
    "Verdict", {"strictly": "strictly proper", "proper": "proper", "not_proper": "not proper"}
)


def symbolic_perplexity(probs):
    total = sum(sympy.log(float(p)) if p > 0 else -sympy.oo for p in probs)
    return sympy.exp(-total / len(probs))


def three_losses(log_probs):
    total = -sum(map(sum, log_probs))
    return Losses(total, total / sum(map(len, log_probs)), total / len(log_probs))


def properness(forecasts, scores):
    gains = forecasts @ scores.T
    gains = gains - np.diag(gains)[:, None]
    np.fill_diagonal(gains, -1.0)
    if (gains > 1e-9).any():
        return Verdict.not_proper
    return Verdict.proper if (np.abs(gains) < 1e-9).any() else Verdict.strictly


def log_sum_exp_in_single_precision(logits, temperature):
    z = torch.tensor(logits, dtype=torch.float32) / temperature
    top = z.amax(-1, keepdim=True)
    top = torch.where(torch.isinf(top), torch.zeros(()), top)
    return torch.log(torch.exp(z - top).sum(-1)) + top[..., 0]


def nll_in_single_precision(logits, targets, temperature):
    z = torch.tensor(logits, dtype=torch.float32) / temperature
    right = z.gather(-1, torch.as_tensor(targets)[..., None])[..., 0]
    return log_sum_exp_in_single_precision(logits, temperature) - right


RIGHT = {
    "a loss of shape (1,)": (
        "loss-of-three-logits",
        torch.nn.functional.cross_entropy(LOGITS, TARGET, reduction="none"),
    ),
    "a gradient of shape (1, 3)": (
        "gradient-of-three-logits",
        torch.softmax(LOGITS, -1) - torch.nn.functional.one_hot(TARGET, 3),
    ),
    "SymPy's exp and log in a function": ("perplexity-from-probs", symbolic_perplexity),
    "a namedtuple": ("three-losses", three_losses),
    "a member of an enumeration of texts": ("properness", properness),
    "a text without axes": ("properness", lambda f, s: np.array(properness(f, s).value)),
    "log-sum-exp in float32": ("log-sum-exp", log_sum_exp_in_single_precision),
    "the loss in float32": ("nll-from-logits", nll_in_single_precision),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_answer_in_an_odd_form_is_right(name):
    task, answer = RIGHT[name]
    for seed in SEEDS:
        assert marked(task, answer, seed).full, marked(task, answer, seed).text()


@pytest.mark.parametrize(
    "task", [task for task in TASKS.values() if isinstance(task, Choice)], ids=lambda t: t.id
)
def test_a_choice_is_read_in_any_usual_form(task):
    letter, text = task.answer, task.options[task.answer]
    forms = [
        letter,
        letter.upper(),
        f"({letter})",
        f"{letter})",
        f"[{letter}]",
        f"{letter}:",
        f"option {letter}",
    ]
    forms += [(letter,), f"{letter} · {text}", text, f"The answer is {letter}.", np.str_(letter)]
    for form in forms:
        assert marked(task.id, form).full, form
    other = next(o for o in task.options if o != letter)
    wrong = [
        other,
        f"{letter} or {other}",
        f"{letter}, {other}",
        f"not {letter}",
        f"{other} · {task.options[other]}",
    ]
    for form in [*wrong, f"{letter} · {task.options[other]}", task.options[other], "", "e"]:
        assert marked(task.id, form) == 0.0, form


def log_sum_exp_with_the_maximum_to_fall_back_on(logits, temperature):
    z = np.asarray(logits, np.float32) / np.float32(temperature)
    with np.errstate(all="ignore"):
        found = np.log(np.exp(z).sum(-1))
    return np.where(np.isfinite(found), found, z.max(-1)).astype(np.float32)


def test_a_tolerance_is_no_nat_wide():
    for seed in SEEDS:
        score = marked("log-sum-exp", log_sum_exp_with_the_maximum_to_fall_back_on, seed)
        assert not next(f for f in score.findings if f.label == "large logits").ok


def test_an_overflow_on_another_road_is_not_taken_for_a_known_mistake():
    def by_sum(probs):
        return np.exp(-np.log(probs).sum()) ** (1 / len(probs))

    for seed in SEEDS:
        score = marked("perplexity-from-probs", by_sum, seed)
        assert not score.full
        assert score.mistakes == ()
