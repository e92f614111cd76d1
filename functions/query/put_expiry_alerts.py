"""``PUT /v1/me/expiry-alerts``: be told of points about to expire, or not any more."""

import os
from pathlib import Path

from modupoint.clock import business_clock
from modupoint.http import Answer, Request, operation
from modupoint.validation import request_check
from query.expiry_choices import ExpiryChoices
from query.expiry_settings import Alerts
from query.settings_store import DynamoSettings

_choices = ExpiryChoices(DynamoSettings(os.environ["MEMBERS_TABLE"]), business_clock())

_checked = request_check(Path(__file__).with_name("request_schemas.json"), "ExpiryAlertsRequest")


@operation
def handler(request: Request) -> Answer:
    """Keep the choice; what is left out of one that switches off is forgotten."""
    body = _checked(request.json_object())
    lead = body["lead_months"]
    alerts = Alerts(body["enabled"], None if lead is None else int(lead))
    _choices.alerts(request.member, alerts)
    return Answer(200, alerts.shown())
