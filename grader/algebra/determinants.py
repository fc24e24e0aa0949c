"""Small determinants, and those of triangular matrices of any size."""

from collections.abc import Sequence
from typing import Any

from sympy import Add, Expr, Integer, Mul, Product, S

from grader.algebra.definitions import Abbreviation
from grader.algebra.errors import AlgebraError
from grader.algebra.expressions import as_expression

_LARGEST = 3


class Determinant(Abbreviation):
    """The determinant of a written matrix; args: its entries, row by row."""

    @property
    def rows(self) -> list[tuple[Expr, ...]]:
        """The matrix."""
        n = round(len(self.args) ** 0.5)
        return [tuple(self.args[k : k + n]) for k in range(0, n * n, n)]

    @property
    def definition(self) -> Expr:
        """It is expanded along the first row."""
        return _expanded(self.rows)


def _expanded(rows: Sequence[Sequence[Expr]]) -> Expr:
    if len(rows) == 1:
        return rows[0][0]
    terms = []
    for column, entry in enumerate(rows[0]):
        minor = [[*row[:column], *row[column + 1 :]] for row in rows[1:]]
        sign = S.NegativeOne if column % 2 else S.One
        terms.append(Mul(sign, entry, _expanded(minor), evaluate=False))
    return Add(*terms, evaluate=False)


def determinant(rows: Sequence[Sequence[Any]]) -> Determinant:
    """Return the determinant of a matrix of one to three rows. Raises AlgebraError for another shape.

    >>> from grader.algebra import real, relate
    >>> a, b, c, d = map(real, "abcd")
    >>> relate(determinant([[a, b], [c, d]]), "=", a * d - b * c).status
    'proved'
    """
    if not 1 <= len(rows) <= _LARGEST or any(len(row) != len(rows) for row in rows):
        raise AlgebraError(
            f"A determinant is that of a square matrix with 1 to {_LARGEST} rows; given: {[len(r) for r in rows]}."
        )
    return Determinant(*(as_expression(entry) for row in rows for entry in row))


class Triangular(Abbreviation):
    """The determinant of a triangular matrix of any size; args: the products of the blocks of its diagonal."""

    @property
    def definition(self) -> Expr:
        """It is the product of the diagonal, whatever stands below."""
        return Mul(*self.args, evaluate=False)


def triangular(*blocks: Product) -> Triangular:
    """Return the determinant of a lower triangular matrix. blocks: the diagonal, as products over ranges from 1.

    >>> from grader.algebra import index, latex, positives, size
    >>> n = size("n"); i, d = index("i", n), positives("d", n)
    >>> triangular(Product(d[i], (i, 1, n))).definition
    Product(d[i], (i, 1, n))
    """
    for block in blocks:
        if not isinstance(block, Product) or len(block.limits) != 1 or block.limits[0][1] != Integer(1):
            raise AlgebraError(f"A diagonal is given as products over ranges from 1; given: {block}.")
    if not blocks:
        raise AlgebraError("A triangular matrix has a diagonal; give it as a product.")
    return Triangular(*blocks)
