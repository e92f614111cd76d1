"""What a member's monthly look costs in calls to AWS (architecture, decision 5).

The real handlers of the expiry scan run over moto, from the due row to the message, the
event and the next month.
"""

from __future__ import annotations

import json
from collections import Counter
from copy import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from modupoint import aws, clock
from modupoint.clock import SEOUL, epoch_ms
from modupoint.hand_overs import hand_over_of
from modupoint.ids import new_id
from modupoint.issuers import ISSUERS
from query.cash_out import CashOutState, cash_out_item, cash_out_sk
from query.expiry_queue import DueRow, due_row_of
from query.expiry_settings import EXPIRY, ExpirySettings, Step, settings_item
from query.expiry_store import DynamoExpiry
from query.inquiry import Finding, Status
from query.notices import NOTICE_PREFIX, NoticeKind, Subject, notice_item
from tests.store.aws_calls import counted
from tests.store.call_budgets import BUDGETS, HOLIDAYS_READ
from tests.store.deployed_functions import Deployment
from tests.store.expiry_steps import a_notice
from tests.store.transfer_steps import with_account
from tests.unit.query.expiry_samples import a_cash_out, points, settings

if TYPE_CHECKING:
    from tests.store.conftest import Store

MEMBER = "M#1"
MARCH = Subject("kb", "2027-03")
NOON = datetime(2027, 3, 15, 12, tzinfo=SEOUL)
NOON_MS = epoch_ms(NOON)
URL_LOOKED_UP = Counter({"GetQueueUrl": 1})


class Scene:
    """A member in the real table, and the two functions of the scan."""

    def __init__(self, store: Store, deployment: Deployment) -> None:
        self.store = store
        self.expiry = DynamoExpiry(store.members_table)
        self._deployment = deployment
        self.scan = deployment.function("scan_expiry")
        self.start_cold()
        # A first decision, and the environment is warm: it has read the holidays.
        self.put(settings_item(wants(asked_ms=0)))
        self.check(EXPIRY)

    def start_cold(self) -> None:
        """Let the worker be an environment that has just started."""
        self._check = self._deployment.function("check_expiry")

    def put(self, item: dict[str, Any]) -> None:
        aws.client("dynamodb").put_item(TableName=self.store.members_table, Item=item)

    def check(self, sk: str) -> Counter[str]:
        """Have a row worked off; returns what it cost."""
        with counted() as calls:
            assert self.failed(sk) == []
        return calls

    def failed(self, *sks: str) -> list[str]:
        """Have rows worked off; returns the messages to deliver again."""
        event = self._deployment.expiry_batch(*(DueRow(MEMBER, sk) for sk in sks))
        return [one["itemIdentifier"] for one in self._check(event)["batchItemFailures"]]

    def answer(self, lookup_id: str, *balances: Any) -> None:
        """Let every issuer answer, KB with some points."""
        for code in ISSUERS:
            given = list(balances) if code == "kb" else []
            self.store.members().write_answer(
                MEMBER, code, lookup_id, Finding(Status.OK, given), json.dumps(given), NOON_MS
            )

    def settings(self) -> ExpirySettings:
        found = self.expiry.settings(MEMBER)
        assert found is not None
        return found

    def messages(self, queue: str) -> list[str]:
        sqs = aws.client("sqs")
        url = sqs.get_queue_url(QueueName=f"{self.store.members_table}-{queue}")["QueueUrl"]
        got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [one["Body"] for one in got]


def wants(**changes: Any) -> ExpirySettings:
    """Return the member's row, due, with balances asked for a quarter of an hour ago."""
    refreshed_id = changes.pop("refreshed_id", "lkp_0")
    asked_ms = changes.pop("asked_ms", NOON_MS - 15 * 60_000)
    chosen = settings(**{"lead": 2, "due_ms": NOON_MS, **changes})
    return replace(chosen, refreshed_id=refreshed_id, refresh_asked_ms=asked_ms)


