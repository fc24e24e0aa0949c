"""Reports of the language model's commands: JSON for any reader."""

import json
import math
from typing import Any


def print_report(report: Any) -> None:
    """Print a report as JSON, with null for what JSON has no number for: NaN, as of an empty bin, and infinity.

    >>> print_report({"nll": float("nan")})
    {
      "nll": null
    }
    """
    print(json.dumps(_finite(report), indent=2, ensure_ascii=False, allow_nan=False))


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _finite(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
