"""``GET /v1/me``: what is kept of the member."""

import os

from modupoint.http import Answer, Request, operation
from query.members import Consent, Members
from query.settings_store import DynamoSettings

_members = Members(os.environ["MEMBERS_TABLE"])
_settings = DynamoSettings(os.environ["MEMBERS_TABLE"])


@operation
def handler(request: Request) -> Answer:
    """Show the agreement, accounts and settings; alerts and cash-out are off until switched on."""
    _, consent = _members.read_member(request.member)
    settings, accounts = _settings.read_with_accounts(request.member)
    return Answer(
        200,
        {
            "consent": None if consent is None else _shown(consent),
            "accounts": [one.shown() for one in accounts],
            "expiry_alerts": settings.alerts.shown(),
            "auto_cashout": settings.cashout.shown(),
        },
    )


def _shown(consent: Consent) -> dict[str, str]:
    return {"consented_at": consent.consented_at, "terms_version": consent.terms_version}
