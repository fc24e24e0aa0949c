"""Known mistakes of a single value, sealed: who has made one is told which, who reads the file learns none.

A public case of a value must not hold the numbers that mistakes give: minus the loss is the log-likelihood, two
swapped numbers swapped once more are the answer, and the answer of one task is a known mistake of another. So each
mistake lies in a *box* that only its own number opens. The number line is cut into buckets as wide as a few
tolerances; a slow hash of a number's bucket, salted for its task, is the key. From it come the label under which the
box lies and the pad that covers its content (the code, the sentence, the exact number); the content tells whether the
number is the mistake's to the tolerance. The boxes of a task are equally long and sorted by label, so neither their
number, order nor length says which mistakes there are.

A bucket's neighbours are tried by the author: a mistake lies under the key of every bucket into which a number may
fall that is the mistake's to the tolerance. So a check needs one hash, whatever side of an edge its number is on.

What this does not promise. A hash can't be slower than a check may take, so whoever tries every number of a plausible
range finds a single number's mistakes after all: a thousand buckets take twenty seconds. A list of two or more numbers
multiplies the buckets. And who puts a wrong number of their own into a check is told which mistake it is; that is what
the check is for.
"""

import base64
import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np

from grader.cases.errors import CaseError
from grader.cases.mark.compare import EPSILON, Tolerance
from grader.cases.mark.kinds import as_array

WORK = 24
"""Mebibytes that are hashed for a key: some 20 ms on a laptop, a few times that in a browser."""

_MEBIBYTE = bytes(1 << 20)
_WIDTH = 2.5  # tolerances: a number within one tolerance of a mistake is mostly in one of two buckets
_KEYED = 3  # numbers of a list that are in its key: three make more buckets than anybody tries
_FINEST = 4 * EPSILON["float32"]  # of a number: who computes in float32 would miss a finer bucket
_FARTHEST = 1e300  # what lies farther out is in one bucket
_ROOM = 1e-6  # by how much an interval is widened, since a machine may round an edge to either side


def seal(
    salt: str, mistakes: Iterable[tuple[Any, Mapping[str, Any]]], tolerance: Tolerance, work: int = WORK
) -> dict[str, Any]:
    """Return the sealed mistakes as JSON-able data, which `unseal` opens.

    salt: another one for each task. mistakes: pairs of a wrong value, decoded, and what is in its box. work: mebibytes
    to hash for a key. Raises CaseError for a value that is no number or array of numbers.

    >>> sealed = seal("ppl", [(2.1, {"code": "gives-the-loss"})], Tolerance(0.0, 0.01), work=1)
    >>> [list(unseal(sealed, number, Tolerance(0.0, 0.01))) for number in (2.105, 8.17)]
    [[{'code': 'gives-the-loss'}], []]
    """
    texts = [(value, json.dumps(content)) for value, content in mistakes]
    longest = max((len(text) for _, text in texts), default=0)
    boxes: dict[str, str] = {}
    for value, text in texts:
        for place in _places(value, tolerance):
            key = _key(salt, place, work)
            number = next(n for n in range(len(boxes) + 1) if _label(key, n) not in boxes)
            sealed = _covered(key, number, text.ljust(longest).encode())
            boxes[_label(key, number)] = base64.b64encode(sealed).decode()
    return {"salt": salt, "work": work, "boxes": dict(sorted(boxes.items()))}


def unseal(sealed: Mapping[str, Any], value: Any, tolerance: Tolerance) -> Iterator[dict[str, Any]]:
    """Yield what is in the boxes that a decoded value opens, in the order in which they were sealed.

    Whether the value is the mistake's to the tolerance is left to be compared. Raises CaseError for damaged boxes.
    """
    array = as_array(value)
    if array is None or array.dtype.kind not in "iuf":
        return
    place = _place(array.shape, [_bucket(x, tolerance) for x in _keyed(array)])
    key, boxes = _key(sealed["salt"], place, sealed["work"]), sealed["boxes"]
    for number in range(len(boxes)):
        box = boxes.get(_label(key, number))
        if box is None:
            return
        try:
            yield json.loads(_covered(key, number, base64.b64decode(box)))
        except ValueError:
            raise CaseError("its sealed mistakes are damaged; get the set again") from None


def _places(value: Any, tolerance: Tolerance) -> list[str]:
    """The places where a number may lie that is the given one to the tolerance."""
    array = as_array(value)
    if array is None or array.dtype.kind not in "iuf":
        raise CaseError(f"{value!r} is no number, so it can't be sealed as a mistake")
    finite = np.abs(array[np.isfinite(array)]).astype(float)
    # What is in float32 may be off by a rounding or two more, of the largest number.
    single = 3 * EPSILON["float32"] * (float(finite.max(initial=0.0)) + tolerance.atol)
    reached = [_reached(x, tolerance, single) for x in _keyed(array)]
    return [_place(array.shape, buckets) for buckets in product(*reached)]


def _keyed(array: Any) -> list[float]:
    return [float(x) for x in array.ravel()[:_KEYED]]


def _reached(number: float, tolerance: Tolerance, single: float) -> list[str]:
    """The buckets within reach of a number, its own and the next ones at most."""
    own = _bucket(number, tolerance)
    if not math.isfinite(number):
        return [own]
    reach = (tolerance.atol + tolerance.rtol * abs(number) + single) * (1 + _ROOM)
    ends = (_bucket(number + step, tolerance) for step in (-reach, reach))
    return list(dict.fromkeys([own, *ends]))


def _bucket(number: float, tolerance: Tolerance) -> str:
    """The name of a number's bucket; a tolerance is about the same share of a bucket everywhere."""
    if not math.isfinite(number):
        return str(number)
    share = max(tolerance.rtol, _FINEST)
    if tolerance.atol:
        # Even steps where the absolute tolerance counts, growing with the number where the relative one does.
        steps = max(-_FARTHEST, min(number * share / tolerance.atol, _FARTHEST))
        return str(math.floor(math.asinh(steps) / share / _WIDTH))
    if not number:
        return "0"
    return f"{'minus ' * (number < 0)}{math.floor(math.log(abs(number)) / share / _WIDTH)}"


def _place(shape: Sequence[int], buckets: Sequence[str]) -> str:
    return f"{list(shape)} {' '.join(buckets)}"


@lru_cache(maxsize=4096)  # an author's tasks are drawn again and again
def _key(salt: str, place: str, work: int) -> bytes:
    """The key of a place. One pass over much data, so that a faster language is of little help; always built in."""
    hashed = hashlib.blake2b(f"{salt}/{place}".encode(), digest_size=32, person=b"sealed")
    for _ in range(work):
        hashed.update(_MEBIBYTE)
    return hashed.digest()


def _label(key: bytes, number: int) -> str:
    return hashlib.blake2b(b"%d" % number, key=key, digest_size=9, person=b"label").hexdigest()


def _covered(key: bytes, number: int, text: bytes) -> bytes:
    """The text with its pad put on, or taken off."""
    pad = hashlib.shake_256(key + b"%d" % number).digest(len(text))
    return bytes(a ^ b for a, b in zip(text, pad, strict=True))
