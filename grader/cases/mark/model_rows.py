"""Whether what a model returned are distributions, one a context; if not, why not, in a sentence for the student."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.cases.decoding import decode_value
from grader.cases.mark.compare import EPSILON, precision_of
from grader.cases.mark.harmless import harmless
from grader.cases.mark.kinds import Array, as_array, describe, evaluated, why_no_numbers
from grader.cases.mark.raised import told
from grader.cases.tasks.model import FORMS, SUM_TOLERANCE
from grader.cases.values import Foreign

_ROWS = "an array of shape (N, V), a row of probabilities for each context,"


@dataclass(frozen=True)
class Problem:
    """Why rows can't be marked, in a sentence, and the code of the mistake where it is a known one."""

    sentence: str
    code: str | None = None


def read_rows(entry: dict[str, Any], case: dict[str, Any], result: dict[str, Any]) -> Array | Problem:
    """Return the rows in a result as float64, or why they are no N distributions over the vocabulary.

    Rows that sum to 1 up to `SUM_TOLERANCE` are distributions that were rounded: they are returned with sum 1, so that
    nobody gains by what a row holds too much.
    """
    raised = result.get("raised")
    if isinstance(raised, dict):
        if raised.get("type") == "KeyboardInterrupt":
            return Problem(too_late(entry))
        return Problem(told(result, entry["public"]))
    if result.get("not_run") is True:
        return Problem("It was not run: the time was up before.")
    if "value" not in result:
        return Problem("No result reached the grader.")
    given = evaluated(decode_value(result["value"]))
    if given is None:
        return Problem("The function returns None; is a `return` missing?")
    array = as_array(given)
    wanted = (len(case["next"]), entry["vocabulary"])
    if not entry["public"]:
        given = harmless(given, {"args": [np.zeros(wanted), *case["args"]]})
    if array is None or array.dtype.kind == "b":
        return Problem(f"It is {describe(given)}{why_no_numbers(given)}; {_ROWS} is expected.")
    problem = _wrong_shape(array, wanted, given)
    if problem is not None:
        return problem
    rows = np.asarray(array, dtype=np.float64)
    return _no_distributions(rows, precision_of(array)) or rows / rows.sum(axis=1, keepdims=True)


def _wrong_shape(array: Array, wanted: tuple[int, int], given: Any) -> Problem | None:
    N, V = wanted
    if array.shape == wanted:
        return None
    if array.shape == (N, V + 1):
        return Problem(FORMS["start-symbol"], "start-symbol")
    shape = f"It is {given.what}" if isinstance(given, Foreign) else f"Its shape is {array.shape}"
    text = f"{shape}; {wanted} is expected, a row for each of the {N} contexts."
    if array.ndim == 3 and array.shape[0] == N:
        text += " Keep the row of each context's last position only."
    elif array.shape == (V, N):
        text += " Rows and columns are swapped."
    elif array.shape in ((V,), (1, V)):
        text += " The function gets many contexts at once, not one."
    return Problem(text)


def _no_distributions(rows: Array, precision: str) -> Problem | None:
    nan = int(np.isnan(rows).any(axis=1).sum())
    if nan:
        return Problem(
            f"There is NaN in {nan} of {len(rows)} rows; look for 0/0, inf - inf, or a training that has run away."
        )
    sums = rows.sum(axis=1)
    off = np.abs(sums - 1) > SUM_TOLERANCE
    with np.errstate(over="ignore"):
        exponentials = np.exp(rows).sum(axis=1)
    if (rows <= 0).all() and (np.abs(exponentials - 1) < 10 * SUM_TOLERANCE).all():
        return Problem(FORMS["log-probabilities"], "log-probabilities")
    if np.isinf(rows).any():
        return Problem("Some numbers are infinite; a probability lies between 0 and 1.")
    negative = int((rows < 0).any(axis=1).sum())
    if negative and off.any():
        return Problem(FORMS["logits"], "logits")
    if negative:
        return Problem(f"There are probabilities below 0 in {negative} of {len(rows)} rows.")
    if not off.any():
        return None
    if len(rows) > 1 and (np.abs(rows.sum(axis=0) - 1) < 10 * SUM_TOLERANCE).all():
        return Problem(FORMS["wrong-axis"], "wrong-axis")
    told_sums = " to ".join(dict.fromkeys(f"{total:.6g}" for total in (sums[off].min(), sums[off].max())))
    # A softmax in few digits rounds its exponentials, their sum and the quotients.
    if np.abs(sums - 1).max() <= 4 * EPSILON.get(precision, 0.0):
        return Problem(
            f"Rows of {precision} are too coarse: their sums are {told_sums}. Compute the softmax in float32."
        )
    which = "the sums are" if off.all() else f"{off.sum()} of {len(rows)} rows are off, with sums of"
    return Problem(f"{FORMS['unnormalised']} Here {which} {told_sums}.", "unnormalised")


def too_late(entry: dict[str, Any]) -> str:
    """Return what to say about a model that needs more time than its task gives it."""
    contexts = sum(len(case["next"]) for case in entry["cases"])
    return (
        f"Your function takes too long: {contexts:,} contexts may take {entry['seconds']:g} s at most. "
        "Train before, not in it, and let it work on many contexts at once."
    )
