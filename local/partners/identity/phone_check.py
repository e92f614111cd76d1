"""The form of a phone check: what a person must fill in, and what is wrong with it."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from local.partners.clock import SEOUL

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME_LIMIT = 80

_PHONE = re.compile(r"01[016789]\d{7,8}")
_BIRTHDATE = re.compile(r"\d{8}")
_SEPARATORS = re.compile(r"[\s.\-]")


class Carrier(NamedTuple):
    """A mobile carrier as people know it."""

    code: str
    ko: str
    en: str


CARRIERS = (
    Carrier("SKT", "SKT", "SKT"),
    Carrier("KT", "KT", "KT"),
    Carrier("LGU", "LG U+", "LG U+"),
    Carrier("MVNO", "알뜰폰", "Budget carrier"),
)


class Flaw(NamedTuple):
    """What is wrong with a field, in both languages."""

    ko: str
    en: str


class Answers(NamedTuple):
    """The form, with blanks and hyphens taken out where people put them."""

    carrier: str
    name: str
    birthdate: str
    phone: str


FLAWS = {
    "carrier": Flaw("통신사를 선택해 주세요.", "Choose your carrier."),
    "name": Flaw("이름을 입력해 주세요.", "Enter your name."),
    "birthdate": Flaw(
        "생년월일 8자리를 입력해 주세요. 예: 19880412",
        "Enter your date of birth as 8 digits, such as 19880412.",
    ),
    "phone": Flaw(
        "휴대폰 번호를 확인해 주세요. 예: 010-1234-5678",
        "Check your mobile number, such as 010-1234-5678.",
    ),
    "match": Flaw(
        "이 번호로 등록된 이름·생년월일과 다릅니다.",
        "The name or date of birth is not the one this number belongs to.",
    ),
}

CHECK_AGAIN = Flaw("입력한 내용을 확인해 주세요.", "Please check what you entered.")


def read_answers(form: Mapping[str, object]) -> Answers:
    """Read the form; what is missing is empty."""
    text = {name: str(form.get(name, "")) for name in Answers._fields}
    return Answers(
        carrier=text["carrier"],
        name=" ".join(text["name"].split())[:NAME_LIMIT],
        birthdate=_SEPARATORS.sub("", text["birthdate"])[:NAME_LIMIT],
        phone=_SEPARATORS.sub("", text["phone"])[:NAME_LIMIT],
    )


def flaws(answers: Answers) -> dict[str, Flaw]:
    """Return what is wrong, by field; empty if all is well."""
    well = {
        "carrier": answers.carrier in {carrier.code for carrier in CARRIERS},
        "name": bool(answers.name),
        "birthdate": _is_birthdate(answers.birthdate),
        "phone": _PHONE.fullmatch(answers.phone) is not None,
    }
    return {field: FLAWS[field] for field, good in well.items() if not good}


def _is_birthdate(text: str) -> bool:
    if not _BIRTHDATE.fullmatch(text):
        return False
    try:
        born = date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return date(1900, 1, 1) <= born <= datetime.now(SEOUL).date()
