"""``DELETE /v1/me/consent``: withdraw the agreement and erase what was kept under it."""

import os

from modupoint.clock import business_clock
from modupoint.http import Answer, Request, operation
from query.consents import Consents
from query.members import Members

_consents = Consents(Members(os.environ["MEMBERS_TABLE"]), business_clock())


@operation
def handler(request: Request) -> Answer:
    """Erase CI and snapshots; the same without an agreement."""
    _consents.withdraw(request.member)
    return Answer(204)
