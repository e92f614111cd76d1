"""Registering a bank account: the member's own, as bank and identity provider say (R-T1)."""

import json
import re
from typing import Protocol

from modupoint.accounts import Account
from modupoint.clock import Clock, rfc3339
from modupoint.envelope import DataKeys, seal, unseal
from modupoint.identity import IdentityProvider
from modupoint.ids import new_id
from modupoint.problems import FieldError, Problem
from transfer.account_answers import holder_of
from transfer.bank_api import BankAccount, BankApi
from transfer.banks import BANKS
from transfer.holders import masked_name, masked_number, same_holder
from transfer.partner_calls import account_owner
from transfer.ports import BankTranIds
from transfer.submission_ports import FundsReader

MOST_ACCOUNTS = 10
_SEPARATORS = re.compile(r"[\s-]")
_NUMBER = re.compile(r"[0-9]{7,16}")


class Accounts(Protocol):
    """A member's accounts."""

    def add(self, member: str, account: Account) -> bool:
        """Keep one; False without an agreement."""


class Registration:
    """What ``POST /v1/accounts`` does."""

    def __init__(
        self,
        funds: FundsReader,
        accounts: Accounts,
        bank: BankApi,
        bank_tran_ids: BankTranIds,
        keys: DataKeys,
        clock: Clock,
    ) -> None:
        self._funds = funds
        self._accounts = accounts
        self._bank = bank
        self._bank_tran_ids = bank_tran_ids
        self._keys = keys
        self._clock = clock

    def register(
        self,
        member: str,
        given: BankAccount,
        access_token: str,
        subject: str,
        identity: IdentityProvider,
    ) -> Account:
        """Check an account with the bank and keep it; one that is kept is given again.

        Raises
        ------
        Problem
            ``invalid_request`` (number), ``holder_name_mismatch``, ``account_not_found``,
            ``account_closed``, ``account_restricted``, ``too_many_accounts``,
            ``bank_unavailable``, ``consent_required``, ``sign_in_required``,
            ``identity_unavailable``.
        """
        wanted = BankAccount(given.bank_code, _digits(given.number), given.holder_name.strip())
        funds = self._funds.read(member)
        if funds.sealed_ci is None:
            raise Problem("consent_required")
        person = identity.userinfo(access_token, subject)
        if not same_holder(wanted.holder_name, person.name):
            raise Problem("holder_name_mismatch")
        tran_id, now = self._bank_tran_ids.next_id(), self._clock()
        answer = self._bank.real_name(tran_id, wanted, person.birthdate, now)
        holder = holder_of(answer, tran_id)
        if not same_holder(wanted.holder_name, holder):
            raise Problem("holder_name_mismatch")
        for account in funds.accounts.values():
            if self._is(member, account, wanted):
                return account
        if len(funds.accounts) >= MOST_ACCOUNTS:
            raise Problem("too_many_accounts")
        # The bank checks the name again in each deposit: its own spelling passes.
        content = json.dumps({"number": wanted.number, "holder": holder}, ensure_ascii=False)
        account = Account(
            account_id=new_id("acc"),
            bank_code=wanted.bank_code,
            bank_name=BANKS[wanted.bank_code],
            masked_number=masked_number(wanted.number),
            holder_name_masked=masked_name(holder),
            verified_at=rfc3339(now),
            sealed=seal(self._keys, content, account_owner(member)),
        )
        if not self._accounts.add(member, account):
            raise Problem("consent_required")
        return account

    def _is(self, member: str, account: Account, wanted: BankAccount) -> bool:
        if account.bank_code != wanted.bank_code:
            return False
        content = json.loads(unseal(self._keys, account.sealed, account_owner(member)))
        return bool(content["number"] == wanted.number)


def _digits(number: str) -> str:
    digits = _SEPARATORS.sub("", number)
    if not _NUMBER.fullmatch(digits):
        raise Problem(
            "invalid_request",
            [FieldError(pointer="/account_number", detail="Must have 7 to 16 digits.")],
        )
    return digits
