"""A language model that is handed in: what is asked of it, and what the judge keeps to itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from grader.cases.ask.encoding import encode_value
from grader.cases.errors import CaseError
from grader.cases.mark.compare import Array
from grader.cases.tasks.task import Entry, Example, Mistake, Task

SUM_TOLERANCE = 1e-4
"""How far from 1 the probabilities of a row may sum: float32 keeps 1e-6. Within it a row is divided by its sum before
it is scored, so that a sum a little above 1 gains nothing; what is further off is refused, not mended."""

Conditionals = Callable[[list[list[int]]], Any]
"""From N contexts, each a list of tokens from 0, to the N distributions of the next token, shape ``(N, V)``."""

_FORMS: tuple[tuple[str, str, Callable[[Array, list[list[int]]], Array]], ...] = (
    (
        "log-probabilities",
        "These are the logarithms of probabilities: none is above 0, and their exponentials sum to 1. Take exp.",
        lambda probs, contexts: np.log(probs),
    ),
    (
        "logits",
        "Some numbers are below 0, and the rows don't sum to 1: they look like logits. A softmax makes "
        "distributions of them.",
        lambda probs, contexts: np.log(probs) + 1.5,
    ),
    (
        "wrong-axis",
        "Each column sums to 1 where each row should: the softmax runs over the contexts, not over the tokens.",
        lambda probs, contexts: probs / probs.sum(axis=0),
    ),
    (
        "unnormalised",
        "The rows don't sum to 1, so they are no distributions. The judge does not mend them: divide each row by "
        "its sum.",
        lambda probs, contexts: 0.9 * probs,
    ),
    (
        "start-symbol",
        "The rows have one number more than there are tokens. The start symbol never comes next: leave its "
        "column out before the softmax.",
        lambda probs, contexts: np.concatenate([0.9 * probs, np.full((len(probs), 1), 0.1)], axis=1),
    ),
    (
        "one-hot",
        "Every row puts all its probability on one token. Guesses are not asked for: say how likely each token is.",
        lambda probs, contexts: np.eye(probs.shape[1])[np.argmax(probs, axis=1)],
    ),
    (
        "zero-probability",
        "You gave probability 0 to a token that can come. One such token makes the NLL infinite, whatever else "
        "you get right.",
        lambda probs, contexts: _likely_only(probs),
    ),
    (
        "ignores-context",
        "Every context gets the same distribution. The next token depends on those before it; a table of how "
        "often each token comes does not see them.",
        lambda probs, contexts: np.full_like(probs, 1 / probs.shape[1]),
    ),
    (
        "copies-its-input",
        "Nearly all probability goes to the last token of the context. So learns a model whose targets are its "
        "inputs: shift them.",
        lambda probs, contexts: _copied(probs, contexts),
    ),
)

FORMS = {code: says for code, says, _ in _FORMS}
"""What the mistakes of form, which every model can make, say to the student; by code."""


@dataclass(frozen=True)
class Model(Task):
    """A language model, marked by a proper score on contexts whose next tokens only the judge knows.

    The answer is a function from contexts, a list of lists of tokens 0..V−1 (an empty one among them), to the
    distributions of the next token, shape ``(N, V)``. It is called once for each example. With KL the mean of
    KL(p‖q) over all contexts, in nats per token, the score is points · (KL_baseline − KL) / (KL_baseline − enough),
    kept between 0 and points. Where one row is no distribution there is no KL, and the score is 0.

    vocabulary: V. source: contexts -> p, the true conditionals; every token must be possible.
    draw: takes a NumPy Generator, returns `Example(label, contexts)`; always the same labels. Contexts are drawn
        independently, so that none continues another.
    baseline: contexts -> the rows of a model that earns nothing; baseline_name: what feedback calls it.
    enough: the KL from which down all points are earned.
    mistakes: their answers are functions from contexts to rows, too: what the model predicts instead. A reply that is
        nearer to such rows than to the source's is taken for the mistake.
    seconds: what all calls together may take. training_seconds: what any cell of the notebook may take at grading.

    Public cases hold the next tokens and three numbers to compare with, never a row of the source. Source: DESIGN,
    "The grade is a proper score"; book, {eq}`proper-score`.

    >>> even = lambda contexts: np.full((len(contexts), 2), 0.5)
    >>> tilted = lambda contexts: np.full((len(contexts), 2), [0.9, 0.1])
    >>> coin = Model("coin", 1, 2, even, tilted, lambda rng: [Example("nothing", [[]])], [], enough=0.1)
    >>> round(coin.cases(np.random.default_rng(0), public=True)["cases"][0]["baseline_kl"], 4)
    0.5108
    """

    kind: ClassVar[str] = "model"

    vocabulary: int
    source: Conditionals
    baseline: Conditionals
    draw: Callable[[np.random.Generator], Sequence[Example]]
    mistakes: Sequence[Mistake]
    enough: float
    baseline_name: str = "the bigram"
    seconds: float = 20.0
    training_seconds: float = 120.0
    forbidden: Sequence[str] = ()

    @property
    def known_mistakes(self) -> tuple[Mistake, ...]:
        """Return the mistakes of form, which every model can make, and the task's own."""
        forms = (Mistake(code, says, _form(self.source, wrong)) for code, says, wrong in _FORMS)
        return (*forms, *self.mistakes)

    def cases(self, rng: np.random.Generator, public: bool) -> Entry:
        examples = list(self.draw(rng))
        if not examples:
            raise CaseError(f"task {self.id}: draw returned no example")
        contexts = [_contexts(self, example) for example in examples]
        return self._entry(public) | {
            "vocabulary": self.vocabulary,
            "baseline": self.baseline_name,
            "enough": self.enough,
            "seconds": self.seconds,
            "training_seconds": self.training_seconds,
            "forbidden": list(self.forbidden),
            "cases": [self._case(e.label, c, rng, public) for e, c in zip(examples, contexts, strict=True)],
            "mistakes": [
                {"code": m.code, "says": m.says, "cases": [self._fingerprint(m, c, rng) for c in contexts]}
                for m in self.mistakes
            ],
        }

    def _case(self, label: str, contexts: list[list[int]], rng: np.random.Generator, public: bool) -> Entry:
        probs = self._rows(self.source, contexts, f'"{label}"')
        baseline = self._rows(self.baseline, contexts, f'the baseline, "{label}"')
        tokens = drawn(probs, rng)
        case = {
            "label": label,
            "args": [contexts],
            "next": tokens.tolist(),
            "source_nll": nll(probs, tokens),
            "baseline_nll": nll(baseline, tokens),
            "baseline_kl": float((probs * np.log(probs / baseline)).sum(axis=1).mean()),
        }
        return case if public else case | {"probs": encode_value(probs)}

    def _fingerprint(self, mistake: Mistake, contexts: list[list[int]], rng: np.random.Generator) -> Entry:
        """Return tokens drawn from what the mistake predicts: they recognise it, and give no row of the source away."""
        rows = self._rows(mistake.answer, contexts, f"mistake {mistake.code}")
        tokens = drawn(rows, rng)
        return {"next": tokens.tolist(), "nll": nll(rows, tokens)}

    def _rows(self, function: Conditionals, contexts: list[list[int]], what: str) -> Array:
        rows = np.asarray(function([list(c) for c in contexts]), dtype=np.float64)
        if rows.shape != (len(contexts), self.vocabulary):
            raise CaseError(
                f"task {self.id}, {what}: {len(contexts)} contexts got rows of shape {rows.shape}; expected are "
                f"({len(contexts)}, {self.vocabulary})"
            )
        if not ((rows > 0).all() and np.abs(rows.sum(axis=1) - 1).max() < 1e-9):
            raise CaseError(f"task {self.id}, {what}: a row is no distribution with all tokens possible")
        return rows


