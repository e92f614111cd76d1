"""Messages that name one of a member's rows, and nothing else: the row says what is to be done."""

import json


class PoisonMessageError(Exception):
    """A message that no retry can make readable."""


def row_message(member: str, name: str, value: str) -> str:
    """Return a message: ``member`` is the pseudonymous key, ``name`` what ``value`` is of a row."""
    return json.dumps({"member": member, name: value})


def row_of_message(body: str, name: str) -> tuple[str, str]:
    """Return the member and the value that a message has under a name.

    Raises
    ------
    PoisonMessageError
        If it is not a message of ours.
    """
    try:
        message = json.loads(body)
        member, value = message["member"], message[name]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise PoisonMessageError from None
    if not isinstance(member, str) or not isinstance(value, str):
        raise PoisonMessageError
    return member, value
