"""Is what a task forbids its answer? Then who gets a call past the watch has it; so each task asks for more than that.

The watch is off in here: a forbidden function is called as it stands, with its arguments brought into shape.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.cases import CaseFile, Function, collect, mark_reply, questions_of
from grader.pipeline.course import Course, load_tasks

torch = pytest.importorskip("torch")
special = pytest.importorskip("scipy.special")
stats = pytest.importorskip("scipy.stats")
F = torch.nn.functional
COURSE = Course(Path(__file__).parents[2])
WATCHED = {
    task.id: task
    for exercise in COURSE.sets()
    for task in load_tasks(exercise)
    if isinstance(task, Function) and task.forbidden
}


def marked(task: str, answer: Any, seed: int) -> Any:
    entry = dict(CaseFile.of("99", [WATCHED[task]], seed, public=False).tasks[task]) | {"forbidden": []}
    return mark_reply(entry, collect(questions_of(entry), answer))


def losses(finished: Callable[..., Any]) -> Callable[..., Any]:
    """Return a finished loss of rows as one of any shape, one number for each row."""

    def of_any_shape(logits, targets, *_):
        z, y = torch.as_tensor(logits), torch.as_tensor(targets)
        found = finished(z.reshape(-1, z.shape[-1]), y.reshape(-1), reduction="none")
        return found.reshape(y.shape).numpy()

    return of_any_shape


def gradient(logits, targets, _):
    z = torch.tensor(logits, requires_grad=True)
    loss = F.cross_entropy(z.reshape(-1, z.shape[-1]), torch.as_tensor(targets).reshape(-1), reduction="sum")
    return torch.autograd.grad(loss, z)[0].numpy()


def mean_loss(finished: Callable[..., Any]) -> Callable[..., Any]:
    return lambda logits, targets: finished(logits.flatten(0, 1), targets.flatten())


ALONE = {
    "log-sum-exp": {
        "torch.logsumexp": lambda z, _: torch.logsumexp(torch.as_tensor(z), -1),
        "scipy.special.logsumexp": lambda z, _: special.logsumexp(z, axis=-1),
        "numpy.logaddexp.reduce": lambda z, _: np.logaddexp.reduce(z, axis=-1),
    },
    "nll-from-logits": {"cross_entropy": losses(F.cross_entropy)},
    "nll-gradient": {"torch.autograd.grad": gradient},
    "kl-divergence": {
        "scipy.stats.entropy": lambda p, log_q: stats.entropy(p, log_q, axis=-1),
        "scipy.special.rel_entr": lambda p, log_q: special.rel_entr(p, log_q).sum(axis=-1),
        "kl_div": lambda p, log_q: F.kl_div(torch.as_tensor(log_q), torch.as_tensor(p), reduction="none").sum(
            -1
        ),
    },
    "one-hot-cross-entropy": {
        "nll_loss": losses(lambda q, y, **how: F.nll_loss(q.log(), y, **how)),
        "cross_entropy": losses(lambda q, y, **how: F.cross_entropy(q.log(), y, **how)),
    },
    "loss-of-a-batch": {
        "cross_entropy": mean_loss(F.cross_entropy),
        "nll_loss": mean_loss(lambda z, y: F.nll_loss(torch.log_softmax(z, -1), y)),
    },
    "flow-nll": {
        "scipy.stats.norm": lambda x, A, B: -stats.norm.logpdf(x, A @ x, np.exp(B @ x)).sum(),
        "gaussian_nll_loss": lambda x, A, B: F.gaussian_nll_loss(
            *map(torch.as_tensor, (A @ x, x, np.exp(2 * B @ x))), full=True, eps=1e-300, reduction="sum"
        ),
    },
}


def test_every_task_that_forbids_something_is_tried():
    assert set(ALONE) == set(WATCHED)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("task", "call"), [(task, call) for task in ALONE for call in ALONE[task]])
def test_a_forbidden_call_by_itself_does_not_answer_its_task(task, call):
    for seed in range(3):
        score = marked(task, ALONE[task][call], seed)
        assert not score.full, score.text()


def differences(step: float, relative: bool) -> Callable[..., Any]:
    """Return the gradient by central differences of a loss that is exact otherwise; a relative step grows with T."""

    def nll_gradient(logits, targets, temperature):
        z, y = np.asarray(logits), np.asarray(targets)[..., None]
        below = z - z.max(axis=-1, keepdims=True)
        h = step * temperature if relative else step

        def loss(z):
            scaled = z / temperature
            return np.log(np.exp(scaled).sum(axis=-1)) - np.take_along_axis(scaled, y, axis=-1)[..., 0]

        around = [(loss(below + h * e) - loss(below - h * e)) / (2 * h) for e in np.eye(z.shape[-1])]
        return np.stack(around, axis=-1)

    return nll_gradient


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("relative", [False, True])
def test_no_step_of_a_central_difference_earns_the_marks_of_the_formula(relative):
    for step in 10.0 ** np.arange(-8, -1.5, 0.5):
        for seed in range(2):
            score = marked("nll-gradient", differences(step, relative), seed)
            cold = next(f for f in score.findings if f.label == "a low temperature")
            assert not cold.ok and not score.full, (step, score.text())


@pytest.mark.filterwarnings("ignore")
def test_such_a_difference_is_near_enough_to_be_right_but_for_its_digits():
    """Else the test above would find a slip of its own, and no digits."""
    task = WATCHED["nll-gradient"]
    for example in task.draw(np.random.default_rng(1)):
        logits = example.args[0]
        if np.isfinite(logits).all() and np.ptp(logits) < 100:
            right, near = task.reference(*example.args), differences(1e-5, True)(*example.args)
            np.testing.assert_allclose(near, right, rtol=1e-6, atol=1e-6 * np.abs(right).max())
