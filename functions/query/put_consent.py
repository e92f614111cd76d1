"""``PUT /v1/me/consent``: agree to terms, third-party provision and delegation."""

import os

from modupoint.clock import business_clock
from modupoint.envelope import DataKeys
from modupoint.http import Answer, Request, operation
from modupoint.identity import IdentityProvider
from modupoint.partner import PartnerTransport
from modupoint.validation import parse
from query.consents import Consents
from query.members import Members
from query.request_models import ConsentRequest

_consents = Consents(Members(os.environ["MEMBERS_TABLE"]), business_clock())
_identity = IdentityProvider(os.environ["IDENTITY_ISSUER"], PartnerTransport(connections=1))
_keys = DataKeys(os.environ["OPERATIONS_TABLE"], os.environ["DATA_KMS_KEY"])


@operation
def handler(request: Request) -> Answer:
    """Store the agreement and the sealed CI."""
    body = parse(ConsentRequest, request.json_object())
    consent = _consents.give(
        request.member,
        body.terms_version,
        request.access_token,
        request.subject,
        _identity,
        _keys,
    )
    return Answer(
        200, {"consented_at": consent.consented_at, "terms_version": consent.terms_version}
    )