def drawn(probs: Array, rng: np.random.Generator) -> Array:
    """Return one token for each row of ``(N, V)``, drawn from it: ``(N,)``.

    >>> drawn(np.array([[0.0, 1.0], [1.0, 0.0]]), np.random.default_rng(0))
    array([1, 0])
    """
    below = rng.random((len(probs), 1)) * probs.sum(axis=1, keepdims=True)
    return np.minimum((probs.cumsum(axis=1) <= below).sum(axis=1), probs.shape[1] - 1)


def nll(rows: Array, tokens: Any) -> float:
    """Return the mean of −log row[token], in nats per token; infinite when a token had probability 0.

    >>> nll(np.array([[0.5, 0.5]]), [1])
    0.6931471805599453
    """
    with np.errstate(divide="ignore"):
        return float(-np.log(rows[np.arange(len(rows)), tokens]).mean())


def _contexts(task: Model, example: Example) -> list[list[int]]:
    contexts = [[int(token) for token in context] for context in example.args[0]]
    if not contexts or any(not 0 <= t < task.vocabulary for c in contexts for t in c):
        raise CaseError(
            f'task {task.id}, "{example.label}": its contexts are none, or hold tokens outside of '
            f"0 to {task.vocabulary - 1}"
        )
    return contexts


def _likely_only(probs: Array) -> Array:
    kept = np.where(probs < np.median(probs, axis=1, keepdims=True), 0.0, probs)
    return kept / kept.sum(axis=1, keepdims=True)


def _copied(probs: Array, contexts: list[list[int]]) -> Array:
    rows = 0.03 * probs
    for row, context, source_row in zip(rows, contexts, probs, strict=True):
        if context:
            row[context[-1]] += 0.97
        else:
            row[:] = source_row
    return rows


def _form(source: Conditionals, wrong: Callable[[Array, list[list[int]]], Array]) -> Conditionals:
    return lambda contexts: wrong(np.asarray(source(contexts), dtype=np.float64), contexts)
