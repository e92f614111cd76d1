"""``GET /v1/issuers``: the issuers, their points and when their cash arrives. Public."""

from modupoint.http import Answer, Request, operation
from modupoint.issuers import ISSUERS

# The table changes with a release only.
_CACHEABLE = {"cache-control": "public, max-age=3600"}

_BODY = {
    "issuers": [
        {
            "code": issuer.code,
            "name": issuer.name,
            "phone": issuer.phone,
            "cash_arrival": issuer.cash_arrival,
            "points": [
                {"code": point.code, "name": point.name, "cashable": point.cashable}
                for point in issuer.points
            ],
        }
        for issuer in ISSUERS.values()
    ]
}


@operation
def handler(_request: Request) -> Answer:
    """Show the table."""
    return Answer(200, _BODY, _CACHEABLE)
