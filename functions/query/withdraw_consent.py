"""``DELETE /v1/me/consent``: withdraw the agreement and erase what was kept under it."""

import os

from modupoint.clock import business_clock
from modupoint.http import Answer, Request, operation
from modupoint.money_in_flight import MoneyInFlight
from query.consents import Consents
from query.members import Members

_money = MoneyInFlight(os.environ["TRANSFERS_TABLE"])
_consents = Consents(Members(os.environ["MEMBERS_TABLE"]), business_clock())


@operation
def handler(request: Request) -> Answer:
    """Erase CI, accounts and snapshots; the same without an agreement. Waits for money."""
    _consents.withdraw(request.member, _money)
    return Answer(204)
