"""A promise that was not kept."""

from __future__ import annotations


class CheckFailedError(Exception):
    """Something that must never be. ``rule`` is its id; ``subjects`` whom to trace."""

    def __init__(self, rule: str, what: str, *subjects: str) -> None:
        super().__init__(f"{rule}: {what}")
        self.rule = rule
        self.subjects = subjects


def require(held: bool, rule: str, what: str, *subjects: str) -> None:  # noqa: FBT001 - the condition itself
    """Fail unless a condition holds.

    Raises
    ------
    CheckFailedError
        If it does not.
    """
    if not held:
        raise CheckFailedError(rule, what, *subjects)
