"""The record of calls, and what issuers are told to say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.partners.partners_driver import Partners


def test_a_call_is_on_record_without_the_ci(partners: Partners) -> None:
    ci, tran_id = partners.ci("kim-haneul"), datetime.now(UTC).strftime("%Y%m%d%H%M%S%f") + "Recrd"

    partners.inquire("shinhan", ci, tran_id=tran_id)
    partners.inquire("shinhan", ci, key=b"wrong")

    found = partners.calls(partner="issuers/shinhan")
    assert found["total"] == 2
    assert found["by_outcome"] == {"answered": 1, "refused": 1}
    assert found["by_partner"] == {"issuers/shinhan": 2}
    good, bad = found["calls"]
    assert (good["operation"], good["api_tran_id"], good["sub"]) == (
        "inquiry",
        tran_id,
        "kim-haneul",
    )
    assert good["person_key"].startswith("p_")
    assert (good["http_status"], bad["http_status"], bad["code"]) == (200, 401, "40101")
    assert ci not in partners.send("GET", "/control/calls").text
    assert ci not in partners.send("GET", "/control/people/kim-haneul").text


def test_calls_can_be_narrowed(partners: Partners) -> None:
    for sub in ("kim-haneul", "unheard-of"):
        partners.inquire("kb", partners.ci(sub))
    last = partners.calls()["calls"][-1]

    assert partners.calls(operation="inquiry")["total"] == 2
    assert partners.calls(partner="issuers/kb", sub="unheard-of")["total"] == 1
    assert partners.calls(since=str(last["seq"] - 1))["total"] == 1
    assert partners.calls(limit="1")["calls"] == [last]
    assert partners.calls(limit="1")["total"] > 1
    hour = timedelta(hours=1)
    for instant, total in ((datetime.now(UTC) + hour, 0), (datetime.now(UTC) - hour, 2)):
        text = instant.isoformat().replace("+", "%2B")
        assert partners.calls(operation="inquiry", since=text)["total"] == total


@pytest.mark.parametrize("query", ["since=noon", "limit=-1", "limit=many", "partners=kb"])
def test_a_question_that_makes_no_sense_is_refused(partners: Partners, query: str) -> None:
    assert partners.send("GET", f"/control/calls?{query}").status == 400


def test_calls_can_be_forgotten(partners: Partners) -> None:
    partners.inquire("kb", partners.ci("kim-haneul"))

    assert partners.send("DELETE", "/control/calls").status == 204
    assert partners.calls()["total"] == 0


def test_the_sample_people_can_be_listed(partners: Partners) -> None:
    people = partners.send("GET", "/control/people").json["people"]

    assert len(people) >= 12
    assert all(set(p) == {"sub", "name", "birthdate", "phone", "shows"} for p in people)
    assert sum(person["name"].isascii() for person in people) >= 2


def _said(partners: Partners, sub: str, issuer: str) -> Any:
    answer = partners.inquire(issuer, partners.ci(sub)).json
    return answer["member_status"], {
        point["point_code"]: (point["remain_point_amt"], point["transferable_point_amt"])
        for point in answer["point_list"]
    }


def _tell(partners: Partners, sub: str, **body: Any) -> None:
    reply = partners.send("PUT", f"/control/people/{sub}", body)
    assert reply.status == 200, reply.text


def test_an_issuer_can_be_told_what_to_say(partners: Partners) -> None:
    before = _said(partners, "park-jiwoo", "kb")
    points = [
        {"point_code": "MYSHINHAN", "remain": 70, "transferable": 50},
        {"point_code": "NEW", "remain": 9, "point_name": "새 포인트", "cashable": False},
    ]

    _tell(partners, "park-jiwoo", issuers={"shinhan": {"points": points}})

    assert _said(partners, "park-jiwoo", "shinhan") == (
        "ACTIVE",
        {"MYSHINHAN": (70, 50), "NEW": (9, 0)},
    )
    # Who was not spoken of says what they said before.
    assert _said(partners, "park-jiwoo", "kb") == before
    assert partners.send("DELETE", "/control/people/park-jiwoo").status == 204
    assert _said(partners, "park-jiwoo", "shinhan") == ("ACTIVE", {"MYSHINHAN": (4820, 4820)})


def test_a_status_alone_keeps_the_balances(partners: Partners) -> None:
    _tell(partners, "park-jiwoo", issuers={"shinhan": {"member_status": "DORMANT"}})

    assert _said(partners, "park-jiwoo", "shinhan") == ("DORMANT", {"MYSHINHAN": (4820, 0)})


def test_a_stranger_can_become_a_member(partners: Partners) -> None:
    _tell(partners, "lee-seojun", elsewhere="ACTIVE")

    status, points = _said(partners, "lee-seojun", "woori")
    assert (status, {"WIBEE", "MOA"} <= points.keys()) == ("ACTIVE", True)


def test_anybody_at_all_can_be_told_of(partners: Partners) -> None:
    usual = _said(partners, "made-up-42", "bc")
    _tell(
        partners,
        "made-up-42",
        issuers={"bc": {"points": [{"point_code": "TOP", "remain": 5}]}},
        elsewhere="NOT_MEMBER",
    )

    assert _said(partners, "made-up-42", "bc") == ("ACTIVE", {"TOP": (5, 5)})
    assert _said(partners, "made-up-42", "kb") == ("NOT_MEMBER", {})
    shown = partners.send("GET", "/control/people/made-up-42").json
    assert shown["issuers"]["kb"] == {"member_status": "NOT_MEMBER", "point_list": []}
    assert shown["override"]["elsewhere"] == "NOT_MEMBER"
    partners.send("DELETE", "/control/people/made-up-42")
    assert _said(partners, "made-up-42", "bc") == usual


@pytest.mark.parametrize(
    "body",
    [
        "",
        {"issuers": {"nobody": {}}},
        {"issuers": {"kb": {"points": [{"point_code": "TOP", "remain": 1}]}}},
        {"issuers": {"kb": {"member_status": "VIP"}}},
        {"issuers": {"kb": {"points": [{"point_code": "POINTREE", "remain": -1}]}}},
        {
            "issuers": {
                "kb": {"points": [{"point_code": "POINTREE", "remain": 1, "transferable": 2}]}
            }
        },
        {
            "issuers": {
                "kb": {
                    "member_status": "NOT_MEMBER",
                    "points": [{"point_code": "POINTREE", "remain": 1}],
                }
            }
        },
        {
            "issuers": {
                "kb": {
                    "points": [
                        {
                            "point_code": "POINTREE",
                            "remain": 9,
                            "expirations": [
                                {"months_ahead": 2, "amt": 1},
                                {"months_ahead": 1, "amt": 1},
                            ],
                        }
                    ]
                }
            }
        },
    ],
    ids=str,
)
def test_nonsense_is_not_repeated_by_an_issuer(partners: Partners, body: Any) -> None:
    reply = partners.send("PUT", "/control/people/park-jiwoo", body)

    assert reply.status == 400
    assert partners.send("GET", "/control/people/park-jiwoo").json["override"] is None
