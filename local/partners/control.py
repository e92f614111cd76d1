"""The control interface: how a person or a test makes partners misbehave, and looks on.

It is a tool for one machine and has no lock on it; a real partner has nothing
like it. Everything told here is kept over a restart.

===========================================  ==================================================
``GET /control``                             targets, their operations, fault kinds
``PUT /control/faults/{target}``             a fault spec (``faults.FaultSpec``)
``GET /control/faults[/{target}]``           what stands, with the hits each fault has left
``DELETE /control/faults[/{target}]``        make one target, or all, well again
``PUT /control/seed`` ``{"seed": 7}``        what chance is drawn from; counts start anew
``GET /control/calls``                       requests received, newest last, and counts;
                                             ``partner``, ``operation``, ``sub``, ``since``
                                             (RFC 3339 or ``seq``), ``limit`` narrow it
``DELETE /control/calls``                    forget them
``GET /control/people``                      the sample people
``GET /control/people/{sub}``                anybody, their accounts, what each issuer says
``PUT /control/people/{sub}``                tell issuers what to say (``Overrides``)
``DELETE /control/people/{sub}``             take that back
``/control/closed/{issuer}``                 ``hours``: when an issuer takes no redemptions
``/control/late``                            ``late``: effects that have not landed
``/control/books/…``                         ``books``, ``bank.control``: what is on the books
``/control/differences/{target}``            ``differences``: lists that differ from the books
``/control/bank/…``                          ``bank.control``: accounts and tokens
``/control/autopay…``                        ``autopay.control``: cards, bills, billers, charges
===========================================  ==================================================
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from aiohttp import web
from pydantic import Field

from local.partners.bodies import BadBodyError, Strict, json_answer, read_body
from local.partners.calls import Filter
from local.partners.faults import FAULT_KINDS, LATENCY_KINDS, FaultSpec
from local.partners.holdings import point_list
from local.partners.people import Overrides, ci_of, key_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.partners.bank.accounts import Accounts
    from local.partners.calls import Calls
    from local.partners.catalogue import Issuer
    from local.partners.clock import Clock
    from local.partners.faults import Faults
    from local.partners.gate import Gate
    from local.partners.people import People
    from local.partners.wallets import Wallets

CALLS_USUAL = 1000
CALLS_LIMIT = 50_000
SUB_LIMIT = 128


class _Seed(Strict):
    """The body of ``PUT /control/seed``."""

    seed: Annotated[int, Field(ge=0, lt=2**63)]


class FaultControl:
    """``/control/faults`` and ``/control/seed``."""

    def __init__(self, gate: Gate, faults: Faults) -> None:
        self._gate = gate
        self._faults = faults

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this room."""
        one = "/control/faults/{target:.+}"
        return [
            web.get("/control", self.describe),
            web.get("/control/faults", self.read_all),
            web.delete("/control/faults", self.lift_all),
            web.get(one, self.read),
            web.put(one, self.set),
            web.delete(one, self.lift),
            web.put("/control/seed", self.seed),
        ]

    async def describe(self, _: web.Request) -> web.Response:
        """Say what can be made to go wrong, and how."""
        targets = {name: sorted(p.operations) for name, p in sorted(self._gate.partners.items())}
        return json_answer(
            {"targets": targets, "fault_kinds": FAULT_KINDS, "latency_kinds": LATENCY_KINDS}
        )

    async def read_all(self, _: web.Request) -> web.Response:
        """Say what is wrong with every target."""
        specs = {target: _plain(spec) for target, spec in self._faults.specs().items()}
        return json_answer({"seed": self._faults.seed, "targets": specs})

    async def read(self, request: web.Request) -> web.Response:
        """Say what is wrong with one target."""
        target = self._target(request)
        return json_answer(_plain(self._faults.specs().get(target, FaultSpec())))

    async def set(self, request: web.Request) -> web.Response:
        """Make something go wrong with a target; 400 if the spec makes no sense."""
        target = self._target(request)
        spec = await read_body(request, FaultSpec)
        known = self._gate.partners[target].operations
        asked = {fault.operation for fault in spec.faults if fault.operation is not None}
        if unknown := asked - known:
            names = ", ".join(sorted(unknown))
            raise BadBodyError(f"{target} has no operation {names}: it has {sorted(known)}")
        await self._faults.set(target, spec)
        return json_answer(_plain(spec))

    async def lift(self, request: web.Request) -> web.Response:
        """Make one target well again."""
        await self._faults.lift(self._target(request))
        return web.Response(status=204)

    async def lift_all(self, _: web.Request) -> web.Response:
        """Make every target well again."""
        await self._faults.lift_all()
        return web.Response(status=204)

    async def seed(self, request: web.Request) -> web.Response:
        """Draw chance from another seed."""
        body = await read_body(request, _Seed)
        await self._faults.reseed(body.seed)
        return json_answer({"seed": body.seed})

    def _target(self, request: web.Request) -> str:
        target = request.match_info["target"]
        if target not in self._gate.partners:
            raise web.HTTPNotFound(
                reason=f"no such target: the targets are {', '.join(sorted(self._gate.partners))}"
            )
        return target


