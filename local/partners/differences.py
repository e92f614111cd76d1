"""Differences planted in what partners list, and in nothing else they say or do.

A reconciliation that was never shown a difference has never been tried. The
books stay as they are: only the answers to "list the day" are bent.
"""

from __future__ import annotations

import re
from copy import replace
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal, assert_never

from aiohttp import web
from pydantic import Field

from local.partners.bodies import BadBodyError, Strict, json_answer, read_body
from local.partners.holdings import AMOUNT_LIMIT
from local.partners.redemptions import REVERSED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from local.partners.documents import Documents

type Id = Annotated[str, Field(min_length=1, max_length=40)]
type Day = Annotated[str, Field(pattern=r"^\d{8}$")]
type Amount = Annotated[int, Field(ge=0, le=AMOUNT_LIMIT)]
type Status = Annotated[str, Field(min_length=1, max_length=10)]


class Missing(Strict):
    """A line that is not listed."""

    kind: Literal["missing"]
    id: Id


class Duplicate(Strict):
    """A line that is listed twice."""

    kind: Literal["duplicate"]
    id: Id


class OtherAmount(Strict):
    """A line that is listed with another amount."""

    kind: Literal["amount"]
    id: Id
    amount: Amount


class OtherStatus(Strict):
    """A line that is listed with another status or bank code."""

    kind: Literal["status"]
    id: Id
    status: Status


class Extra(Strict):
    """A line that is listed and in no book."""

    kind: Literal["extra"]
    id: Id
    date: Day
    amount: Amount
    status: Status


type Difference = Annotated[
    Missing | Duplicate | OtherAmount | OtherStatus | Extra, Field(discriminator="kind")
]


class Planted(Strict):
    """The body of ``PUT /control/differences/{target}``."""

    differences: Annotated[tuple[Difference, ...], Field(max_length=1000)]


@dataclass(frozen=True)
class Line:
    """A line of a list, before it is written the way its partner writes it."""

    id: str
    day: str
    amount: int
    status: str
    approved_at: str | None = None
    reversed_at: str | None = None


class Differences:
    """What is planted, by target."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._planted = {
            target: Planted.model_validate_json(body) for target, body in documents.load().items()
        }

    def of(self, target: str) -> tuple[Difference, ...]:
        """Return what is planted in a target's list."""
        planted = self._planted.get(target)
        return planted.differences if planted else ()

    async def plant(self, target: str, planted: Planted) -> None:
        """Plant differences, in place of any planted before."""
        self._planted[target] = planted
        await self._documents.put(target, planted.model_dump_json())

    async def clear(self, target: str | None = None) -> None:
        """Take out what was planted, everywhere or in one list."""
        for one in [target] if target else list(self._planted):
            if self._planted.pop(one, None) is not None:
                await self._documents.delete(one)

    def bend(self, target: str, lines: Iterable[Line], day: str, *, last: bool) -> list[Line]:
        """Return a page of a day's list with the differences in it.

        Parameters
        ----------
        target
            Whose list.
        lines
            The page as the books have it.
        day
            The day asked for, ``YYYYMMDD``.
        last
            If it is the last page, which holds the lines of no book.
        """
        bent = list(lines)
        for difference in self.of(target):
            if difference.kind != "extra":
                bent = [out for line in bent for out in _bend(line, difference)]
            elif last and difference.date == day:
                bent.append(_extra(difference))
        return bent


def _bend(line: Line, difference: Missing | Duplicate | OtherAmount | OtherStatus) -> list[Line]:
    if line.id != difference.id:
        return [line]
    match difference:
        case Missing():
            return []
        case Duplicate():
            return [line, line]
        case OtherAmount():
            return [replace(line, amount=difference.amount)]
        case OtherStatus():
            return [_restated(line, difference.status)]
        case _:
            assert_never(difference)


def _extra(difference: Extra) -> Line:
    noon = f"{difference.date}120000"
    line = Line(difference.id, difference.date, difference.amount, "APPROVED", noon)
    return _restated(line, difference.status)


def _restated(line: Line, status: str) -> Line:
    reversed_at = (line.reversed_at or line.approved_at) if status == REVERSED else None
    return replace(line, status=status, reversed_at=reversed_at)


class DifferenceControl:
    """``/control/differences``; ``statuses`` are the patterns of what a target's list can say."""

    def __init__(self, differences: Differences, statuses: Mapping[str, str]) -> None:
        self._differences = differences
        self._statuses = statuses

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of this room."""
        one = "/control/differences/{target:.+}"
        return [
            web.delete("/control/differences", self.clear_all),
            web.get(one, self.read, allow_head=False),
            web.put(one, self.plant),
            web.delete(one, self.clear),
        ]

    async def read(self, request: web.Request) -> web.Response:
        """Say what is planted in a list."""
        planted = Planted(differences=self._differences.of(self._target(request)))
        return json_answer(planted.model_dump(mode="json"))

    async def plant(self, request: web.Request) -> web.Response:
        """Plant differences in a list; 400 if the list could not say such a thing."""
        target = self._target(request)
        planted = await read_body(request, Planted)
        for difference in planted.differences:
            status = getattr(difference, "status", None)
            if status is not None and not re.fullmatch(self._statuses[target], status):
                raise BadBodyError(f"status: {target} says {self._statuses[target]}")
        await self._differences.plant(target, planted)
        return await self.read(request)

    async def clear(self, request: web.Request) -> web.Response:
        """Take out what is planted in a list."""
        await self._differences.clear(self._target(request))
        return web.Response(status=204)

    async def clear_all(self, _: web.Request) -> web.Response:
        """Take out what is planted anywhere."""
        await self._differences.clear()
        return web.Response(status=204)

    def _target(self, request: web.Request) -> str:
        target = request.match_info["target"]
        if target not in self._statuses:
            raise web.HTTPNotFound(reason=f"no list: there are {', '.join(sorted(self._statuses))}")
        return target
