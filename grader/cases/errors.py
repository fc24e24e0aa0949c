"""The one exception of this package."""


class CaseError(Exception):
    """A task, a set of cases or a file of cases is not as it must be; the message says what to change."""
