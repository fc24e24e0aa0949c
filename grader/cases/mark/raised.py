"""What a call did besides returning: what it raised, warned of and changed, in sentences for the student."""

import builtins
import re
from typing import Any

_EXCEPTIONS = [
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
]
_NUMPY_WARNINGS = {
    "overflow encountered": "NumPy warned of an overflow.",
    "divide by zero encountered": "NumPy warned of a division by zero.",
    "invalid value encountered": "NumPy warned of an invalid value, such as 0/0 or inf - inf.",
}
_WARNING = re.compile(r"(overflow|divide by zero|invalid value) encountered")
# Python's own words, which hold no input; other messages may.
_SAFE_MESSAGES = (
    "division by zero", "float division by zero", "list index out of range", "math domain error", "math range error",
    "tuple index out of range",
)  # fmt: skip
_ARITHMETIC = ("FloatingPointError", "OverflowError", "ZeroDivisionError")


def raised_type(result: dict[str, Any]) -> str:
    """Return the name of the type of what a call raised; "" when it raised nothing."""
    raised = result.get("raised")
    return str(raised.get("type", "")) if isinstance(raised, dict) else ""


def bases(result: dict[str, Any]) -> list[str]:
    """Return the built-in exceptions among the types of what was raised."""
    found = result["raised"].get("bases")
    return [b for b in found if b in _EXCEPTIONS] if isinstance(found, list) else []


def unanswered(result: dict[str, Any]) -> bool:
    """Return whether a call met the stub."""
    return raised_type(result) == "NotImplementedError"


def told(result: dict[str, Any], public: bool) -> str:
    """What was raised, in a sentence; on hidden inputs only what can't carry them out: known type, line."""
    raised = result["raised"]
    kind = raised_type(result)
    line = raised.get("line")
    where = f" in line {line} of its cell" if type(line) is int and 0 < line < 10**5 else ""
    if kind == "NotImplementedError":
        return f"This part is not answered yet (NotImplementedError{where})."
    if kind == "KeyboardInterrupt":
        return f"It was interrupted{where}: it ran longer than the time limit, or was stopped."
    if kind == "SystemExit":
        return f"The function calls exit{where}; return a value instead."
    if kind == "RecursionError":
        return (
            f"Python's limit of about 1,000 calls inside each other was reached{where}. Long inputs need a loop in "
            "place of the recursion; or does it never end?"
        )
    known = bases(result)
    name = kind if kind in known or (public and kind.isidentifier()) else (known[0] if known else "an error")
    text = f"It raises {name[:60]}{where}"
    if public:
        message, code = raised.get("message"), raised.get("code")
        text += f": {message[:200]}" if isinstance(message, str) and message else ""
        text += f" — `{code[:120]}`" if isinstance(code, str) and code else ""
    elif raised.get("message") in _SAFE_MESSAGES:
        text += f": {raised['message']}"
    return text + ("" if text.endswith((".", "`")) else ".")


def same_exception(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Return whether two calls raised the same, the stub's NotImplementedError aside.

    What arithmetic raises is one kind: exp(800) is an OverflowError, and the quotient of exp(-800) a ZeroDivisionError.
    """
    kinds = {"ArithmeticError" if _of_arithmetic(r) else raised_type(r) for r in (one, other)}
    # Who has not answered has made no mistake.
    return len(kinds) == 1 and not kinds & {"", "NotImplementedError"}


def same_message(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Return whether two exceptions say the same: then the same thing went wrong."""
    alike = raised_type(one) == raised_type(other)
    return alike and bool(one["raised"].get("message") == other["raised"].get("message"))


def _of_arithmetic(result: dict[str, Any]) -> bool:
    kind = raised_type(result)
    return kind in _ARITHMETIC or (
        kind == "ValueError" and result["raised"].get("message") == "math domain error"
    )


def same_warnings(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Return whether NumPy warned of the same, or of nothing both times, as Torch never warns."""
    first, second = _arithmetic_warnings(one), _arithmetic_warnings(other)
    return bool(first & second) or not first | second


def _arithmetic_warnings(result: dict[str, Any]) -> set[str]:
    """What NumPy warned of, e.g. {"overflow"}."""
    texts = result.get("warnings")
    if not isinstance(texts, list):
        return set()
    found = [_WARNING.match(text) for text in texts[:20] if isinstance(text, str)]
    return {m[1] for m in found if m}


def warned(result: dict[str, Any]) -> str:
    """Return NumPy's first warning about arithmetic; other warnings may say anything, hidden inputs included."""
    texts = result.get("warnings")
    if not isinstance(texts, list):
        return ""
    for text in texts[:20]:
        for beginning, sentence in _NUMPY_WARNINGS.items():
            if isinstance(text, str) and text.startswith(beginning):
                return sentence
    return ""


def mutation(result: dict[str, Any]) -> str:
    """Return what to say about a call that changed its arguments; "" when it did not."""
    places = result.get("mutated")
    if not isinstance(places, list) or not places:
        return ""
    return "The function changes its argument; work on a copy, since the caller may need it again."
