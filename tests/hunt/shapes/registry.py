"""Where each shape of statement is kept, by name."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sympy import Product, Sum

from tests.hunt.draws import Draw

Sides = tuple[Any, str, Any]  # left side, relation, right side


@dataclass(frozen=True)
class Shape:
    """A family of statements, true for some of its draws and false for others; weight: how often it is drawn."""

    name: str
    draw: Callable[[Draw], Sides]
    weight: float


SHAPES: list[Shape] = []


def shape(name: str, weight: float = 1.0) -> Callable[[Callable[[Draw], Sides]], Callable[[Draw], Sides]]:
    """Register a function that draws statements of the shape `name`. Several may share a name."""

    def register(draw: Callable[[Draw], Sides]) -> Callable[[Draw], Sides]:
        SHAPES.append(Shape(name, draw, weight))
        return draw

    return register


def total(term: Any, at: Any, low: Any, high: Any) -> Any:
    """Return Σ term for the letter `at` from low to high."""
    return Sum(term, (at, low, high))


def prod(factor: Any, at: Any, low: Any, high: Any) -> Any:
    """Return Π factor for the letter `at` from low to high."""
    return Product(factor, (at, low, high))


def order(rng: random.Random) -> str:
    """Return one of the relations of order."""
    return rng.choice(("≤", "<", "≥", ">"))


__all__ = ["SHAPES", "Draw", "Shape", "Sides", "order", "prod", "shape", "total"]
