"""``PUT /v1/me/auto-cashout``: have points about to expire turned into cash, or not any more."""

import os
from pathlib import Path

from modupoint.clock import business_clock
from modupoint.http import Answer, Request, operation
from modupoint.validation import request_check
from query.expiry_choices import ExpiryChoices
from query.expiry_settings import AutoCashout
from query.settings_store import DynamoSettings

_choices = ExpiryChoices(DynamoSettings(os.environ["MEMBERS_TABLE"]), business_clock())

_checked = request_check(Path(__file__).with_name("request_schemas.json"), "AutoCashoutRequest")


@operation
def handler(request: Request) -> Answer:
    """Keep the choice; switching it on needs a recent sign-in, switching it off does not."""
    body = _checked(request.json_object())
    minimum = body["minimum_amount"]
    cashout = AutoCashout(
        body["enabled"], body["account_id"], None if minimum is None else int(minimum)
    )
    if cashout.enabled:
        request.require_recent_sign_in()
    _choices.cashout(request.member, cashout)
    return Answer(200, cashout.shown())
