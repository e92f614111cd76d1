"""``GET /v1/me``: what is kept of the member."""

import os

from modupoint.http import Answer, Request, operation
from query.members import Consent, Members

_members = Members(os.environ["MEMBERS_TABLE"])


@operation
def handler(request: Request) -> Answer:
    """Show the agreement, accounts and settings.

    Alerts and standing cash-out are off until the member sets them; nothing that
    sets them exists in this deployment's contexts yet.
    """
    _, consent = _members.read_member(request.member)
    return Answer(
        200,
        {
            "consent": None if consent is None else _shown(consent),
            "accounts": [one.shown() for one in _members.accounts(request.member)],
            "expiry_alerts": {"enabled": False, "lead_months": None},
            "auto_cashout": {"enabled": False, "account_id": None, "minimum_amount": None},
        },
    )


def _shown(consent: Consent) -> dict[str, str]:
    return {"consented_at": consent.consented_at, "terms_version": consent.terms_version}
