"""Cards and registrations, and ordering what is to change with them."""

from copy import replace
from datetime import date, datetime
from typing import Any, Protocol

from autopay.catalogue import CATEGORIES
from autopay.order_moving import OrderMover
from autopay.order_view import (
    is_day_over,
    is_usable,
    shown_card,
    shown_order,
    shown_registration,
)
from autopay.orders import FINAL, SWITCH_LANE, Order, OrderKey, OrderKind, OrderState
from autopay.ports import (
    ConsentMissingError,
    KeyUsedError,
    OrderOpenError,
    OrderQueue,
    Orders,
)
from autopay.schedule import reckon, warnings_of
from autopay.switch_answers import (
    Card,
    ListBrokenError,
    Registration,
    read_cards,
    read_registrations,
)
from autopay.switch_api import SwitchApi
from modupoint.aws import AwsError, error_name
from modupoint.business_calendar import Calendars
from modupoint.clock import Clock, epoch_ms
from modupoint.effects import Progress
from modupoint.envelope import DataKeys, ci_owner, unseal
from modupoint.idempotency import body_sha256
from modupoint.ids import new_id
from modupoint.problems import FieldError, Problem
from modupoint.telemetry import logger

BEGIN_WITHIN_S = 5.0
"""Later than this no call is begun for a withdrawal: its member waits behind the gateway."""

_TRIES = 3
_RETRY_AFTER_S = 5


class Agreements(Protocol):
    """Where the sealed CI of members who have agreed is."""

    def sealed_ci(self, member: str) -> bytes | None:
        """Return it; None without an agreement."""


class Ordering:
    """What the autopay routes do."""

    def __init__(
        self,
        agreements: Agreements,
        orders: Orders,
        queue: OrderQueue,
        switch: SwitchApi,
        keys: DataKeys,
        calendars: Calendars,
        clock: Clock,
    ) -> None:
        self._agreements = agreements
        self._orders = orders
        self._queue = queue
        self._switch = switch
        self._keys = keys
        self._calendars = calendars
        self._clock = clock

    def cards(self, member: str) -> dict[str, Any]:
        """Return the member's cards.

        Raises
        ------
        Problem
            ``consent_required``, ``switch_unavailable``.
        """
        ci = self._ci(member, self._agreed(member))
        return {"cards": [shown_card(card) for card in self._cards(ci)]}

    def registrations(self, member: str) -> dict[str, Any]:
        """Return the bills charged to the member's cards.

        Raises
        ------
        Problem
            ``consent_required``, ``switch_unavailable``.
        """
        ci = self._ci(member, self._agreed(member))
        as_of, found = self._registrations(ci)
        today, calendar = self._clock().date(), self._calendars.calendar()
        busy = {one.autopay_id for one in self._orders.all(member) if one.state not in FINAL}
        return {
            "as_of": as_of.isoformat(),
            "autopays": [
                shown_registration(one, today, calendar, has_open_order=one.autopay_id in busy)
                for one in found
            ],
        }

    def submit(
        self, member: str, idempotency_key: str, body: dict[str, Any]
    ) -> tuple[dict[str, Any], bool]:
        """Accept an order, once per idempotency key.

        Returns
        -------
        tuple[dict, bool]
            The order as accepted, and whether it is the answer to an earlier request.

        Raises
        ------
        Problem
            ``consent_required``, ``invalid_request``, ``not_found``, ``corporate_card``,
            ``category_not_open``, ``card_not_active``, ``not_changeable``, ``order_open``,
            ``idempotency_key_reused``, ``switch_unavailable``.
        """
        body_hash = body_sha256(body)
        for _ in range(_TRIES):
            replay = self._replay(member, idempotency_key, body_hash)
            if replay is not None:
                return replay, True
            order = self._new(member, body)
            try:
                self._orders.submit(order, idempotency_key, body_hash)
            except KeyUsedError:
                continue
            except ConsentMissingError:
                raise Problem("consent_required") from None
            except OrderOpenError:
                raise Problem("order_open") from None
            self._tell(order.key)
            return shown_order(order, self._clock().date()), False
        raise Problem("internal_error")

    def read(self, member: str, order_id: str) -> dict[str, Any]:
        """Return an order as it is now.

        Raises
        ------
        Problem
            ``not_found``.
        """
        return shown_order(self._order(member, order_id), self._clock().date())

    def all(self, member: str) -> dict[str, Any]:
        """Return the member's orders, newest first."""
        today = self._clock().date()
        return {"orders": [shown_order(one, today) for one in self._orders.all(member)]}

    def withdraw(self, member: str, order_id: str, mover: OrderMover) -> dict[str, Any]:
        """Withdraw an order, until 22:00 of the day it was requested on (R-A4).

        The wish is stored first, then carried out as far as it goes now: at the switch
        if it has the order. An outcome that is not known yet is shown as CHECKING, and
        what there was no time for is left to the worker.

        Raises
        ------
        Problem
            ``not_found``, ``too_late``.
        """
        key = OrderKey(member, order_id)
        for _ in range(_TRIES):
            order = self._order(member, order_id)
            if order.state is OrderState.WITHDRAWN or order.withdrawal_wished:
                break
            now = self._clock()
            if order.state in FINAL or is_day_over(order, now):
                raise Problem("too_late")
            if mover.store(order, _wished(order, now)) is not None:
                break
        else:
            raise Problem("internal_error")
        mover.run(key, BEGIN_WITHIN_S)
        order = self._order(member, order_id)
        if order.state in {OrderState.COMPLETED, OrderState.REJECTED}:
            raise Problem("too_late")
        if order.state is OrderState.PLACED and not order.withdrawal_wished:
            raise Problem("too_late")
        return shown_order(order, self._clock().date())

    def _order(self, member: str, order_id: str) -> Order:
        order = self._orders.read(OrderKey(member, order_id))
        if order is None:
            raise Problem("not_found")
        return order

    def _replay(self, member: str, idempotency_key: str, body_hash: str) -> dict[str, Any] | None:
        used = self._orders.used_key(member, idempotency_key)
        if used is None:
            return None
        if used.body_sha256 != body_hash:
            raise Problem("idempotency_key_reused")
        order = self._orders.read(OrderKey(member, used.order_id))
        if order is None:
            return None
        return shown_order(_as_accepted(order), self._clock().date())

    def _new(self, member: str, body: dict[str, Any]) -> Order:
        kind, to_card_ref = OrderKind(body["kind"]), body.get("to_card_ref")
        if (kind is OrderKind.CHANGE) != (to_card_ref is not None):
            detail = "A CHANGE needs it, a CANCEL takes none."
            raise Problem("invalid_request", [FieldError(pointer="/to_card_ref", detail=detail)])
        sealed_ci = self._agreed(member)
        ci = self._ci(member, sealed_ci)
        _, registrations = self._registrations(ci)
        cards = {card.card_ref: card for card in self._cards(ci)}
        registration = next(
            (one for one in registrations if one.autopay_id == body["autopay_id"]), None
        )
        if registration is None:
            raise Problem("not_found")
        now = self._clock()
        _check_registration(registration, cards, now.date())
        if to_card_ref is not None:
            _check_card(registration, cards.get(to_card_ref))
        calendar = self._calendars.calendar()
        category = CATEGORIES[registration.category]
        days = reckon(now.date(), calendar, real_time=category.real_time)
        return Order(
            key=OrderKey(member, new_id("ord")),
            kind=kind,
            autopay_id=registration.autopay_id,
            category=registration.category,
            to_card_ref=to_card_ref,
            requested_at_ms=epoch_ms(now),
            process_on=days.process_on,
            result_on=days.result_on,
            real_time=category.real_time,
            warnings=warnings_of(now.date(), registration.next_charge_on, calendar),
            progress=Progress(OrderState.ACCEPTED, 0, 0, None, epoch_ms(now)),
            sealed_ci=sealed_ci,
        )

    def _agreed(self, member: str) -> bytes:
        sealed_ci = self._agreements.sealed_ci(member)
        if sealed_ci is None:
            raise Problem("consent_required")
        return sealed_ci

    def _ci(self, member: str, sealed_ci: bytes) -> str:
        return unseal(self._keys, sealed_ci, ci_owner(member))

    def _cards(self, ci: str) -> list[Card]:
        try:
            return read_cards(self._switch.cards(ci))
        except ListBrokenError as error:
            raise _unavailable(error) from None

    def _registrations(self, ci: str) -> tuple[date, list[Registration]]:
        try:
            return read_registrations(self._switch.autopays(ci))
        except ListBrokenError as error:
            raise _unavailable(error) from None

    def _tell(self, key: OrderKey) -> None:
        try:
            self._queue.send(SWITCH_LANE, [key])
        except AwsError as error:
            # The order stands; the sweep finds it.
            logger.warning("queue not told", extra={"error": error_name(error)})


