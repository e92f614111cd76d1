"""A small rehearsal in which all went well, and ways to spoil one thing in it."""

from __future__ import annotations

import copy
from copy import replace
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from modupoint.clock import SEOUL, at_ms, rfc3339
from modupoint.http import member_key
from modupoint.ids import made_at_ms, new_id
from rehearsal.evidence import Account, Evidence
from rehearsal.journal import ASKING, Exchange

SUB = "m-1"
KEY = "6a4ff1a4-0000-4000-8000-000000000001"
LEG = "leg_1"
REDEMPTION = "aa" * 16
DEPOSIT = "M202600001U000000001"
AMOUNT = 700
BEFORE = 5_000
MORNING = datetime(2026, 11, 24, 10, tzinfo=SEOUL)
ACCOUNT = {"bank_code_std": "088", "account_num": "110000000001"}


def _point(remaining: int) -> dict[str, Any]:
    return {
        "code": "POINTREE",
        "cashable": True,
        "remaining": remaining,
        "transferable": remaining,
        "expiring": 0,
        "expiring_month": None,
    }


def _result(status: str, remaining: int | None, as_of: datetime | None) -> dict[str, Any]:
    return {
        "status": status,
        "as_of": as_of and rfc3339(as_of),
        "stale": False,
        "eta_seconds": 0,
        "points": [] if remaining is None else [_point(remaining)],
    }


def _lookup(lookup_id: str, results: dict[str, Any]) -> dict[str, Any]:
    total = sum(point["remaining"] for one in results.values() for point in one["points"])
    pending = any(one["status"] == "PENDING" for one in results.values())
    return {
        "lookup_id": lookup_id,
        "status": "RUNNING" if pending else "DONE",
        "requested_at": rfc3339(MORNING),
        "deadline_at": rfc3339(MORNING + timedelta(seconds=120)),
        "retry_after_ms": 700 if pending else 0,
        "results": results,
        "totals": {"remaining": total, "transferable": total, "expiring_next_month": 0},
    }


def _transfer(status: str) -> dict[str, Any]:
    paid = status == "DEPOSITED"
    return {
        "transfer_id": "trf_1",
        "status": "COMPLETED" if paid else "IN_PROGRESS",
        "legs": [
            {
                "leg_id": LEG,
                "issuer": "kb",
                "items": [{"point_code": "POINTREE", "amount": AMOUNT}],
                "amount": AMOUNT,
                "status": status,
                "promised_at": rfc3339(MORNING + timedelta(minutes=1)),
                "deposited_at": rfc3339(MORNING + timedelta(seconds=40)) if paid else None,
                "failure": None,
            }
        ],
        "totals": {
            "requested": AMOUNT,
            "redeemed": AMOUNT if paid else 0,
            "deposited": AMOUNT if paid else 0,
            "in_flight": 0,
            "reversed": 0,
            "failed": 0,
        },
    }


def _posting(cause: str, reference: str, lines: str) -> dict[str, Any]:
    return {
        "leg_id": {"S": LEG},
        "cause": {"S": cause},
        "reference": {"S": reference},
        "lines": {"S": lines},
    }


def _inquiry(issuer: str, outcome: str, at_ms_: int) -> dict[str, Any]:
    return {
        "partner": f"issuers/{issuer}",
        "sub": SUB,
        "outcome": outcome,
        "received_at": at_ms(at_ms_).isoformat(timespec="milliseconds"),
        "took_ms": 300,
    }


