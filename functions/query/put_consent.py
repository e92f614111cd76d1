"""``PUT /v1/me/consent``: agree to terms, third-party provision and delegation."""

import os
from pathlib import Path

from modupoint.clock import business_clock
from modupoint.envelope import DataKeys
from modupoint.http import Answer, Request, operation
from modupoint.identity import IdentityProvider
from modupoint.partner import PartnerTransport
from modupoint.validation import request_check
from query.consents import Consents
from query.members import Members

_consents = Consents(Members(os.environ["MEMBERS_TABLE"]), business_clock())
_identity = IdentityProvider(os.environ["IDENTITY_ISSUER"], PartnerTransport(connections=1))
_keys = DataKeys(os.environ["OPERATIONS_TABLE"], os.environ["DATA_KMS_KEY"])

_checked = request_check(Path(__file__).with_name("request_schemas.json"), "ConsentRequest")


@operation
def handler(request: Request) -> Answer:
    """Store the agreement and the sealed CI."""
    body = _checked(request.json_object())
    consent = _consents.give(
        request.member,
        body["terms_version"],
        request.access_token,
        request.subject,
        _identity,
        _keys,
    )
    return Answer(
        200, {"consented_at": consent.consented_at, "terms_version": consent.terms_version}
    )