@pytest.fixture
def scene(imitated_store: Store, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr(clock, "seoul_now", lambda: NOON)
    with_account(imitated_store, MEMBER)
    return Scene(imitated_store, Deployment(imitated_store, monkeypatch, "http://127.0.0.1:9"))


def test_asking_is_two_reads_a_publish_and_a_write(scene: Scene) -> None:
    scene.put(settings_item(wants(step=Step.REFRESH)))
    assert scene.check(EXPIRY) == BUDGETS["a look, asked"]
    assert scene.settings().step is Step.DECIDE


def test_deciding_with_nothing_new_is_three_queries_and_a_write(scene: Scene) -> None:
    scene.put(settings_item(wants()))
    scene.answer("lkp_0")
    assert scene.check(EXPIRY) == BUDGETS["a look, nothing new"]
    assert scene.settings().step is Step.REFRESH


def test_waiting_for_an_issuer_costs_no_more(scene: Scene) -> None:
    scene.put(settings_item(wants(refreshed_id="lkp_9")))
    scene.answer("lkp_0")
    assert scene.check(EXPIRY) == BUDGETS["a look that waits"]
    assert scene.settings().step is Step.DECIDE


def test_a_notice_is_one_transaction_and_one_event_r_e4(scene: Scene) -> None:
    scene.put(settings_item(wants()))
    scene.answer("lkp_0", points(m2027_04=500))
    assert scene.check(EXPIRY) == BUDGETS["a look, one notice"]
    known = scene.expiry.known(MEMBER, MARCH.month)
    assert known is not None
    assert known.told == {(NoticeKind.EXPIRING, Subject("kb", "2027-04"))}


def test_before_its_time_a_row_costs_one_read(scene: Scene) -> None:
    scene.put(settings_item(wants(due_ms=NOON_MS + 1)))
    assert scene.check(EXPIRY) == BUDGETS["a row that is not due"]


def test_a_cash_out_is_asked_for_fixed_and_handed_over_r_e3(scene: Scene) -> None:
    scene.put(settings_item(wants(account="acc_1", due_ms=NOON_MS * 2)))
    scene.put(cash_out_item(a_cash_out(member=MEMBER, due_at_ms=NOON_MS)))
    sk = cash_out_sk(MARCH)
    assert scene.check(sk) == BUDGETS["a cash-out, asked"]

    cash_out = scene.expiry.cash_out(MEMBER, MARCH)
    assert cash_out is not None
    scene.answer(new_id("lkp"), points(m2027_03=480))
    due = cash_out_item(cash_out)
    scene.put({**due, "due_at": {"N": str(NOON_MS)}})
    assert scene.check(sk) == BUDGETS["a cash-out, handed over"] + URL_LOOKED_UP

    [message] = scene.messages("cash-outs")
    assert [one.amount for one in hand_over_of(message).items] == [480]
    handed = scene.expiry.cash_out(MEMBER, MARCH)
    assert handed is not None
    assert handed.state is CashOutState.HANDED
    scene.put({**cash_out_item(handed), "due_at": {"N": str(NOON_MS)}})
    assert scene.check(sk) == BUDGETS["a cash-out, not known of"]
    assert scene.messages("cash-outs") == [message]


def test_an_event_that_was_not_sent_is_sent_once(scene: Scene) -> None:
    notice = a_notice(MEMBER)
    scene.put(notice_item(notice))
    sk = f"{NOTICE_PREFIX}{notice.notice_id}"
    assert scene.check(sk) == BUDGETS["an event, late"]
    assert scene.check(sk) == BUDGETS["a row that is not due"]


def test_a_scan_is_a_query_a_lane_and_ten_rows_a_message_call(scene: Scene) -> None:
    scene.put(settings_item(wants(due_ms=NOON_MS + 1)))
    with counted() as calls:
        assert sum(scene.scan({}).values()) == 0
    assert calls == BUDGETS["a scan, nothing due"]

    scene.put(settings_item(wants()))
    with counted() as calls:
        assert sum(scene.scan({}).values()) == 1
    assert calls == BUDGETS["a scan, some due"] + URL_LOOKED_UP
    assert [due_row_of(one) for one in scene.messages("expiry")] == [DueRow(MEMBER, EXPIRY)]


def test_the_first_decision_of_an_environment_also_reads_the_holidays(scene: Scene) -> None:
    scene.start_cold()
    scene.put(settings_item(wants()))
    scene.answer("lkp_0")
    assert scene.check(EXPIRY) == BUDGETS["a look, nothing new"] + HOLIDAYS_READ


def test_a_row_that_cannot_be_worked_off_keeps_no_other_from_it(scene: Scene) -> None:
    scene.put(settings_item(wants(step=Step.REFRESH)))
    assert scene.failed("MEMBER", EXPIRY) == ["message-0"]
    assert scene.settings().step is Step.DECIDE
