"""How an account number says whose it is, so that no list of accounts need be kept.

A number is twelve digits for the holder and two that check them for one bank.
For the made-up crowd the twelve are the name, the birth date and four digits of
the sub: a bank reads the holder out of them. Everybody else's begin with 9 and
are a digest of the sub, and the bank knows whom it belongs to.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from local.partners.people import GIVEN_NAMES, SURNAMES, Person, generate_person

FIRST_YEAR = 1940
YEARS = 66
MONTHS = 12
DAYS = 28

HOLDER_DIGITS = 12
NUMBER_DIGITS = 14


@dataclass(frozen=True)
class Holder:
    """Whose an account is; ``birthdate`` is ``YYYYMMDD``."""

    name: str
    birthdate: str
    sub: str | None = None


def number_of(bank: str, holder: str) -> str:
    """Complete a holder's digits to the account number at a bank, another at each."""
    check = (int(_digest(f"check:{holder}", 2)) + int(bank)) % 100
    return f"{holder}{check:02d}"


def holder_digits(person: Person) -> str:
    """Return the twelve digits of a person's accounts."""
    if person != generate_person(person.sub):
        return "9" + _digest(f"account:{person.sub}", HOLDER_DIGITS - 1)
    surname, given = person.name[:1], person.name[1:]
    name = SURNAMES.index(surname) * len(GIVEN_NAMES) + GIVEN_NAMES.index(given)
    year, month, day = _parts(person.birthdate)
    birth = ((year - FIRST_YEAR) * MONTHS + month - 1) * DAYS + day - 1
    return f"{name:03d}{birth:05d}{_digest(person.sub, 4)}"


def read_holder(bank: str, number: str) -> Holder | None:
    """Read who of the made-up crowd has an account; ``None`` if nobody of them."""
    digits = number[:HOLDER_DIGITS]
    if len(number) != NUMBER_DIGITS or number != number_of(bank, digits):
        return None
    name, birth = int(digits[:3]), int(digits[3:8])
    if name >= len(SURNAMES) * len(GIVEN_NAMES) or birth >= YEARS * MONTHS * DAYS:
        return None
    surname, given = divmod(name, len(GIVEN_NAMES))
    months, day = divmod(birth, DAYS)
    year, month = divmod(months, MONTHS)
    return Holder(
        SURNAMES[surname] + GIVEN_NAMES[given],
        f"{FIRST_YEAR + year}{month + 1:02d}{day + 1:02d}",
    )


def _parts(birthdate: str) -> tuple[int, int, int]:
    return int(birthdate[:4]), int(birthdate[4:6]), int(birthdate[6:])


def _digest(text: str, digits: int) -> str:
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
    return f"{number % 10**digits:0{digits}d}"
