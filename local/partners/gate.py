"""The one door every partner request goes through: checked, delayed, spoilt, recorded.

A partner gives the gate a function that checks the request and returns the
effect, which has not happened yet. The gate decides when, and whether, to run
it, and what of the answer reaches the caller. So each partner module says only
what it does when all is well.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, assert_never

from aiohttp import web

from local.partners.bodies import json_answer
from local.partners.calls import OPEN, Call
from local.partners.faults import (
    BusyFault,
    CutFault,
    ErrorFault,
    HoldFault,
    LateFault,
    MalformedFault,
    TroubleFault,
)
from local.partners.late import LastingEffect
from local.partners.malformed import BODIES, malform
from local.partners.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.partners.calls import Calls
    from local.partners.faults import Faults, Plan, SuddenFault
    from local.partners.late import LateEffects
    from local.partners.refusal import Dialect

type Effect = Callable[[], Awaitable[web.Response]]
type Admit = Callable[[web.Request, Call], Awaitable[Effect]]

# How often a held request looks whether its caller is still there.
HOLD_POLL_S = 0.05

# How trouble is worded: HTTP status, code, message.
TROUBLE: Mapping[str, tuple[int, str, str]] = {
    "too_many_requests": (429, "42901", "too many requests"),
    "unavailable": (503, "50301", "not available"),
    "maintenance": (200, "50001", "시스템 점검 중입니다"),
    "internal": (500, "50002", "시스템 장애"),
}
_AFTER_EFFECT = {"timeout_after_effect", "cut_after_effect"}


@dataclass(frozen=True)
class Partner:
    """A partner as the control interface knows it.

    Parameters
    ----------
    target
        Its name there: ``issuers/shinhan``, ``identity``.
    operations
        What can be asked of it.
    dialect
        How it writes refusals.
    latency_ms
        How slow it is when all is well.
    trouble
        How it words the faults that are trouble of its own: HTTP status, code,
        message.
    done
        Its code for success.
    """

    target: str
    operations: frozenset[str]
    dialect: Dialect
    latency_ms: float = 0
    trouble: Mapping[str, tuple[int, str, str]] = field(default_factory=lambda: TROUBLE)
    done: str = "00000"


class Gate:
    """Serves requests of all partners."""

    def __init__(self, faults: Faults, calls: Calls, late: LateEffects) -> None:
        self._faults = faults
        self._calls = calls
        self._late = late
        self._stopping = False
        self.partners: dict[str, Partner] = {}

    def register(self, partner: Partner) -> Partner:
        """Let the control interface know a partner."""
        self.partners[partner.target] = partner
        return partner

    def stop(self) -> None:
        """Let go of every request that is held, since the process is about to end."""
        self._stopping = True

    async def serve(
        self, request: web.Request, partner: Partner, operation: str, admit: Admit
    ) -> web.Response:
        """Serve one request.

        Parameters
        ----------
        request
            The request.
        partner, operation
            Who was asked for what.
        admit
            Checks the request, notes in the call who it is about, and returns the
            effect; raises :class:`Refusal` if the request is not acceptable. A
            request it refuses meets no fault, for the partner never took it on.
        """
        call = self._calls.open(partner.target, operation)
        try:
            try:
                effect = await admit(request, call)
                plan = self._faults.plan(partner.target, operation, partner.latency_ms)
                response = await self._perform(request, plan, partner, effect, call)
            except Refusal as refusal:
                if call.outcome == OPEN:
                    call.outcome = "refused"
                call.code = refusal.code
                response = partner.dialect(refusal)
            if not _gone(request):
                call.http_status = response.status
            return response
        finally:
            if call.outcome == OPEN:
                call.outcome = "stopped"
            self._calls.close(call)

    async def _perform(
        self, request: web.Request, plan: Plan, partner: Partner, effect: Effect, call: Call
    ) -> web.Response:
        if plan.retry_after_s is not None:
            call.outcome = "over_capacity"
            raise _busy(partner, "too_many_requests", plan.retry_after_s)
        if plan.latency_s:
            await asyncio.sleep(plan.latency_s)
        if plan.fault is None:
            response = await effect()
            call.outcome = "answered"
            return response
        call.outcome = f"fault:{plan.fault.kind}"
        quiet = partial(_worded, partner, effect, call)
        if isinstance(plan.fault, ErrorFault):
            await self._do_all_the_same(plan.fault, effect, quiet)
        if isinstance(plan.fault, LateFault):
            return await self._be_late(request, plan.fault, effect, quiet)
        return await self._go_wrong(request, plan, plan.fault, partner, quiet)

    async def _go_wrong(
        self,
        request: web.Request,
        plan: Plan,
        fault: SuddenFault,
        partner: Partner,
        effect: Effect,
    ) -> web.Response:
        match fault:
            case ErrorFault():
                return _error(partner, fault)
            case BusyFault():
                raise _busy(partner, fault.kind, fault.retry_after_seconds)
            case TroubleFault():
                status, code, message = partner.trouble[fault.kind]
                raise Refusal(fault.http_status or status, code, message)
            case HoldFault():
                if fault.kind in _AFTER_EFFECT:
                    await effect()
                await self._hold(request, fault.max_seconds)
                return _cut(request)
            case CutFault():
                if fault.kind in _AFTER_EFFECT:
                    await effect()
                return _cut(request)
            case MalformedFault():
                response = await effect()
                body = plan.dice.choice(BODIES) if fault.body is None else fault.body
                text, content_type = malform(response.text or "", body)
                return web.Response(text=text, content_type=content_type, charset="utf-8")
            case _:
                assert_never(fault)

    async def _do_all_the_same(self, fault: ErrorFault, effect: Effect, quiet: Effect) -> None:
        if fault.effect == "done":
            await quiet()
        # What leaves nothing behind has nothing to do once it is answered.
        if fault.effect == "late" and isinstance(effect, LastingEffect):
            await self._late.begin(effect, fault.ms, taken_in=True)

    async def _be_late(
        self, request: web.Request, fault: LateFault, effect: Effect, quiet: Effect
    ) -> web.Response:
        if fault.effect == "at_once":
            response = await quiet()
            await asyncio.sleep(fault.ms / 1000)
            return response
        if isinstance(effect, LastingEffect):
            landing = await self._late.begin(effect, fault.ms, taken_in=fault.taken_in)
            landed = await landing
            if isinstance(landed, Refusal):
                raise landed
            return _cut(request) if landed is None else landed
        await asyncio.sleep(fault.ms / 1000)
        return await effect()

    async def _hold(self, request: web.Request, max_seconds: float) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + max_seconds
        # A caller's leaving sets no event that could be awaited.
        while loop.time() < end and not self._stopping and not _gone(request):  # noqa: ASYNC110
            await asyncio.sleep(HOLD_POLL_S)


async def _worded(partner: Partner, effect: Effect, call: Call) -> web.Response:
    """Do what was asked, and word even a refusal as an answer: the caller may never see it."""
    try:
        return await effect()
    except Refusal as refusal:
        call.code = refusal.code
        return partner.dialect(refusal)


def _busy(partner: Partner, kind: str, retry_after_s: int) -> Refusal:
    status, code, message = partner.trouble[kind]
    return Refusal(status, code, message, {"Retry-After": str(retry_after_s)})


def _error(partner: Partner, fault: ErrorFault) -> web.Response:
    if fault.body is None:
        _, internal, _ = partner.trouble["internal"]
        usual = internal if fault.bank_rsp_code is None else partner.done
        raise Refusal(
            fault.http_status,
            fault.rsp_code or usual,
            fault.rsp_msg,
            inner_code=fault.bank_rsp_code,
            inner_message=fault.bank_rsp_message,
        )
    if isinstance(fault.body, str):
        return web.Response(text=fault.body, status=fault.http_status)
    return json_answer(fault.body, fault.http_status)


def _gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


def _cut(request: web.Request) -> web.Response:
    """Cut the connection without a goodbye; the response returned goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
