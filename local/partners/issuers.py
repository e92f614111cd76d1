"""The card issuers' inquiry (partner contracts, section 1).

One set of handlers serves every issuer of the table; they differ only in their
points and in what has been made to go wrong with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from aiohttp import web
from pydantic import Field

from local.partners.bodies import BadBodyError, Stamp, Strict, json_answer, read_body
from local.partners.gate import Partner
from local.partners.holdings import point_list
from local.partners.people import CI_LENGTH, key_of
from local.partners.refusal import Refusal
from local.partners.signing import authenticate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.partners.calls import Call
    from local.partners.catalogue import Issuer
    from local.partners.clock import Clock
    from local.partners.gate import Effect, Gate
    from local.partners.people import People
    from local.partners.signing import TranIds
    from local.partners.wallets import Wallets

INQUIRY = "inquiry"
OPERATIONS = frozenset(
    {INQUIRY, "redemption", "redemption_status", "reversal", "redemption_list"},
)


type Ci = Annotated[str, Field(pattern=rf"^[A-Za-z0-9+/=]{{{CI_LENGTH}}}$")]


class InquiryBody(Strict):
    """What an inquiry asks; ``search_timestamp`` is the asker's ``YYYYMMDDhhmmss``."""

    ci: Ci
    search_timestamp: Stamp


def dialect(refusal: Refusal) -> web.Response:
    """Write a refusal as issuers do."""
    body = {"rsp_code": refusal.code, "rsp_msg": refusal.message}
    return json_answer(body, refusal.status, refusal.headers)


def issuer_partners(
    issuers: Mapping[str, Issuer], gate: Gate, latency_ms: float
) -> dict[str, Partner]:
    """Let the control interface know every issuer of the table, and return them by code."""
    return {
        code: gate.register(Partner(f"issuers/{code}", OPERATIONS, dialect, latency_ms))
        for code in issuers
    }


class InquiryEndpoint:
    """``POST {partners}/issuers/{code}/v1/points/inquiry`` for every issuer of the table."""

    def __init__(
        self,
        issuers: Mapping[str, Issuer],
        people: People,
        wallets: Wallets,
        clock: Clock,
        gate: Gate,
        tran_ids: TranIds,
        partners: Mapping[str, Partner],
    ) -> None:
        self._issuers = issuers
        self._people = people
        self._wallets = wallets
        self._clock = clock
        self._gate = gate
        self._tran_ids = tran_ids
        self._partners = partners

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this room."""
        return [web.post("/issuers/{code}/v1/points/inquiry", self.inquire)]

    async def inquire(self, request: web.Request) -> web.Response:
        """Say what this issuer knows of a person's points.

        Refuses with 404 ``40402`` (no such issuer), 401 ``40101`` (signature),
        400 ``40001`` or ``40002`` (``x-api-tran-id``), 400 ``40003`` (body).
        """
        partner = self._partners.get(request.match_info["code"])
        if partner is None:
            return dialect(Refusal(404, "40402", "no such issuer"))
        return await self._gate.serve(request, partner, INQUIRY, self._admit_inquiry)

    async def _admit_inquiry(self, request: web.Request, call: Call) -> Effect:
        issuer = self._issuers[request.match_info["code"]]
        await authenticate(request, call, self._tran_ids)
        try:
            body = await read_body(request, InquiryBody)
        except BadBodyError as error:
            raise Refusal(400, "40003", str(error)) from None
        call.person_key = key_of(body.ci)
        call.sub = self._people.sub_of(body.ci)

        async def effect() -> web.Response:
            return await self._answer(issuer, body.ci)

        return effect

    async def _answer(self, issuer: Issuer, ci: str) -> web.Response:
        standing = await self._wallets.read(ci, issuer)
        points = point_list(issuer, standing, self._clock.now().date())
        return json_answer(
            {
                "rsp_code": "00000",
                "rsp_msg": "정상",
                "search_timestamp": self._clock.stamp(),
                "member_status": standing.member_status,
                "point_cnt": len(points),
                "point_list": points,
            }
        )
