"""The worker of legs, composed as its function composes it, over ports that can be crossed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from modupoint.issuer_api import IssuerApi, IssuerCredentials
from tests.simulation.crossed_ports import CrossedBankTranIds, CrossedLegs, CrossedTransport
from tests.simulation.partner_sides import BANK_URL, ISSUERS_URL
from tests.simulation.people import KEYS
from transfer.bank_api import BankApi
from transfer.legs import DEPOSIT, REDEMPTION, REVERSAL
from transfer.moving import LegMover
from transfer.partner_calls import DepositCalls, RedemptionCalls, ReversalCalls

if TYPE_CHECKING:
    from collections.abc import Callable

    from modupoint.clock import Clock
    from modupoint.partner import PartnerTransport
    from modupoint.partner_secrets import Secret
    from tests.simulation.crossed_ports import Transport
    from tests.simulation.crossing import Crossing
    from transfer.ports import BankTranIds, Legs

ORGANISATION = "M202600001"


class FixedSecret:
    """A secret that does not change."""

    def __init__(self, value: dict[str, Any]) -> None:
        self._value = value

    def read(self) -> dict[str, Any]:
        """Return the secret."""
        return self._value


_ISSUERS = IssuerCredentials(
    cast(
        "Secret",
        FixedSecret({"*": {"base_url": ISSUERS_URL, "client_id": "modupoint", "key": "key"}}),
    )
)
BANK_SECRET = cast(
    "Secret",
    FixedSecret(
        {
            "base_url": BANK_URL,
            "client_id": "modupoint",
            "client_secret": "secret",
            "organisation": ORGANISATION,
            "account": "9990001",
        }
    ),
)


class CountedIds:
    """Names for deposits, as the shared counter gives them."""

    def __init__(self) -> None:
        self._given = 0

    def next_id(self) -> str:
        """Return a new ``bank_tran_id``."""
        self._given += 1
        return f"{ORGANISATION}U{self._given:09}"


def leg_mover(
    cross: Crossing,
    legs: Legs,
    transport: Transport,
    ids: BankTranIds,
    clock: Clock,
    monotonic: Callable[[], float],
) -> LegMover:
    """Return a mover as ``move_leg`` composes it, over crossed ports."""
    wire = cast("PartnerTransport", CrossedTransport(cross, transport))
    issuers = IssuerApi(wire, _ISSUERS)
    return LegMover(
        CrossedLegs(cross, legs),
        {
            REDEMPTION.name: RedemptionCalls(issuers, KEYS),
            DEPOSIT.name: DepositCalls(BankApi(wire, BANK_SECRET), KEYS, clock),
            REVERSAL.name: ReversalCalls(issuers),
        },
        CrossedBankTranIds(cross, ids),
        clock,
        monotonic,
    )
