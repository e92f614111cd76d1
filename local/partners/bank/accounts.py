"""Whose account a number is, and whether money can come in."""

from __future__ import annotations

from copy import replace
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from local.partners.bank.codes import (
    BANKS,
    CLOSED,
    DEPOSITED,
    NAME_DIFFERS,
    NO_ACCOUNT,
    RESTRICTED,
)
from local.partners.bank.numbers import HOLDER_DIGITS, Holder, holder_digits, number_of, read_holder
from local.partners.bodies import Strict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.partners.documents import Documents
    from local.partners.people import People

type State = Literal["OPEN", "CLOSED", "RESTRICTED"]

OTHER_PERSON = Holder("남다른", "19700101")

# The same at every bank, for a person who types.
SPECIAL: Mapping[str, State] = {
    "99999999990415": "CLOSED",
    "99999999990416": "RESTRICTED",
    "99999999990815": "OPEN",
}
NOBODYS = "99999999990412"

_BY_STATE = {"CLOSED": CLOSED, "RESTRICTED": RESTRICTED}


class Change(Strict):
    """What has been made of an account; the body of ``PUT /control/bank/accounts/…``."""

    state: State | None = None
    holder_name: Annotated[str, Field(min_length=1, max_length=100)] | None = None


@dataclass(frozen=True)
class Account:
    """An account as its bank knows it."""

    bank_code_std: str
    account_num: str
    holder: Holder
    state: State = "OPEN"

    def refusal_of_birthdate(self, birthdate: str) -> str:
        """Return the bank's code for a holder check by ``YYMMDD``; 000 if all is well."""
        return self._code(matches=self.holder.birthdate[2:] == birthdate)

    def refusal_of_name(self, name: str) -> str:
        """Return the bank's code for a deposit to somebody of this name; 000 if all is well."""
        return self._code(matches=self.holder.name.split() == name.split())

    def _code(self, *, matches: bool) -> str:
        return _BY_STATE.get(self.state) or (DEPOSITED if matches else NAME_DIFFERS)

    def public(self) -> dict[str, Any]:
        """Write it for the control interface."""
        return {
            "bank_code_std": self.bank_code_std,
            "bank_name": BANKS[self.bank_code_std],
            "account_num": self.account_num,
            "account_holder_name": self.holder.name,
            "birthdate": self.holder.birthdate,
            "state": self.state,
        }


class Accounts:
    """All accounts of all banks."""

    def __init__(self, people: People, documents: Documents) -> None:
        self._people = people
        self._documents = documents
        self._changes = {
            key: Change.model_validate_json(body) for key, body in documents.load().items()
        }
        self._subs: dict[str, str] = {}

    def find(self, bank: str, number: str) -> Account | None:
        """Find an account; ``None`` if there is none of this number."""
        if bank not in BANKS:
            return None
        holder = OTHER_PERSON if number in SPECIAL else self._holder(bank, number)
        if holder is None:
            return None
        return self._changed(Account(bank, number, holder, SPECIAL.get(number, "OPEN")))

    def of(self, sub: str) -> list[Account]:
        """Return a person's account at every bank."""
        person = self._people.person(sub)
        digits = holder_digits(person)
        holder = Holder(person.name, person.birthdate, sub)
        return [self._changed(Account(bank, number_of(bank, digits), holder)) for bank in BANKS]

    async def change(self, account: Account, change: Change) -> None:
        """Make something of an account, in place of anything made of it before."""
        key = _key(account.bank_code_std, account.account_num)
        self._changes[key] = change
        await self._documents.put(key, change.model_dump_json())

    async def restore(self, account: Account) -> None:
        """Make an account what it was."""
        key = _key(account.bank_code_std, account.account_num)
        if self._changes.pop(key, None) is not None:
            await self._documents.delete(key)

    def _holder(self, bank: str, number: str) -> Holder | None:
        sub = self._known().get(number[:HOLDER_DIGITS])
        if sub is None:
            return read_holder(bank, number)
        if number != number_of(bank, number[:HOLDER_DIGITS]):
            return None
        person = self._people.person(sub)
        return Holder(person.name, person.birthdate, sub)

    def _known(self) -> dict[str, str]:
        known = self._people.known()
        # People are only ever added.
        if len(self._subs) != len(known):
            self._subs = {holder_digits(person): person.sub for person in known}
        return self._subs

    def _changed(self, account: Account) -> Account:
        change = self._changes.get(_key(account.bank_code_std, account.account_num))
        if change is None:
            return account
        name = change.holder_name or account.holder.name
        return replace(
            account,
            state=change.state or account.state,
            holder=replace(account.holder, name=name),
        )


def refusal_of_name(account: Account | None, name: str) -> str:
    """Return the bank's code for a deposit to an account that may not exist."""
    return NO_ACCOUNT if account is None else account.refusal_of_name(name)


def refusal_of_birthdate(account: Account | None, birthdate: str) -> str:
    """Return the bank's code for a holder check of an account that may not exist."""
    return NO_ACCOUNT if account is None else account.refusal_of_birthdate(birthdate)


def _key(bank: str, number: str) -> str:
    return f"{bank}:{number}"