@dataclass
class Rehearsed:
    """One person, two cards, one transfer: looked up, one card dead, paid once."""

    lookup_id: str = field(default_factory=lambda: new_id("lkp"))

    def __post_init__(self) -> None:
        """Write down what happened."""
        now_ms = made_at_ms(self.lookup_id)
        as_of = MORNING + timedelta(seconds=1)
        kb, citi = _result("OK", BEFORE, as_of), _result("UNAVAILABLE", None, None)
        waiting = _lookup(self.lookup_id, {"kb": kb, "citi": _result("PENDING", None, None)})
        done = _lookup(self.lookup_id, {"kb": kb, "citi": citi})
        after = self._after
        self.journal = [
            after(now_ms, "sign_in", 200),
            after(now_ms, "agree", 200, told={}),
            after(now_ms, "lookup", 202, told=waiting, body={"max_age_seconds": 60}),
            after(now_ms + 1_000, "poll", 200, told=waiting),
            after(now_ms + 9_000, "poll", 200, told=done),
            after(now_ms + 10_000, "transfer", ASKING, key=KEY),
            after(now_ms + 10_000, "transfer", 0, key=KEY),
            after(now_ms + 11_000, "transfer", ASKING, key=KEY),
            after(now_ms + 12_000, "transfer", 202, told=_transfer("ACCEPTED"), key=KEY),
            after(now_ms + 15_000, "follow", 200, told=_transfer("DEPOSITED")),
        ]
        self.inquiries = [
            _inquiry("kb", "answered", now_ms + 400),
            _inquiry("citi", "fault:hang", now_ms + 400),
        ]
        self.person = Account(
            sub=SUB,
            key=member_key(SUB),
            consent={"terms_version": "2026-11-01"},
            lookups={self.lookup_id: done},
            remembered=(self.lookup_id,),
            transfer_list=[_transfer("DEPOSITED")],
            accounts=[{"account_id": "acc_1"}],
            bank_account=ACCOUNT,
            items=_items(),
            standing={
                "kb": {
                    "point_list": [{"point_code": "POINTREE", "remain_point_amt": BEFORE - AMOUNT}]
                },
                "citi": {"point_list": []},
            },
            redemptions=[
                {
                    "issuer": "kb",
                    "redemption_id": REDEMPTION,
                    "status": "APPROVED",
                    "redeemed_amt": AMOUNT,
                    "items": [{"point_code": "POINTREE", "amount": AMOUNT}],
                    "approved_at": "20261124100030",
                    "reversed_at": None,
                    "conflicts": 0,
                }
            ],
            deposits=[_deposit(DEPOSIT)],
        )

    def evidence(self, **changes: Any) -> Evidence:
        """Return the evidence, with what is to be different of the person."""
        person = replace(copy.deepcopy(self.person), **changes)
        return Evidence(copy.deepcopy(self.journal), {SUB: person}, list(self.inquiries))

    def lookup(self, **of_kb: Any) -> dict[str, Any]:
        """Return the lookup as it was last seen, with what is to be different of one card."""
        view: dict[str, Any] = copy.deepcopy(self.person.lookups[self.lookup_id])
        view["results"]["kb"] |= of_kb
        return view

    def told(self, what: str, told: Any, *, later_ms: int = 60_000, **more: Any) -> None:
        """Let them be told something more."""
        at = made_at_ms(self.lookup_id) + later_ms
        self.journal.append(self._after(at, what, more.pop("status", 200), told=told, **more))

    @staticmethod
    def _after(at: int, what: str, status: int, **more: Any) -> Exchange:
        return Exchange(at, at + 10, SUB, what, status, **more)


def transfer(status: str, **totals: int) -> dict[str, Any]:
    """Return the transfer as it is shown in some state."""
    shown = _transfer(status)
    shown["totals"] |= totals
    return shown


def deposit(bank_tran_id: str, amount: int = AMOUNT) -> dict[str, Any]:
    """Return a line of the bank's book."""
    return _deposit(bank_tran_id, amount)


def _deposit(bank_tran_id: str, amount: int = AMOUNT) -> dict[str, Any]:
    return {
        **ACCOUNT,
        "bank_tran_id": bank_tran_id,
        "tran_amt": amount,
        "bank_rsp_code": "000",
    }


def _items() -> dict[str, Any]:
    return {
        "TRANSFER#trf_1": {"key": {"S": KEY}},
        "TRANSFER#trf_1#LEG#kb": {
            "leg_id": {"S": LEG},
            "redemption_id": {"S": REDEMPTION},
        },
        "LEDGER#trf_1#kb#REDEEMED": _posting(
            "REDEEMED",
            REDEMPTION,
            f'[["receivable:kb", {AMOUNT}], ["points:kb", -{AMOUNT}]]',
        ),
        "LEDGER#trf_1#kb#DEPOSITED": _posting(
            "DEPOSITED",
            DEPOSIT,
            f'[["deposit:member", {AMOUNT}], ["clearing:bank", -{AMOUNT}]]',
        ),
    }
