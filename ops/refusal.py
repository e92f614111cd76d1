"""What a command answers if it does not do what was asked."""


class RefusedError(Exception):
    """The command did nothing, or not all; the text says why, to a person."""
