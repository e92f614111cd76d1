"""The people: a whole visit with reloads and second presses; a sign-in like a browser's."""

from __future__ import annotations

import json
import random
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from rehearsal.client import Client
from rehearsal.habits import Habit
from rehearsal.journal import ASKING, Journal, read_journal
from rehearsal.signing_in import NotSignedInError, Page, identity, sign_in
from rehearsal.visit import Visit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass
class Answer:
    status: int
    json: Any
    headers: dict[str, str] = field(default_factory=dict)
    error: str | None = None


@dataclass
class Service:
    """The API as far as a visit sees it: a lookup done at the second poll, one transfer a key."""

    polls: int = 0
    transfers: dict[str, Any] = field(default_factory=dict)

    def send(
        self, name: str, _method: str, path: str, body: Any, headers: dict[str, str], _wait_s: float
    ) -> Answer:
        if name == "poll":
            self.polls += 1
        answers = {
            "agree": (200, {}),
            "lookup": (202, self._lookup("RUNNING")),
            "poll": (200, self._lookup("DONE" if self.polls > 1 else "RUNNING")),
            "accounts": (200, {"accounts": []}),
            "account": (201, {"account_id": "acc_1"}),
            "quote": (200, {"items": [], "total": 0}),
            "follow": (200, {"transfer_id": path, "legs": [{"status": "DEPOSITED"}]}),
            "transfers": (200, {"transfers": []}),
        }
        if name == "transfer":
            return self._submitted(headers["idempotency-key"], body)
        return Answer(*answers[name])

    def _submitted(self, key: str, body: Any) -> Answer:
        if self.transfers.setdefault(key, body) != body:
            return Answer(422, {"code": "idempotency_key_reused"})
        return Answer(202, {"transfer_id": f"trf_{key}", "legs": []})

    @staticmethod
    def _lookup(status: str) -> dict[str, Any]:
        points = [{"code": "POINTREE", "transferable": 50}]
        result = {"status": "OK", "points": points}
        return {
            "lookup_id": "lkp_1",
            "status": status,
            "retry_after_ms": 700,
            "results": {"kb": result, "citi": {"status": "UNAVAILABLE", "points": []}},
        }


def _live(file: Path, habit: Habit) -> tuple[Service, list[Any]]:
    service = Service()
    dice = random.Random(3)  # noqa: S311
    client = Client(service.send, Journal(file), dice, "m-1", "t", lambda _: None, lambda: 1.0)
    Visit(client, habit, dice, lambda _: {"bank_code": "088"}).live()
    return service, [one for one in read_journal(file) if one.status != ASKING]


def test_a_patient_visit_goes_from_agreement_to_cash(tmp_path: Path) -> None:
    service, told = _live(tmp_path / "j", Habit("patient", 1))
    names = [one.what for one in told]
    assert names[:3] == ["agree", "lookup", "poll"]
    assert names[-4:] == ["quote", "transfer", "follow", "transfers"]
    [body] = service.transfers.values()
    assert body["items"][0]["issuer"] == "kb"
    assert 1 <= body["items"][0]["amount"] <= 50


def test_a_second_press_has_the_same_key_and_another_body_is_refused(tmp_path: Path) -> None:
    _, told = _live(tmp_path / "j", Habit("both", 1, presses_twice=True, mistypes=True))
    sent = [one for one in told if one.what == "transfer"]
    assert [one.status for one in sent] == [202, 202, 422]
    assert len({one.key for one in sent}) == 1


def test_a_reload_starts_the_lookup_over(tmp_path: Path) -> None:
    _, told = _live(tmp_path / "j", Habit("reloads", 1, reloads=2))
    assert [one.what for one in told].count("lookup") > 1


@pytest.mark.parametrize(("leaves", "last"), [("lookup", "poll"), ("transfer", "transfer")])
def test_a_closed_tab_asks_nothing_more(tmp_path: Path, leaves: str, last: str) -> None:
    _, told = _live(tmp_path / "j", Habit("leaves", 1, leaves=leaves))
    assert told[-1].what == last


@dataclass
class IdentityPartner:
    """The identity partner's pages, as far as a sign-in sees them."""

    state: str = ""
    forms: list[Mapping[str, str]] = field(default_factory=list)

    def open(self, path: str, form: Mapping[str, str] | None) -> Page:
        """Answer a browser."""
        if form is not None:
            self.forms.append(form)
        if path.startswith("/identity/authorize"):
            self.state = parse_qs(urlsplit(path).query)["state"][0]
            return Page(200, '<input name="flow" value="f1">', "")
        payload = urlsafe_b64encode(json.dumps({"sub": "m-7"}).encode()).decode().rstrip("=")
        pages = {
            "/identity/sign-in": Page(303, "", "/identity/sign-in/code?flow=f1"),
            "/identity/sign-in/code?flow=f1": Page(200, '<b id="sms-code">123456</b>', ""),
            "/identity/sign-in/code": Page(303, "", f"http://x/?code=c1&state={self.state}"),
            "/identity/token": Page(200, json.dumps({"access_token": f"h.{payload}.s"}), ""),
        }
        return pages[path]


def test_a_person_signs_in_with_the_code_in_the_message() -> None:
    partner, dice = IdentityPartner(), random.Random(1)  # noqa: S311
    who = identity(dice)
    assert sign_in(partner.open, who, dice).sub == "m-7"
    checked, code, redeemed = partner.forms
    assert checked == {"flow": "f1", **who}
    assert code == {"flow": "f1", "code": "123456"}
    assert (redeemed["code"], len(redeemed["code_verifier"])) == ("c1", 64)


def test_a_way_back_that_is_somebody_elses_is_no_sign_in() -> None:
    partner = IdentityPartner()

    def open_other(path: str, form: Mapping[str, str] | None) -> Page:
        page = partner.open(path, form)
        partner.state = "another"
        return page

    dice = random.Random(1)  # noqa: S311
    with pytest.raises(NotSignedInError, match="the way back"):
        sign_in(open_other, identity(dice), dice)
