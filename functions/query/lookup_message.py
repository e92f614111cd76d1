"""The message that asks a lane to ask its issuer: sealed, dated, bounded.

It carries all a worker needs, so that a worker reads nothing before it calls.
"""

import base64
import json
from typing import NamedTuple

from modupoint.row_messages import PoisonMessageError


class LookupMessage(NamedTuple):
    """One member's lookup for one issuer.

    ``member`` is the pseudonymous key, ``due_ms`` the lookup's deadline in real
    time: past it the message is dropped unread. ``sealed_ci`` is ciphertext.
    """

    member: str
    lookup_id: str
    due_ms: int
    sealed_ci: bytes

    def to_json(self) -> str:
        """Return the body as it travels."""
        return json.dumps(
            {
                "member": self.member,
                "lookup_id": self.lookup_id,
                "due_ms": self.due_ms,
                "sealed_ci": base64.b64encode(self.sealed_ci).decode(),
            },
            separators=(",", ":"),
        )

    @classmethod
    def from_json(cls, body: str) -> "LookupMessage":
        """Read a body.

        Raises
        ------
        PoisonMessageError
            If it is not a lookup message.
        """
        try:
            content = json.loads(body)
            sealed_ci = base64.b64decode(content["sealed_ci"], validate=True)
            member, lookup_id, due_ms = content["member"], content["lookup_id"], content["due_ms"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise PoisonMessageError from None
        if not (type(member) is type(lookup_id) is str and type(due_ms) is int):
            raise PoisonMessageError
        return cls(member, lookup_id, due_ms, sealed_ci)
