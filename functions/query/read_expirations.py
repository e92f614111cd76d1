"""``GET /v1/expirations``: when points expire, by the last known answers."""

import os

from modupoint.clock import business_clock
from modupoint.http import Answer, Request, operation
from modupoint.issuers import ISSUERS
from query.expirations import expiry_calendar
from query.members import Members

_members = Members(os.environ["MEMBERS_TABLE"])
_clock = business_clock()


@operation
def handler(request: Request) -> Answer:
    """Show the months in which something expires, all points; none without an agreement."""
    records = _members.read(request.member, consistent=False).records
    answers = [(code, records[code].balances) for code in ISSUERS if code in records]
    known = ((code, balances) for code, balances in answers if balances is not None)
    return Answer(200, {"months": expiry_calendar(known, f"{_clock():%Y-%m}")})