def _check_registration(registration: Registration, cards: dict[str, Card], today: date) -> None:
    category = CATEGORIES.get(registration.category)
    if category is None or not category.is_open(today):
        raise Problem("category_not_open")
    present = cards.get(registration.card_ref)
    if present is not None and present.kind == "CORPORATE":
        raise Problem("corporate_card")
    if not registration.changeable:
        raise Problem("not_changeable")


def _check_card(registration: Registration, card: Card | None) -> None:
    if card is None:
        raise Problem("not_found")
    if card.kind == "CORPORATE":
        raise Problem("corporate_card")
    if not is_usable(card):
        raise Problem("card_not_active")
    if card.card_ref == registration.card_ref:
        detail = "The bill is charged to this card already."
        raise Problem("invalid_request", [FieldError(pointer="/to_card_ref", detail=detail)])


def _wished(order: Order, now: datetime) -> Order:
    """Return an order whose member wants it withdrawn: at the switch, if it is placed."""
    progress = order.progress
    state, tries, not_before_ms = progress.state, progress.tries, progress.not_before_ms
    if order.state is OrderState.PLACED:
        state, tries, not_before_ms = OrderState.WITHDRAWAL_DUE, 0, epoch_ms(now)
    elif order.state is OrderState.ACCEPTED:
        # It may be resting after a try that failed; withdrawing it need not wait.
        not_before_ms = epoch_ms(now)
    moved = progress.moved(
        state, tries=tries, not_before_ms=not_before_ms, sent_at_ms=progress.sent_at_ms
    )
    return replace(order, progress=moved, withdrawal_wished=True)


def _as_accepted(order: Order) -> Order:
    first = Progress(OrderState.ACCEPTED, 0, 0, None, order.requested_at_ms)
    return replace(order, progress=first, withdrawal_wished=False, reason=None, reason_code=None)


def _unavailable(error: ListBrokenError) -> Problem:
    logger.warning("autopay switch", extra={"cause": str(error)})
    return Problem("switch_unavailable", retry_after_s=_RETRY_AFTER_S)
