"""The engine of the course: it checks, marks and grades; it knows no exercise by name."""

from typing import Any

__version__ = "0.1.0"

__all__ = ["__version__", "check"]


def __getattr__(name: str) -> Any:
    # Lazy: `import grader.sandbox` must not load what a student's check needs, and the other way round.
    if name == "check":
        from grader.cases.ask.check import check

        return check
    raise AttributeError(f"module 'grader' has no attribute {name!r}")
