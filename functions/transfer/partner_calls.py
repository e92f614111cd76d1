"""The effects of a leg as calls to issuer and bank: what is sent, what is asked.

An inquiry that fails says nothing of the effect it asks about.
"""

import json
from typing import Any

from modupoint.clock import Clock, at_ms
from modupoint.effects import Finding
from modupoint.envelope import DataKeys, ci_owner, unseal
from modupoint.issuer_api import IssuerApi
from transfer.bank_api import BankAccount, BankApi
from transfer.deposit_answers import read_deposit, read_deposit_result
from transfer.legs import BankTran, Leg
from transfer.redemption_answers import (
    read_redemption,
    read_redemption_status,
    read_reversal,
    read_reversal_status,
)

CALL_TIMEOUT_S = 10.0
_REDEMPTIONS_PATH = "/v1/points/redemptions"
_REVERSAL_REASON = "deposit refused"
_CLIENT_NUMBER_LENGTH = 20


class RedemptionCalls:
    """Redeeming points at the leg's issuer."""

    def __init__(self, api: IssuerApi, keys: DataKeys) -> None:
        self._api = api
        self._keys = keys

    def send(self, leg: Leg) -> Finding:
        """Redeem all points of the leg, under its redemption id."""
        content: dict[str, Any] = {
            "redemption_id": leg.redemption_id,
            "ci": _opened(self._keys, leg.sealed_ci, ci_owner(leg.key.member)),
            "items": [{"point_code": item.point_code, "amount": item.amount} for item in leg.items],
            "requested_at": at_ms(leg.requested_at_ms).strftime("%Y%m%d%H%M%S"),
        }
        answer = self._api.post(
            leg.key.issuer, _REDEMPTIONS_PATH, content, timeout_s=CALL_TIMEOUT_S
        )
        return read_redemption(answer, leg.redemption_id, leg.amount)

    def ask(self, leg: Leg) -> Finding:
        """Ask what became of the redemption."""
        answer = self._api.get(leg.key.issuer, _redemption_path(leg), timeout_s=CALL_TIMEOUT_S)
        return read_redemption_status(answer, leg.redemption_id, leg.amount)


class ReversalCalls:
    """Giving points back at the leg's issuer (R-T5)."""

    def __init__(self, api: IssuerApi) -> None:
        self._api = api

    def send(self, leg: Leg) -> Finding:
        """Reverse the leg's redemption."""
        path = f"{_redemption_path(leg)}/reversal"
        content = {"reason": _REVERSAL_REASON}
        answer = self._api.post(leg.key.issuer, path, content, timeout_s=CALL_TIMEOUT_S)
        return read_reversal(answer)

    def ask(self, leg: Leg) -> Finding:
        """Ask whether the redemption has been reversed."""
        answer = self._api.get(leg.key.issuer, _redemption_path(leg), timeout_s=CALL_TIMEOUT_S)
        return read_reversal_status(answer, leg.redemption_id)


class DepositCalls:
    """Paying the leg's amount into the member's account."""

    def __init__(self, bank: BankApi, keys: DataKeys, clock: Clock) -> None:
        self._bank = bank
        self._keys = keys
        self._clock = clock

    def send(self, leg: Leg) -> Finding:
        """Deposit the leg's amount, under its ``bank_tran_id``."""
        tran = _tran(leg)
        sealed = json.loads(_opened(self._keys, leg.sealed_account, account_owner(leg.key.member)))
        account = BankAccount(leg.bank_code, sealed["number"], sealed["holder"])
        client = leg.key.member.removeprefix("M#")[:_CLIENT_NUMBER_LENGTH]
        answer = self._bank.deposit(tran, account, leg.amount, client, self._clock())
        return read_deposit(answer, tran.id, leg.amount)

    def ask(self, leg: Leg) -> Finding:
        """Ask what became of the deposit, by its own date whatever the day is."""
        tran = _tran(leg)
        answer = self._bank.result(tran, leg.amount, self._clock())
        return read_deposit_result(answer, tran.id, leg.amount)


def account_owner(member: str) -> str:
    """Return what a member's sealed account is bound to."""
    return f"account|{member}"


def _redemption_path(leg: Leg) -> str:
    return f"{_REDEMPTIONS_PATH}/{leg.redemption_id}"


def _tran(leg: Leg) -> BankTran:
    if leg.bank_tran is None:
        raise ValueError("a deposit without a bank transaction id")
    return leg.bank_tran


def _opened(keys: DataKeys, sealed: bytes | None, owner: str) -> str:
    if sealed is None:
        raise ValueError("a leg that still moves has lost what it needs")
    return unseal(keys, sealed, owner)
