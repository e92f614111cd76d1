"""Who there is: sample people, people who signed in by phone, and anybody else.

The identity partner knows a person by ``sub``, the issuers by CI. The CI is a
hash of the sub, so both sides agree without talking, after any restart, about
any number of people.
"""

from __future__ import annotations

import base64
import hashlib
import random
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from local.partners.catalogue import Name  # noqa: TC001 - read at run time, by pydantic
from local.partners.holdings import (
    STRANGER,
    MemberStatus,
    Standing,
    Statement,
    check_codes,
    generate,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from local.partners.catalogue import Issuer
    from local.partners.documents import Documents

SAMPLE_FILE = Path(__file__).with_name("people.json")

CI_LENGTH = 88

SURNAMES = ("김", "이", "박", "최", "정", "강", "조", "윤", "장", "임", "한", "오", "서", "신")
GIVEN_NAMES = (
    *("민준", "서연", "도윤", "하은", "지호", "수아", "예준", "지안", "현우", "채원"),
    *("영희", "철수", "미경", "성호", "은주", "동현", "혜진", "상훈", "보람", "가온"),
)

type Elsewhere = Literal["ACTIVE", "NOT_MEMBER"]


class Overrides(BaseModel):
    """What issuers are told to say of a person; the body of ``PUT /control/people/{sub}``.

    ``elsewhere`` speaks for the issuers not named: generated balances, or not a
    member. Left out, they say what they said before.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuers: dict[str, Statement] = Field(default_factory=dict)
    elsewhere: Elsewhere | None = None


class Person(BaseModel):
    """A person as the identity partner knows them; ``birthdate`` is ``YYYYMMDD``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sub: Annotated[str, Field(min_length=1, max_length=128)]
    name: str
    birthdate: Annotated[str, Field(pattern=r"^\d{8}$")]
    phone: Annotated[str, Field(pattern=r"^01\d{8,9}$")]

    @property
    def ci(self) -> str:
        """The 88 characters by which every issuer knows this person."""
        return ci_of(self.sub)


class SamplePerson(Person):
    """A person of the sample file: what they are there to show, and what issuers say."""

    shows: Name
    issuers: dict[str, Statement] = Field(default_factory=dict)
    elsewhere: Elsewhere = "NOT_MEMBER"


_SAMPLES = TypeAdapter(tuple[SamplePerson, ...])


def ci_of(sub: str) -> str:
    """Derive a person's CI: 64 bytes in base64, 88 characters (section 4)."""
    return base64.b64encode(hashlib.sha512(f"ci:{sub}".encode()).digest()).decode()


def key_of(ci: str) -> str:
    """Name a person in records without telling the CI."""
    return "p_" + hashlib.sha256(ci.encode()).hexdigest()[:16]


def generate_person(sub: str) -> Person:
    """Make up a person that is the same every time for a sub."""
    dice = random.Random(hashlib.sha256(f"person:{sub}".encode()).digest())  # noqa: S311 - sample data
    return Person(
        sub=sub,
        name=dice.choice(SURNAMES) + dice.choice(GIVEN_NAMES),
        birthdate=f"{dice.randint(1940, 2005)}{dice.randint(1, 12):02d}{dice.randint(1, 28):02d}",
        phone=f"0109{dice.randrange(10**7):07d}",
    )


class People:
    """Everybody, and what each issuer says of them.

    Parameters
    ----------
    issuers
        The issuer table.
    registered
        Where people who signed in by phone are kept.
    overridden
        Where overrides are kept.
    samples
        The sample file.

    Raises
    ------
    ValueError
        If a sample person holds points that their issuer does not keep.
    """

    def __init__(
        self,
        issuers: Mapping[str, Issuer],
        registered: Documents,
        overridden: Documents,
        samples: Path = SAMPLE_FILE,
    ) -> None:
        self._issuers = issuers
        self._registered = registered
        self._overridden = overridden
        self.samples = {
            person.sub: person for person in _SAMPLES.validate_json(samples.read_bytes())
        }
        for person in self.samples.values():
            check_codes(person.issuers, issuers)
        self._known: dict[str, Person] = {
            **self.samples,
            **{k: Person.model_validate_json(v) for k, v in registered.load().items()},
        }
        self._overrides = {
            sub: Overrides.model_validate_json(body) for sub, body in overridden.load().items()
        }
        # An issuer is given a CI and must find the person: only those who differ
        # from the generated crowd need to be found.
        self._sub_by_ci = {ci_of(sub): sub for sub in (*self._known, *self._overrides)}

    def person(self, sub: str) -> Person:
        """Return the person of a sub; somebody made up if nobody is known by it."""
        return self._known.get(sub) or generate_person(sub)

    def known(self) -> Collection[Person]:
        """Return everybody who is not made up on the spot."""
        return self._known.values()

    def by_phone(self, name: str, birthdate: str, phone: str) -> Person | None:
        """Find whom a phone check speaks of; ``None`` if the phone is somebody else's.

        A number nobody of the samples has belongs to whoever says so.
        """
        owner = next((person for person in self.samples.values() if person.phone == phone), None)
        if owner is None:
            digest = hashlib.sha256(f"{name}|{birthdate}|{phone}".encode()).hexdigest()
            return Person(sub=f"m-{digest[:20]}", name=name, birthdate=birthdate, phone=phone)
        same = _plain(owner.name) == _plain(name) and owner.birthdate == birthdate
        return owner if same else None

    async def register(self, person: Person) -> None:
        """Remember somebody who signed in by phone."""
        if person.sub not in self._known:
            self._known[person.sub] = person
            self._sub_by_ci[person.ci] = person.sub
            await self._registered.put(person.sub, person.model_dump_json())

    def sub_of(self, ci: str) -> str | None:
        """Return the sub behind a CI, where it is known at all."""
        return self._sub_by_ci.get(ci)

    def override_of(self, sub: str) -> Overrides | None:
        """Return what issuers have been told to say of a person."""
        return self._overrides.get(sub)

    async def override(self, sub: str, overrides: Overrides) -> None:
        """Tell issuers what to say of a person, in place of anything told before.

        Raises
        ------
        ValueError
            If an issuer or its points are unknown.
        """
        if unknown := overrides.issuers.keys() - self._issuers.keys():
            raise ValueError(f"no such issuer: {', '.join(sorted(unknown))}")
        check_codes(overrides.issuers, self._issuers)
        self._overrides[sub] = overrides
        self._sub_by_ci[ci_of(sub)] = sub
        await self._overridden.put(sub, overrides.model_dump_json())

    async def restore(self, sub: str) -> bool:
        """Undo an override; say whether there was one."""
        self._overrides.pop(sub, None)
        return await self._overridden.delete(sub)

    def statement(self, ci: str, issuer: Issuer) -> Standing:
        """Return what an issuer says of the person with a CI, redemptions apart."""
        sub = self._sub_by_ci.get(ci)
        sample = self.samples.get(sub) if sub else None
        told = self._overrides.get(sub) if sub else None
        usual = _statement(sample.issuers, sample.elsewhere, issuer.code) if sample else Statement()
        ordered = _statement(told.issuers, told.elsewhere, issuer.code) if told else None
        said = ordered or usual or STRANGER
        if said.member_status is MemberStatus.NOT_MEMBER:
            return Standing(member_status=said.member_status, balances=())
        balances = said.points
        if balances is None and usual is not None:
            balances = usual.points or None
        return Standing(
            member_status=said.member_status,
            balances=generate(ci, issuer) if balances is None else balances,
            told=ordered is not None and ordered.points is not None,
        )


def _statement(
    issuers: Mapping[str, Statement], elsewhere: Elsewhere | None, code: str
) -> Statement | None:
    if code in issuers:
        return issuers[code]
    return None if elsewhere is None else _ELSEWHERE[elsewhere]


_ELSEWHERE: dict[Elsewhere, Statement] = {"ACTIVE": Statement(), "NOT_MEMBER": STRANGER}


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
