"""The expiry scan over the deployed stack: told on time, cashed out in time (R-E1 to R-E4)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from modupoint.clock import SEOUL
from tests.stack.member import Member
from tests.stack.polling import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.stack.bring_up import Stack
    from tests.stack.calls import Http
    from tests.stack.cloud import Cloud
    from tests.stack.partners import Partners

MONDAY = datetime(2027, 5, 3, 9, tzinfo=SEOUL)
PATIENCE_S = 120.0
KB = {
    "points": [
        {
            "point_code": "POINTREE",
            "remain": 9_000,
            "expirations": [{"months_ahead": 1, "amt": 700}, {"months_ahead": 3, "amt": 40}],
        }
    ]
}


@pytest.fixture
def scan(stack: Stack, cloud: Cloud) -> Callable[[], None]:
    """Give the every-minute schedule, without the minute."""

    def run() -> None:
        answer = cloud.client("lambda").invoke(
            FunctionName=f"{stack.stack_name}-ScanExpiry", Payload=b"{}"
        )
        assert "FunctionError" not in answer, answer["Payload"].read()

    return run


@pytest.fixture
def member(api: Http, partners: Partners) -> Iterator[Member]:
    """Give a member who has points at one issuer only, on a Monday in May."""
    partners.set_clock(MONDAY)
    member = Member(api, partners).agree()
    partners.say(member.sub, {"kb": KB}, elsewhere="NOT_MEMBER")
    yield member
    # Nobody's later tests are to meet this one's rows when they move the clock.
    member.send("DELETE", "/v1/me/consent")
    partners.heal()


@pytest.fixture
def heard(cloud: Cloud, member: Member) -> Callable[[], list[dict[str, Any]]]:
    """Give what a queue that an operator has subscribed to the topic of notices has heard."""
    url = cloud.sqs.create_queue(QueueName=f"heard-{member.sub}")["QueueUrl"]
    attributes: Any = cloud.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    arn = attributes["Attributes"]["QueueArn"]
    taken = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [taken]})
    cloud.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    cloud.sns.subscribe(
        TopicArn=cloud.outputs["NoticeTopic"],
        Protocol="sqs",
        Endpoint=arn,
        Attributes={"RawMessageDelivery": "true"},
    )
    got: list[dict[str, Any]] = []

    def receive() -> list[dict[str, Any]]:
        answer = cloud.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        got.extend(json.loads(one["Body"]) for one in answer.get("Messages", []))
        return [one["detail"] for one in got if one["detail"]["member"] == member.key]

    return receive


def inbox(member: Member) -> list[dict[str, Any]]:
    """Return the notices, the oldest first."""
    notices: list[dict[str, Any]] = member.send("GET", "/v1/notices").json["notices"]
    return notices[::-1]


def row(cloud: Cloud, member: Member, prefix: str) -> dict[str, Any]:
    found = [item for sk, item in cloud.items_of(member.key).items() if sk.startswith(prefix)]
    return found[0] if found else {}


def until(scan: Callable[[], None], there: Callable[[], object], what: str) -> None:
    """Scan until something is so."""

    def look() -> bool:
        if there():
            return True
        scan()
        return False

    eventually(look, what, PATIENCE_S, every_s=1.0)


def asked_and_answered(cloud: Cloud, member: Member, partners: Partners, scan: Any) -> None:
    """Let the scan ask, and all issuers answer."""
    until(scan, lambda: row(cloud, member, "EXPIRY")["step"]["S"] == "DECIDE", "asked")
    asked = row(cloud, member, "EXPIRY")["refreshed_id"]["S"]

    def answered() -> bool:
        answers = [one for sk, one in cloud.items_of(member.key).items() if "ISSUER#" in sk]
        return len(answers) == 11 and all(one["lookup_id"]["S"] == asked for one in answers)

    eventually(answered, "everybody's answer", PATIENCE_S)
    partners.forward(minutes=16)


def test_points_about_to_expire_reach_inbox_and_bus_once_r_e1_r_e4(
    member: Member,
    partners: Partners,
    cloud: Cloud,
    scan: Callable[[], None],
    heard: Callable[[], list[dict[str, Any]]],
) -> None:
    alerts = {"enabled": True, "lead_months": 2}
    assert member.send("PUT", "/v1/me/expiry-alerts", alerts).status == 200
    asked_and_answered(cloud, member, partners, scan)
    until(scan, lambda: inbox(member), "a notice")

    [notice] = inbox(member)
    assert (notice["kind"], notice["issuer"], notice["month"]) == ("EXPIRING", "kb", "2027-06")
    assert notice["amount"] == 700
    assert "30 June 2027" in notice["text"]["en"]
    eventually(lambda: heard() or None, "the event", PATIENCE_S)
    assert heard() == [{**notice, "member": member.key}]

    # Looked at again: a longer lead brings what is new, and nothing twice.
    alerts = {"enabled": True, "lead_months": 6}
    assert member.send("PUT", "/v1/me/expiry-alerts", alerts).status == 200
    until(scan, lambda: len(inbox(member)) > 1, "the later month's notice")
    assert [(one["month"], one["amount"]) for one in inbox(member)] == [
        ("2027-06", 700),
        ("2027-08", 40),
    ]


def test_a_standing_cash_out_is_announced_made_once_and_told_r_e3(
    member: Member, partners: Partners, cloud: Cloud, scan: Callable[[], None]
) -> None:
    account = member.register()
    wanted = {"enabled": True, "account_id": account["account_id"], "minimum_amount": 500}
    assert member.send("PUT", "/v1/me/auto-cashout", wanted).status == 200
    asked_and_answered(cloud, member, partners, scan)
    until(scan, lambda: inbox(member), "the announcement")
    [planned] = inbox(member)
    assert (planned["kind"], planned["amount"]) == ("CASHOUT_PLANNED", 700)
    # Three days on is Thursday; the 5th is Children's Day.
    assert "6 May 2027" in planned["text"]["en"]
    assert partners.redemptions(member.sub) == []

    partners.set_clock(datetime(2027, 5, 6, 10, 1, tzinfo=SEOUL))

    def state() -> str:
        return str(row(cloud, member, "CASHOUT#")["state"]["S"])

    until(scan, lambda: state() == "REFRESHING", "the issuer asked")
    partners.forward(minutes=31)
    until(scan, lambda: state() == "HANDED", "handed over")

    def looked_again() -> None:
        partners.forward(minutes=31)
        scan()

    until(looked_again, lambda: state() == "DONE", "deposited")
    done = inbox(member)[-1]
    assert (done["kind"], done["amount"]) == ("CASHOUT_DONE", 700)
    transfer = member.transfer(done["transfer_id"])
    assert transfer["status"] == "COMPLETED"
    assert transfer["account"]["account_id"] == account["account_id"]
    [redemption] = partners.redemptions(member.sub)
    assert redemption["redeemed_amt"] == 700
    assert len(partners.deposits(member.sub)) == 1
