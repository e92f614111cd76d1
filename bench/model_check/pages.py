"""People's pages as the API sees them: signed in, agreed, asking."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp

from tests.stack.member import AGREED, TERMS_VERSION, fresh_sub

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from types import TracebackType
    from typing import Self

    from tests.stack.bring_up import Stack

REQUESTS_AT_ONCE = 16
"""The emulator starts a process for each request that finds none idle, which on two
processors is worth sixty requests. So many are started before the day; more requests wait
for a connection, as in the model they wait for the machine."""
_TIMEOUT_S = 60.0
_SIGNING_IN_AT_ONCE = 2
_TOKEN_HOLDS_S = 7_200

type Lookup = dict[str, Any]


class UnexpectedAnswerError(Exception):
    """The stack refused or did not answer; the text says what, and how."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has signed in and agreed."""

    sub: str
    token: str


class Pages:
    """Every page's requests, over one pool of kept connections."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=REQUESTS_AT_ONCE),
            timeout=aiohttp.ClientTimeout(total=_TIMEOUT_S),
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def sign_in(self, people: int) -> list[Person]:
        """Return so many people who have signed in and agreed."""
        turn = asyncio.Semaphore(_SIGNING_IN_AT_ONCE)

        async def one() -> Person:
            async with turn:
                sub = fresh_sub()
                wanted = {"sub": sub, "expires_in": _TOKEN_HOLDS_S}
                url = f"{self._stack.partners_url}/identity/test-token"
                person = Person(sub, (await self._send("POST", url, wanted))["access_token"])
                agreement = {"terms_version": TERMS_VERSION, "agreed": AGREED}
                await self._ask(person, "PUT", "/v1/me/consent", agreement)
                return person

        return await asyncio.gather(*(one() for _ in range(people)))

    async def post(self, person: Person, **wanted: object) -> Lookup:
        """Start a lookup."""
        return await self._ask(person, "POST", "/v1/lookups", wanted)

    async def read(self, person: Person, lookup_id: str) -> Lookup:
        """Return a lookup as it is shown now."""
        return await self._ask(person, "GET", f"/v1/lookups/{lookup_id}")

    async def _ask(self, person: Person, method: str, path: str, body: object = None) -> Lookup:
        headers = {"authorization": f"Bearer {person.token}"}
        return await self._send(method, self._stack.api_url + path, body, headers)

    async def _send(
        self, method: str, url: str, body: object = None, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        if self._session is None:
            raise RuntimeError("Pages are opened with `async with`")
        try:
            async with self._session.request(method, url, json=body, headers=headers) as answer:
                if answer.status >= 300:  # noqa: PLR2004 - HTTP's own boundary
                    raise UnexpectedAnswerError(f"{method} {url}: {answer.status}")
                content: dict[str, Any] = await answer.json()
                return content
        except (aiohttp.ClientError, TimeoutError) as error:
            raise UnexpectedAnswerError(f"{method} {url}: {type(error).__name__}") from error


async def took_s(asked: Awaitable[object]) -> float:
    """Return how long something awaited takes."""
    started_s = time.perf_counter()
    await asked
    return time.perf_counter() - started_s
