"""The same people asking, round after round: who was answered when, by the issuers' own record.

A round ends when everybody has all their answers, so that it leaves nothing to the next.
Business time is told in whole seconds, and what a page sees is as coarse as its polls; the
issuers note to the millisecond when they were asked and how long they took.

Beside their lookup all send one request that is nobody's but the machine's: a function of
its own that reads no table and waits in no lane. What slows it, slows everything here.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from modupoint.clock import real_ms
from modupoint.issuers import ISSUERS
from tests.stack.polling import eventually

if TYPE_CHECKING:
    from collections.abc import Collection

    from tests.stack.member import Lookup, Member
    from tests.stack.partners import Partners

_POLLS = 3
_OK = 200
_ACCEPTED = 202


@dataclass(frozen=True, slots=True)
class Card:
    """One issuer's card, in milliseconds since the member sent their request.

    ``asked_ms`` is when the issuer heard of it, ``answered_ms`` when its answer went out.
    """

    asked_ms: int
    answered_ms: int


@dataclass(frozen=True, slots=True)
class Visit:
    """What one person met in one round; ``bystander_ms`` is the request that shares no lane."""

    cards: tuple[Card, ...]
    bystander_ms: int


@dataclass(frozen=True)
class Rounds:
    """The people, one asking every ``every_s``, and the partners who keep the record."""

    partners: Partners
    people: list[Member]
    every_s: float

    def one(self, silent: Collection[str]) -> list[Visit]:
        """Let everybody ask, and wait for all answers but those of silent issuers."""
        since = self.partners.last_call()
        with ThreadPoolExecutor(len(self.people)) as pool:
            asked = list(pool.map(self._ask, self.people, range(len(self.people))))
        visits = []
        for member, (lookup_id, sent_ms, bystander_ms) in zip(self.people, asked, strict=True):
            look = partial(self._cards, member, sent_ms, since, silent)
            cards = eventually(look, "everybody's answers", every_s=1.0)
            visits.append(Visit(cards, bystander_ms))
            member.done(lookup_id)
        return visits

    def _cards(
        self, member: Member, sent_ms: int, since: int, silent: Collection[str]
    ) -> tuple[Card, ...] | None:
        """Return a person's cards, the first answer of each issuer; None until all are there."""
        cards: dict[str, Card] = {}
        for call in self.partners.calls(operation="inquiry", since=since, sub=member.sub):
            issuer = call["partner"].removeprefix("issuers/")
            if call["outcome"] == "answered" and issuer not in silent:
                cards.setdefault(issuer, _card(call, sent_ms))
        return tuple(cards.values()) if cards.keys() == ISSUERS.keys() - set(silent) else None

    def _ask(self, member: Member, place: int) -> tuple[str, int, int]:
        time.sleep(place * self.every_s)
        began_ms = real_ms()
        eventually(lambda: member.send("GET", "/v1/issuers").status == _OK, "the issuers")
        sent_ms = real_ms()
        # A busy machine starts a function too slowly now and then: asked again, as good
        # clients do, and waited for from the first time on.
        accepted = eventually(lambda: _accepted(member), "a lookup accepted")
        lookup_id: str = accepted["lookup_id"]
        # As a page does, so that polls are part of the load.
        for _ in range(_POLLS):
            seen = eventually(lambda: _seen(member, lookup_id), "a lookup")
            if seen["status"] == "DONE":
                break
            time.sleep(seen["retry_after_ms"] / 1000)
        return lookup_id, sent_ms, sent_ms - began_ms


def _seen(member: Member, lookup_id: str) -> Lookup | None:
    reply = member.send("GET", f"/v1/lookups/{lookup_id}")
    return reply.json if reply.status == _OK else None


def _accepted(member: Member) -> Lookup | None:
    reply = member.send("POST", "/v1/lookups", {"max_age_seconds": 0})
    return reply.json if reply.status == _ACCEPTED else None


def _card(call: dict[str, Any], sent_ms: int) -> Card:
    asked_ms = int(datetime.fromisoformat(call["received_at"]).timestamp() * 1000) - sent_ms
    return Card(asked_ms, asked_ms + call["took_ms"])
