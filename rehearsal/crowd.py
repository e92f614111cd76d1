"""``python -m rehearsal.crowd crowd.json``: the people, as Locust users in a process of their own.

gevent replaces sockets and threads for a whole process, so nobody else lives in this one.
"""

# ruff: noqa: I001 - Locust patches the standard library, so it comes first
from locust import HttpUser, task
from locust.env import Environment
from locust.exception import StopUser

import json
import random
import sys
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from rehearsal.client import Client, GaveUpError
from rehearsal.crowd_order import CrowdOrder
from rehearsal.habits import habit
from rehearsal.journal import Exchange, Journal
from rehearsal.signing_in import NotSignedInError, Page, identity, sign_in
from rehearsal.visit import Visit

if TYPE_CHECKING:
    from collections.abc import Mapping

_COMES_BACK = 0.45
_MOST_VISITS = 3
"""A member's item remembers six lookups: people who come more often lose sight of the first."""
_BANK = "088"
_LAST_CALL_S = 20.0


@dataclass(slots=True)
class _Answer:
    status: int
    headers: dict[str, str]
    json: Any
    error: str | None = None


@dataclass
class _Crowd:
    order: CrowdOrder
    journal: Journal
    places: Any = field(default_factory=count)

    @property
    def closing(self) -> bool:
        """Whether nobody comes any more."""
        return Path(self.order.closing).exists()


class Visitor(HttpUser):
    """A place in the crowd: one person after another, some of whom come back."""

    crowd: _Crowd
    host = "http://127.0.0.1"

    def on_start(self) -> None:
        """Take a place; everything a place does is drawn from its number."""
        order = self.crowd.order
        self.dice = random.Random(f"visitor/{order.seed}/{next(self.crowd.places)}")  # noqa: S311
        self.who = identity(self.dice)
        self.visits = 0

    @task
    def visit(self) -> None:
        """Sign in and live one visit; then somebody else may take the place."""
        if self.crowd.closing:
            raise StopUser
        try:
            self._live()
        except (GaveUpError, NotSignedInError) as error:
            self._note("gave_up", str(error))
        self.visits += 1
        if self.visits >= _MOST_VISITS or self.dice.random() > _COMES_BACK:
            self.who, self.visits = identity(self.dice), 0
            self.client.cookies.clear()
        time.sleep(self.dice.uniform(0.5, 3.0))

    def _live(self) -> None:
        signed_in = sign_in(self._open, self.who, self.dice)
        self.sub = signed_in.sub
        self._note("sign_in", None)
        client = Client(self._send, self.crowd.journal, self.dice, signed_in.sub, signed_in.token)
        Visit(client, habit(self.dice), self.dice, self._account_of).live()

    def _note(self, what: str, error: str | None) -> None:
        now_ms = int(time.time() * 1000)
        status = 0 if error else 200
        sub = getattr(self, "sub", "")
        self.crowd.journal.append(Exchange(now_ms, now_ms, sub, what, status, error=error))

    def _open(self, path: str, form: "Mapping[str, str] | None") -> Page:
        url = path if path.startswith("http") else self.crowd.order.partners_url + path
        with self.client.request(
            "GET" if form is None else "POST",
            url,
            data=form,
            name="sign in",
            allow_redirects=False,
            catch_response=True,
            timeout=30,
        ) as answer:
            answer.success()
            return Page(answer.status_code, answer.text or "", answer.headers.get("location", ""))

    def _account_of(self, sub: str) -> dict[str, str]:
        path = f"/control/bank/accounts?{urlencode({'sub': sub})}"
        accounts = json.loads(self._open(path, None).text)["accounts"]
        there = next(one for one in accounts if one["bank_code_std"] == _BANK)
        return {
            "bank_code": _BANK,
            "account_number": there["account_num"],
            "holder_name": there["account_holder_name"],
        }

    def _send(
        self,
        name: str,
        method: str,
        path: str,
        body: object,
        headers: dict[str, str],
        timeout_s: float,
    ) -> _Answer:
        with self.client.request(
            method,
            self.crowd.order.api_url + path,
            json=body,
            headers=headers,
            name=name,
            timeout=timeout_s,
            allow_redirects=False,
            catch_response=True,
        ) as answer:
            answer.success()
            error = type(answer.error).__name__ if answer.error is not None else None
            named = {key.lower(): value for key, value in (answer.headers or {}).items()}
            return _Answer(answer.status_code, named, _json(answer.text), error)


def main() -> int:
    """Let people in for as long as ordered, and wait a little for the last to leave."""
    order = CrowdOrder(**json.loads(Path(sys.argv[1]).read_text()))
    crowd = _Crowd(order, Journal(Path(order.journal)))
    Visitor.crowd = crowd
    environment = Environment(user_classes=[Visitor], host=order.api_url, stop_timeout=1)
    runner = environment.create_local_runner()
    runner.start(order.people, spawn_rate=order.people / order.arrive_s)
    while not crowd.closing:
        time.sleep(0.5)
    last_call_s = time.time() + _LAST_CALL_S
    while runner.user_count and time.time() < last_call_s:
        time.sleep(0.5)
    # Whoever is still there closes the tab.
    runner.quit()
    crowd.journal.close()
    return 0


def _json(text: str | None) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(text) if text else None
    except ValueError:
        return None


if __name__ == "__main__":
    sys.exit(main())
