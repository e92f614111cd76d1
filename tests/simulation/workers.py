"""The environments that move legs: each its own process, with its own token and connections."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from modupoint.aws import AwsError
from modupoint.issuer_api import IssuerApi, IssuerCredentials
from tests.simulation.checkers.failure import require
from tests.simulation.crossed_ports import CrossedBankTranIds, CrossedLegs, CrossedTransport
from tests.simulation.crossing import WorkerKilledError
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
    from tests.simulation.schedule import Schedule
    from transfer.legs import LegKey
    from transfer.ports import BankTranIds, Legs

_RUNS = 250
"""A leg that needed so many messages will never come to its end."""
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


@dataclass(slots=True)
class Workers:
    """As many environments as there are messages at once; a dead one is not used again.

    ``crossing`` gives an environment what stands between it and its ports.
    ``unacknowledged`` says, when one has moved a leg, that its message comes again all
    the same.
    """

    schedule: Schedule
    legs: Legs
    transport: Transport
    ids: BankTranIds
    crossing: Callable[[str], Crossing]
    unacknowledged: Callable[[str], bool]
    idle: list[tuple[str, LegMover]] = field(default_factory=list)
    made: int = 0
    runs: Counter[LegKey] = field(default_factory=Counter)

    def deliver(self, key: LegKey, again: Callable[[], None]) -> None:
        """Give a message to an environment; ``again`` makes it come back."""
        self.schedule.start(lambda: self._work(key, again))

    def _work(self, key: LegKey, again: Callable[[], None]) -> None:
        self.runs[key] += 1
        require(self.runs[key] < _RUNS, "ends", "worked on without end", _about(key))
        name, mover = self.idle.pop() if self.idle else self._environment()
        try:
            mover.run(key)
        except WorkerKilledError:
            again()
            return
        except AwsError:
            again()
        self.idle.append((name, mover))
        if self.unacknowledged(name):
            again()

    def _environment(self) -> tuple[str, LegMover]:
        self.made += 1
        name = f"worker {self.made}"
        mover = leg_mover(
            self.crossing(name),
            self.legs,
            self.transport,
            self.ids,
            self.schedule.clock,
            self.schedule.monotonic,
        )
        return name, mover


def _about(key: LegKey) -> str:
    return f"{key.member} {key.transfer_id[-4:]} {key.issuer}"
