"""The one exception type of ``grader.sandbox``."""


class SandboxError(Exception):
    """The walls can't be put up, or a kernel could not be started behind them; the message says what to do."""
