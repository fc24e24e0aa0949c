"""The instructor's side: references, tasks and answers. Nothing a student receives imports it."""


class SolutionsError(ValueError):
    """What a reference raises when it is given something outside its domain.

    The message says what was given, what was expected and what to do next.
    """
