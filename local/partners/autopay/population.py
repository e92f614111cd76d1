"""Who has which cards, and which bills are charged to them before any order."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from local.partners.autopay.terms import Code  # noqa: TC001 - read at run time, by pydantic
from local.partners.catalogue import Name  # noqa: TC001 - read at run time, by pydantic
from local.partners.people import ci_of, key_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.partners.autopay.terms import CardIssuer, Terms
    from local.partners.documents import Documents

SAMPLE_FILE = Path(__file__).with_name("people.json")

type CardKind = Literal["PERSONAL", "CORPORATE"]
type CardType = Literal["CREDIT", "CHECK"]
type CardStatus = Literal["ACTIVE", "DORMANT", "SUSPENDED"]
type Ref = Annotated[str, Field(pattern=r"^[A-Za-z0-9._~-]{1,40}$")]
type Text = Annotated[str, Field(min_length=1, max_length=60)]

# A made-up person's cards: two that can be charged, and one of these two others.
_USABLE: tuple[tuple[CardKind, CardType, CardStatus], ...] = (
    ("PERSONAL", "CREDIT", "ACTIVE"),
    ("PERSONAL", "CHECK", "ACTIVE"),
)
_UNUSABLE: tuple[tuple[CardKind, CardType, CardStatus], ...] = (
    ("CORPORATE", "CREDIT", "ACTIVE"),
    ("PERSONAL", "CREDIT", "DORMANT"),
)
_MADE_UP_BILLS = 4
_TYPE_NAMES: Mapping[CardType, str] = {"CREDIT": "신용", "CHECK": "체크"}
_KIND_NAMES: Mapping[CardKind, str] = {"PERSONAL": "", "CORPORATE": " 법인"}


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Card(_Entry):
    """A card as the contract lists it."""

    card_ref: Ref
    issuer_code: Code
    card_name: Text
    masked_number: Annotated[str, Field(pattern=r"^[\d*-]{12,25}$")]
    kind: CardKind = "PERSONAL"
    type: CardType = "CREDIT"
    status: CardStatus = "ACTIVE"


class Bill(_Entry):
    """What a biller charges once a month, on ``charge_day`` or the month's last day.

    ``card_ref`` may be a card that is not listed: one of an issuer that takes no
    part in the switch.
    """

    autopay_id: Ref
    biller_code: Code
    biller_customer_ref: Annotated[str, Field(min_length=1, max_length=30)]
    card_ref: Ref
    charge_day: Annotated[int, Field(ge=1, le=31)]
    changeable: bool = True


class Holdings(_Entry):
    """A person's cards and bills; the body of ``PUT /control/autopay/people/{sub}``."""

    cards: Annotated[tuple[Card, ...], Field(max_length=50)] = ()
    bills: Annotated[tuple[Bill, ...], Field(max_length=50)] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        refs = [*(one.card_ref for one in self.cards), *(one.autopay_id for one in self.bills)]
        if len(set(refs)) < len(refs):
            raise ValueError("a card_ref or autopay_id is there twice")
        return self

    def card(self, card_ref: str) -> Card | None:
        """Return a card of the person's that is listed."""
        return next((card for card in self.cards if card.card_ref == card_ref), None)

    def bill(self, autopay_id: str) -> Bill | None:
        """Return a bill of the person's."""
        return next((bill for bill in self.bills if bill.autopay_id == autopay_id), None)


class _Sample(Holdings):
    """What a sample person has, and what it is there to show."""

    sub: str
    shows: Name


_SAMPLES = TypeAdapter(tuple[_Sample, ...])


class Population:
    """Everybody's cards and bills, known by the key of a person and never by CI.

    Parameters
    ----------
    terms
        The issuers and billers there are.
    told
        Where it is kept what has been told of a person.
    samples
        The sample file.

    Raises
    ------
    ValueError
        If a sample person has a card or bill that the terms do not allow.
    """

    def __init__(self, terms: Terms, told: Documents, samples: Path = SAMPLE_FILE) -> None:
        self._terms = terms
        self._kept = told
        self._samples = {
            key_of(ci_of(sample.sub)): sample
            for sample in _SAMPLES.validate_json(samples.read_bytes())
        }
        for sample in self._samples.values():
            self._check(sample)
        self._told = {key: Holdings.model_validate_json(body) for key, body in told.load().items()}

    def of(self, person_key: str) -> Holdings:
        """Return what a person has; something made up if nobody said."""
        return (
            self._told.get(person_key)
            or self._samples.get(person_key)
            or _make_up(person_key, self._terms)
        )

    def samples(self) -> list[dict[str, Any]]:
        """List the sample people and what each is there to show."""
        return [one.model_dump(include={"sub", "shows"}) for one in self._samples.values()]

    async def tell(self, person_key: str, holdings: Holdings) -> None:
        """Let a person have these cards and bills.

        Raises
        ------
        ValueError
            If an issuer or a biller is unknown.
        """
        self._check(holdings)
        self._told[person_key] = holdings
        await self._kept.put(person_key, holdings.model_dump_json())

    async def restore(self, person_key: str) -> None:
        """Let a person have what they had."""
        if self._told.pop(person_key, None) is not None:
            await self._kept.delete(person_key)

    async def forget(self) -> None:
        """Let everybody have what they had."""
        self._told.clear()
        await self._kept.clear()

    def _check(self, holdings: Holdings) -> None:
        issuers = {issuer.code for issuer in self._terms.issuers}
        if unknown := {card.issuer_code for card in holdings.cards} - issuers:
            raise ValueError(f"no such issuer: {', '.join(sorted(unknown))}")
        for bill in holdings.bills:
            if not self._terms.has_biller(bill.biller_code):
                raise ValueError(f"no such biller: {bill.biller_code}")


def _make_up(person_key: str, terms: Terms) -> Holdings:
    """Make up cards and bills that are the same every time for a person."""
    digest = hashlib.sha256(f"autopay:{person_key}".encode())
    dice = random.Random(digest.digest())  # noqa: S311 - sample data
    own = digest.hexdigest()[:16]
    kinds = (*_USABLE, dice.choice(_UNUSABLE))
    issuers = dice.sample(terms.issuers, len(kinds))
    cards = tuple(
        _card(f"card-{own}-{number}", issuer, kind, dice)
        for number, (issuer, kind) in enumerate(zip(issuers, kinds, strict=True), start=1)
    )
    # The first category everywhere, so that a bill of it can be counted on.
    first, *others = terms.categories
    categories = (first, *dice.sample(others, _MADE_UP_BILLS - 1))
    bills = tuple(
        Bill(
            autopay_id=f"bill-{own}-{number}",
            biller_code=dice.choice(
                [biller.code for biller in terms.billers if biller.category == category.code]
            ),
            biller_customer_ref=f"{dice.randrange(10**10):010d}",
            card_ref=cards[number % len(_USABLE)].card_ref,
            charge_day=dice.randint(1, 31),
        )
        for number, category in enumerate(categories)
    )
    return Holdings(cards=cards, bills=bills)


def _card(
    card_ref: str,
    issuer: CardIssuer,
    shape: tuple[CardKind, CardType, CardStatus],
    dice: random.Random,
) -> Card:
    kind, card_type, status = shape
    return Card(
        card_ref=card_ref,
        issuer_code=issuer.code,
        card_name=f"{issuer.name.ko}{_KIND_NAMES[kind]} {_TYPE_NAMES[card_type]}",
        masked_number=f"{dice.randrange(4000, 10000)}-{dice.randrange(100):02d}**-****"
        f"-{dice.randrange(10000):04d}",
        kind=kind,
        type=card_type,
        status=status,
    )
