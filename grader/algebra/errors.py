"""The one exception type of ``grader.algebra``."""


class AlgebraError(ValueError):
    """Something about an expression, a relation or a derivation is wrong; the message says what and what to do."""