class CallControl:
    """``/control/calls``."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this room."""
        return [web.get("/control/calls", self.read), web.delete("/control/calls", self.clear)]

    async def read(self, request: web.Request) -> web.Response:
        """List the calls that match, and count them."""
        wanted, limit = _filter(request.query)
        found = await self._calls.find(wanted, limit)
        return json_answer(
            {
                "total": found.total,
                "by_outcome": found.by_outcome,
                "by_partner": found.by_partner,
                "calls": [call.public() for call in found.calls],
            }
        )

    async def clear(self, _: web.Request) -> web.Response:
        """Forget every call."""
        await self._calls.clear()
        return web.Response(status=204)


class PeopleControl:
    """``/control/people``."""

    def __init__(
        self,
        people: People,
        wallets: Wallets,
        accounts: Accounts,
        issuers: Mapping[str, Issuer],
        clock: Clock,
    ) -> None:
        self._people = people
        self._accounts = accounts
        self._wallets = wallets
        self._issuers = issuers
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this room."""
        return [
            web.get("/control/people", self.read_samples),
            web.get("/control/people/{sub}", self.read),
            web.put("/control/people/{sub}", self.override),
            web.delete("/control/people/{sub}", self.restore),
        ]

    async def read_samples(self, _: web.Request) -> web.Response:
        """List the sample people and what each is there to show."""
        shown = {"sub", "name", "birthdate", "phone", "shows"}
        samples = [person.model_dump(include=shown) for person in self._people.samples.values()]
        return json_answer({"people": samples})

    async def read(self, request: web.Request) -> web.Response:
        """Say who somebody is, but for the CI, what issuers now say of them, and their accounts."""
        sub = _sub(request)
        person = self._people.person(sub)
        told = self._people.override_of(sub)
        today = self._clock.now().date()
        issuers: dict[str, Any] = {}
        for code, issuer in self._issuers.items():
            standing = await self._wallets.read(person.ci, issuer)
            points = point_list(issuer, standing, today)
            issuers[code] = {"member_status": standing.member_status, "point_list": points}
        return json_answer(
            {
                **person.model_dump(include={"sub", "name", "birthdate", "phone"}),
                "person_key": key_of(person.ci),
                "override": told.model_dump(mode="json", exclude_unset=True) if told else None,
                "issuers": issuers,
                "accounts": [account.public() for account in self._accounts.of(sub)],
            }
        )

    async def override(self, request: web.Request) -> web.Response:
        """Tell issuers what to say of somebody, in place of anything told before."""
        overrides = await read_body(request, Overrides)
        try:
            await self._people.override(_sub(request), overrides)
        except ValueError as error:
            raise BadBodyError(str(error)) from None
        await self._wallets.count_from_now(_sub(request))
        return await self.read(request)

    async def restore(self, request: web.Request) -> web.Response:
        """Let issuers say again what they would by themselves."""
        await self._people.restore(_sub(request))
        return web.Response(status=204)


def _plain(spec: FaultSpec) -> dict[str, Any]:
    return spec.model_dump(mode="json", exclude_none=True)


def _sub(request: web.Request) -> str:
    sub = request.match_info["sub"]
    if len(sub) > SUB_LIMIT:
        raise BadBodyError(f"sub: longer than {SUB_LIMIT} characters")
    return sub


def _filter(query: Mapping[str, str]) -> tuple[Filter, int]:
    known = {"partner", "operation", "sub", "since", "limit"}
    if unknown := query.keys() - known:
        raise BadBodyError(f"no such parameter: {', '.join(sorted(unknown))}")
    since, after_seq = _since(query.get("since"))
    sub = query.get("sub")
    limit = query.get("limit", str(CALLS_USUAL))
    if not limit.isdecimal() or int(limit) > CALLS_LIMIT:
        raise BadBodyError(f"limit: must be a number up to {CALLS_LIMIT}")
    wanted = Filter(
        partner=query.get("partner"),
        operation=query.get("operation"),
        person_key=None if sub is None else key_of(ci_of(sub)),
        since=since,
        after_seq=after_seq,
    )
    return wanted, int(limit)


def _since(text: str | None) -> tuple[float | None, int | None]:
    """Read ``since``: an instant (from then on) or a call's ``seq`` (after it)."""
    if text is None:
        return None, None
    if text.isdecimal():
        return None, int(text)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise BadBodyError("since: must be RFC 3339 or a seq") from None
    if instant.tzinfo is None:
        raise BadBodyError("since: has no offset (is the + written as %2B?)")
    return instant.timestamp(), None
