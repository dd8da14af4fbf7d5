"""What a rule that fails a rung raises."""

from garasu.messages import GarasuError


class CheckFailure(GarasuError, AssertionError):  # noqa: N818 - a failed test, as AssertionError is
    """A rule failed a rung of the ladder.

    ``fields`` holds what the sentence says: ``layer``, ``rung``, and, where numbers differ, ``array``, ``place``,
    ``expected``, ``got``, ``error`` and ``limit``. As an AssertionError it counts as a failed test.
    """
