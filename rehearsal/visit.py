"""A whole visit: agreement, lookup, polling, account, quote, a transfer followed to its end."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from rehearsal.client import Client
    from rehearsal.habits import Habit
    from rehearsal.journal import Exchange

TERMS = {
    "terms_version": "2026-11-01",
    "agreed": ["service", "third_party_provision", "delegation"],
}
_JOIN_S = 60
_LONGEST_LOOK_S = 150.0
_FOLLOW_EVERY_S = (1.5, 3.0)
_FOLLOWED = 12
SETTLED = frozenset({"DEPOSITED", "FAILED", "REVERSED", "SCHEDULED", "WITH_OPERATOR"})
_MOST_ISSUERS = 5
_ACCEPTED = 202


@dataclass
class Visit:
    """One visit of one person; ``account_of`` looks their own bank account up for them."""

    client: Client
    habit: Habit
    dice: Random
    account_of: Callable[[str], dict[str, str]]

    def live(self) -> None:
        """Do what people of this habit do, until they leave."""
        self.client.ask("agree", "PUT", "/v1/me/consent", TERMS)
        self._pause(0.3, 2.0)
        lookup = self._look_up()
        if lookup is None or self.habit.leaves == "lookup":
            return
        self._pause(1.0, 4.0)
        account_id = self._account()
        body = None if account_id is None else self._wanted(lookup, account_id)
        if body is None:
            return
        self.client.ask("quote", "POST", "/v1/transfers/quote", body)
        self._pause(0.5, 3.0)
        transfer_id = self._submit(body)
        if transfer_id is None or self.habit.leaves == "transfer":
            return
        self._follow(transfer_id)
        self.client.ask("transfers", "GET", "/v1/transfers?limit=50")

    def _look_up(self) -> Any:  # noqa: ANN401 - JSON
        fresh = 0 if self.habit.insists else _JOIN_S
        asked = self._start({"max_age_seconds": fresh})
        if asked.status != _ACCEPTED:
            return None
        told, reloads, waited_s = asked.told, self.habit.reloads, 0.0
        polls = 0
        while told["status"] != "DONE" and waited_s < _LONGEST_LOOK_S:
            if self.habit.leaves == "lookup" and polls:
                return None
            pause_s = told["retry_after_ms"] / 1000
            self.client.wait(pause_s)
            waited_s += pause_s
            if reloads and self.dice.random() < 0.5:  # noqa: PLR2004 - now or at the next poll
                reloads -= 1
                told = self._start({"max_age_seconds": _JOIN_S}).told
            else:
                told = self._poll(told["lookup_id"])
            if told is None:
                return None
            polls += 1
        return told

    def _start(self, body: dict[str, int]) -> Exchange:
        # Insisting is for the first attempt: who repeats it joins what it may have started.
        return self.client.ask(
            "lookup",
            "POST",
            "/v1/lookups",
            body,
            again={"max_age_seconds": _JOIN_S},
            impatient=self.habit.impatient,
        )

    def _poll(self, lookup_id: str) -> Any:  # noqa: ANN401 - JSON
        polled = self.client.ask("poll", "GET", f"/v1/lookups/{lookup_id}")
        return polled.told if polled.accepted else None

    def _account(self) -> str | None:
        known = self.client.ask("accounts", "GET", "/v1/accounts")
        if known.accepted and known.told["accounts"]:
            account_id: str = known.told["accounts"][0]["account_id"]
            return account_id
        there = self.account_of(self.client.sub)
        asked = self.client.ask("account", "POST", "/v1/accounts", there)
        return asked.told["account_id"] if asked.accepted else None

    def _wanted(self, lookup: dict[str, Any], account_id: str) -> dict[str, Any] | None:
        """Choose some of the points that can be moved; None if there are none."""
        movable = {
            issuer: point
            for issuer, result in lookup["results"].items()
            if result["status"] == "OK"
            for point in result["points"]
            if point["transferable"] > 0
        }
        if not movable:
            return None
        count = self.dice.randint(1, min(_MOST_ISSUERS, len(movable)))
        chosen = self.dice.sample(sorted(movable), k=count)
        items = [
            {
                "issuer": issuer,
                "point_code": movable[issuer]["code"],
                "amount": self.dice.randint(1, movable[issuer]["transferable"]),
            }
            for issuer in chosen
        ]
        return {"account_id": account_id, "items": items}

    def _submit(self, body: dict[str, Any]) -> str | None:
        key = str(uuid.UUID(int=self.dice.getrandbits(128), version=4))
        asked = self._send(body, key, impatient=self.habit.impatient)
        if self.habit.presses_twice:
            asked = self._send(body, key)
        if self.habit.mistypes:
            other = {**body, "items": body["items"][:1]}
            other["items"] = [{**other["items"][0], "amount": other["items"][0]["amount"] + 1}]
            self._send(other, key)
        return asked.told["transfer_id"] if asked.status == _ACCEPTED else None

    def _send(self, body: dict[str, Any], key: str, *, impatient: bool = False) -> Exchange:
        return self.client.ask(
            "transfer", "POST", "/v1/transfers", body, key=key, impatient=impatient
        )

    def _follow(self, transfer_id: str) -> None:
        for _ in range(_FOLLOWED):
            seen = self.client.ask("follow", "GET", f"/v1/transfers/{transfer_id}")
            if not seen.accepted or all(leg["status"] in SETTLED for leg in seen.told["legs"]):
                return
            self._pause(*_FOLLOW_EVERY_S)

    def _pause(self, least_s: float, most_s: float) -> None:
        self.client.wait(self.dice.uniform(least_s, most_s))
