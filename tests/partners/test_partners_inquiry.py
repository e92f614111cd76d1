"""The issuers' inquiry against partner contracts, section 1."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.partners.partners_driver import Inquiry

if TYPE_CHECKING:
    from tests.partners.partners_driver import Partners

ELEVEN = {
    "shinhan": {"MYSHINHAN"},
    "kb": {"POINTREE"},
    "woori": {"WIBEE", "MOA"},
    "bc": {"TOP"},
    "nonghyup": {"NHPOINT"},
    "hyundai": {"HCOIN", "MPOINT"},
    "hana": {"HANAMONEY"},
    "lotte": {"LPOINT"},
    "samsung": {"BONUS"},
    "citi": {"CITIPOINT"},
    "epost": {"EPOSTPOINT"},
}


def test_an_answer_has_every_field_of_the_contract(partners: Partners) -> None:
    partners.send("PUT", "/clock", {"now": "2026-11-22T11:00:00+09:00"})

    reply = partners.inquire("shinhan", partners.ci("park-jiwoo"))

    assert reply.status == 200
    assert reply.headers["content-type"] == "application/json; charset=utf-8"
    answer = reply.json
    assert re.fullmatch(r"202611221100\d\d", answer.pop("search_timestamp"))
    assert answer == {
        "rsp_code": "00000",
        "rsp_msg": "정상",
        "member_status": "ACTIVE",
        "point_cnt": 1,
        "point_list": [
            {
                "point_code": "MYSHINHAN",
                "point_name": "마이신한포인트",
                "cashable": True,
                "remain_point_amt": 4820,
                "transferable_point_amt": 4820,
                "expiring_point_amt": 320,
                "expiring_month": "202701",
                "expiring_list": [{"month": "202701", "amt": 320}],
            }
        ],
    }


@pytest.mark.parametrize("issuer", ELEVEN)
def test_anybody_has_points_at_every_issuer(partners: Partners, issuer: str) -> None:
    answer = partners.inquire(issuer, partners.ci("somebody-nobody-knows")).json

    assert answer["member_status"] == "ACTIVE"
    assert answer["point_cnt"] == len(answer["point_list"])
    codes = {point["point_code"] for point in answer["point_list"]}
    assert codes - {"PARTNER"} == ELEVEN[issuer]
    for point in answer["point_list"]:
        assert point["remain_point_amt"] > 0
        assert point["transferable_point_amt"] == (
            point["remain_point_amt"] if point["cashable"] else 0
        )
        months = [expiry["month"] for expiry in point["expiring_list"]]
        assert months == sorted(set(months))
        assert point["expiring_month"] == (months[0] if months else None)
        assert sum(expiry["amt"] for expiry in point["expiring_list"]) <= point["remain_point_amt"]


def test_generated_people_differ_and_stay_the_same(partners: Partners) -> None:
    one, other = partners.ci("load-000001"), partners.ci("load-000002")

    first = partners.inquire("kb", one).json["point_list"]

    assert one != other
    assert len(one) == len(other) == 88
    assert partners.inquire("kb", one).json["point_list"] == first
    assert partners.inquire("kb", other).json["point_list"] != first


@pytest.mark.parametrize(
    ("sub", "issuer", "status"),
    [
        ("kim-haneul", "epost", "ACTIVE"),
        ("lee-seojun", "shinhan", "NOT_MEMBER"),
        ("choi-eunseo", "lotte", "DORMANT"),
        ("jung-minjae", "bc", "SUSPENDED"),
        ("kang-taeyang", "kb", "CORPORATE"),
    ],
)
def test_every_member_status_has_somebody_to_show_it(
    partners: Partners, sub: str, issuer: str, status: str
) -> None:
    answer = partners.inquire(issuer, partners.ci(sub)).json

    assert answer["member_status"] == status
    assert bool(answer["point_list"]) == (status != "NOT_MEMBER")
    if status != "ACTIVE":
        # R-P4: what cannot be moved is shown all the same.
        assert all(point["transferable_point_amt"] == 0 for point in answer["point_list"])
        assert all(point["remain_point_amt"] > 0 for point in answer["point_list"])


def test_m_points_and_partner_points_are_not_cashable(partners: Partners) -> None:
    """R-P2, R-P3."""
    hyundai = partners.inquire("hyundai", partners.ci("kim-haneul")).json["point_list"]
    shinhan = partners.inquire("shinhan", partners.ci("kim-haneul")).json["point_list"]

    cashable = {
        point["point_code"]: (point["cashable"], point["transferable_point_amt"] > 0)
        for point in (*hyundai, *shinhan)
    }
    assert cashable == {
        "HCOIN": (True, True),
        "MPOINT": (False, False),
        "MYSHINHAN": (True, True),
        "PARTNER": (False, False),
    }


def test_a_balance_that_never_expires_says_so(partners: Partners) -> None:
    [point] = partners.inquire("nonghyup", partners.ci("kim-haneul")).json["point_list"]

    assert (point["expiring_point_amt"], point["expiring_month"], point["expiring_list"]) == (
        0,
        None,
        [],
    )


def test_expiry_months_follow_the_partners_clock(partners: Partners) -> None:
    ci = partners.ci("shin-yerin")
    partners.send("PUT", "/clock", {"now": "2027-12-31T23:00:00+09:00"})

    [point] = partners.inquire("lotte", ci).json["point_list"]

    assert [expiry["month"] for expiry in point["expiring_list"]] == ["202712", "202801", "202802"]


@pytest.mark.parametrize(
    "changes",
    [
        {"key": b"another-key"},
        {"client_id": "somebody"},
        {"signed_path": "/v1/points/inquiry?x=1"},
        {"without": "x-signature"},
        {"without": "x-client-id"},
        {"without": "x-timestamp"},
        {"without": "x-api-tran-id"},
        {"timestamp": "yesterday"},
        {"timestamp": "2026-11-22T11:00:00"},
    ],
    ids=str,
)
def test_a_wrong_signature_gets_40101(partners: Partners, changes: dict[str, Any]) -> None:
    reply = partners.inquire("shinhan", partners.ci("kim-haneul"), **changes)

    assert (reply.status, reply.json["rsp_code"]) == (401, "40101")


def test_a_body_changed_on_the_way_gets_40101(partners: Partners) -> None:
    ci = partners.ci("kim-haneul")
    spoilt = json.dumps({"ci": ci, "search_timestamp": "20261122110001"})

    signed = Inquiry(ci)
    reply = partners.send("POST", f"/issuers/kb{signed.path}", spoilt, signed.headers())

    assert (reply.status, reply.json["rsp_code"]) == (401, "40101")


@pytest.mark.parametrize(("minutes", "status"), [(-6, 401), (6, 401), (-4, 200), (4, 200)])
def test_a_timestamp_may_be_five_minutes_off(partners: Partners, minutes: int, status: int) -> None:
    # Real time counts, wherever the partners' clock stands (section 5).
    partners.send("PUT", "/clock", {"now": "2030-01-01T00:00:00+09:00"})
    stamp = (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()

    assert partners.inquire("kb", partners.ci("park-jiwoo"), timestamp=stamp).status == status


def test_a_query_is_part_of_what_is_signed(partners: Partners) -> None:
    ci = partners.ci("park-jiwoo")

    assert partners.inquire("kb", ci, path="/v1/points/inquiry?a=%20b").status == 200


@pytest.mark.parametrize("tran_id", ["A" * 24, "A" * 26, "A" * 24 + "-", ""])
def test_a_request_id_is_25_letters_or_digits(partners: Partners, tran_id: str) -> None:
    reply = partners.inquire("kb", partners.ci("park-jiwoo"), tran_id=tran_id)

    assert (reply.status, reply.json["rsp_code"]) == (400, "40001")


def test_a_request_id_is_new_for_every_request(partners: Partners) -> None:
    ci, tran_id = partners.ci("park-jiwoo"), datetime.now(UTC).strftime("%Y%m%d%H%M%S%f") + "Twice"

    assert partners.inquire("kb", ci, tran_id=tran_id).status == 200
    again = partners.inquire("kb", ci, tran_id=tran_id)
    assert (again.status, again.json["rsp_code"]) == (400, "40002")
    # Every issuer is a company of its own, with a memory of its own.
    assert partners.inquire("shinhan", ci, tran_id=tran_id).status == 200


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"not json",
        b"[]",
        b'{"ci": "short", "search_timestamp": "20261122110000"}',
        b'{"search_timestamp": "20261122110000"}',
        json.dumps({"ci": "A" * 88, "search_timestamp": "2026-11-22"}).encode(),
        json.dumps({"ci": "A" * 88, "search_timestamp": "20261399000000"}).encode(),
        json.dumps({"ci": "A" * 88, "search_timestamp": 20261122110000}).encode(),
        json.dumps({"ci": "A" * 88, "search_timestamp": "20261122110000", "x": 1}).encode(),
    ],
)
def test_a_body_that_is_not_the_contracts_gets_40003(partners: Partners, raw: bytes) -> None:
    reply = partners.inquire("kb", "", raw=raw)

    assert (reply.status, reply.json["rsp_code"]) == (400, "40003")
    assert "A" * 88 not in reply.text


def test_an_issuer_that_is_not_in_the_table_is_not_there(partners: Partners) -> None:
    assert partners.inquire("nobody", partners.ci("park-jiwoo")).status == 404
