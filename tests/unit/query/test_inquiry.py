"""What an issuer's inquiry answer says: statuses, amounts, months (R-P2 to R-P5)."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modupoint.issuers import ISSUERS
from query.inquiry import ContractBrokenError, Finding, Reason, Status, read_inquiry

SHINHAN = ISSUERS["shinhan"]


def a_point(**changes: Any) -> dict[str, Any]:
    point = {
        "point_code": "MYSHINHAN",
        "point_name": "마이신한포인트",
        "cashable": True,
        "remain_point_amt": 12345,
        "transferable_point_amt": 12345,
        "expiring_point_amt": 300,
        "expiring_month": "202612",
        "expiring_list": [{"month": "202612", "amt": 300}, {"month": "202703", "amt": 45}],
    }
    return {**point, **changes}


def a_body(*points: dict[str, Any], **changes: Any) -> dict[str, Any]:
    body = {
        "rsp_code": "00000",
        "rsp_msg": "정상",
        "search_timestamp": "20261122110000",
        "member_status": "ACTIVE",
        "point_cnt": len(points),
        "point_list": list(points),
    }
    return {**body, **changes}


def without(body: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != name}


def test_an_active_members_balance_in_the_public_apis_shape() -> None:
    finding = read_inquiry(SHINHAN, a_body(a_point()))

    assert finding == Finding(
        Status.OK,
        [
            {
                "code": "MYSHINHAN",
                "name": {"ko": "마이신한포인트", "en": "My Shinhan Point"},
                "cashable": True,
                "remaining": 12345,
                "transferable": 12345,
                "expiring": 300,
                "expiring_month": "2026-12",
                "expirations": [
                    {"month": "2026-12", "amount": 300},
                    {"month": "2027-03", "amount": 45},
                ],
            }
        ],
    )


def test_not_a_member_is_an_answer_with_no_points_and_no_reason_r_p4() -> None:
    assert read_inquiry(SHINHAN, a_body(member_status="NOT_MEMBER")) == Finding(
        Status.NOT_MEMBER, []
    )


def test_not_a_member_needs_no_list_of_points_r_p4() -> None:
    body = without(without(a_body(member_status="NOT_MEMBER"), "point_list"), "point_cnt")
    assert read_inquiry(SHINHAN, body).status is Status.NOT_MEMBER


@pytest.mark.parametrize("status", ["DORMANT", "SUSPENDED", "CORPORATE"])
def test_points_of_a_member_who_is_not_active_are_shown_and_not_transferable_r_p4(
    status: str,
) -> None:
    finding = read_inquiry(SHINHAN, a_body(a_point(), member_status=status))

    assert finding.status == Status(status)
    assert finding.reason is None
    assert finding.balances is not None
    assert [(one["remaining"], one["transferable"]) for one in finding.balances] == [(12345, 0)]


def test_points_that_are_not_cashable_are_shown_and_not_transferable_r_p3() -> None:
    finding = read_inquiry(SHINHAN, a_body(a_point(), a_point(point_code="AIR", cashable=False)))

    assert finding.balances is not None
    assert [one["transferable"] for one in finding.balances] == [12345, 0]
    assert finding.balances[1]["remaining"] == 12345


def test_two_balances_of_one_issuer_stay_apart_r_p1() -> None:
    points = (a_point(point_code="WIBEE", point_name="위비"), a_point(point_code="MOA"))
    finding = read_inquiry(ISSUERS["woori"], a_body(*points))

    assert finding.balances is not None
    assert [one["code"] for one in finding.balances] == ["WIBEE", "MOA"]


@given(remaining=st.integers(0, 10**9), transferable=st.integers(0, 10**9))
def test_never_more_transferable_than_remains_r_p3(remaining: int, transferable: int) -> None:
    point = a_point(remain_point_amt=remaining, transferable_point_amt=transferable)
    finding = read_inquiry(SHINHAN, a_body(point))

    assert finding.balances is not None
    assert finding.balances[0]["transferable"] == min(remaining, transferable)


def test_an_unknown_point_keeps_the_name_the_issuer_gave() -> None:
    finding = read_inquiry(SHINHAN, a_body(a_point(point_code="NEW", point_name="새포인트")))

    assert finding.balances is not None
    assert finding.balances[0]["name"] == {"ko": "새포인트", "en": "새포인트"}


@given(st.permutations(["202612", "202701", "202711", "202803", "202612"]))
def test_later_months_come_sorted_r_p5(months: list[str]) -> None:
    rows = [{"month": month, "amt": place} for place, month in enumerate(months)]
    finding = read_inquiry(SHINHAN, a_body(a_point(expiring_list=rows)))

    assert finding.balances is not None
    shown = finding.balances[0]["expirations"]
    assert [one["month"] for one in shown] == [
        "2026-12",
        "2026-12",
        "2027-01",
        "2027-11",
        "2028-03",
    ]
    assert sorted(one["amount"] for one in shown) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("expiring", "month", "expected"),
    [
        (300, "202612", [{"month": "2026-12", "amount": 300}]),
        (0, "202612", []),
        (300, None, []),
    ],
)
def test_an_issuer_without_later_months_still_shows_the_next_one_r_p5(
    expiring: int, month: str | None, expected: list[dict[str, Any]]
) -> None:
    point = without(a_point(expiring_point_amt=expiring, expiring_month=month), "expiring_list")
    finding = read_inquiry(SHINHAN, a_body(point))

    assert finding.balances is not None
    assert finding.balances[0]["expirations"] == expected
    assert finding.balances[0]["expiring"] == expiring


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("50001", Reason.MAINTENANCE),
        ("50002", Reason.ISSUER_ERROR),
        ("99999", Reason.ISSUER_ERROR),
    ],
)
def test_an_issuer_that_could_not_answer_leaves_balances_alone_r_p6(
    code: str, reason: Reason
) -> None:
    assert read_inquiry(SHINHAN, {"rsp_code": code}) == Finding(Status.UNAVAILABLE, None, reason)


BROKEN = [
    {},
    without(a_body(a_point()), "rsp_code"),
    without(a_body(a_point()), "member_status"),
    without(a_body(a_point()), "point_list"),
    a_body(a_point(), rsp_code=0),
    a_body(a_point(), member_status="GONE"),
    a_body(a_point(), member_status=["ACTIVE"]),
    a_body(a_point(), point_cnt=2),
    a_body(a_point(), point_cnt="1"),
    a_body(*[a_point()] * 51),
    a_body("points"),  # type: ignore[arg-type]
    a_body(without(a_point(), "point_code")),
    a_body(without(a_point(), "cashable")),
    a_body(without(a_point(), "remain_point_amt")),
    a_body(without(a_point(), "transferable_point_amt")),
    a_body(a_point(point_code="")),
    a_body(a_point(point_name="가" * 101)),
    a_body(a_point(cashable="true")),
    a_body(a_point(cashable=1)),
    a_body(a_point(remain_point_amt=-1)),
    a_body(a_point(remain_point_amt=1.0)),
    a_body(a_point(remain_point_amt="100")),
    a_body(a_point(remain_point_amt=True)),
    a_body(a_point(expiring_point_amt=None)),
    a_body(a_point(expiring_month="202613")),
    a_body(a_point(expiring_month="2026-12")),
    a_body(a_point(expiring_month="２０２６12")),
    a_body(a_point(expiring_month=202612)),
    a_body(a_point(expiring_list={"month": "202612", "amt": 1})),
    a_body(a_point(expiring_list=[{"month": "202612"}])),
    a_body(a_point(expiring_list=[{"month": "202600", "amt": 1}])),
    a_body(a_point(expiring_list=[{"month": "202612", "amt": 1}] * 121)),
]


@pytest.mark.parametrize("place", range(len(BROKEN)))
def test_a_body_that_is_not_the_contracts_is_refused(place: int) -> None:
    with pytest.raises(ContractBrokenError):
        read_inquiry(SHINHAN, BROKEN[place])


def test_what_is_said_of_a_broken_body_repeats_no_value_of_it() -> None:
    with pytest.raises(ContractBrokenError) as broken:
        read_inquiry(SHINHAN, a_body(a_point(remain_point_amt="홍길동 9,999")))
    assert str(broken.value) == "remain_point_amt"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@st.composite
def damaged_bodies(draw: st.DrawFn) -> dict[str, Any]:
    """Bodies of the contract in which a few places hold something else, or nothing."""
    body = copy.deepcopy(a_body(a_point(), a_point(point_code="B", expiring_list=None)))
    rooms: list[dict[str, Any]] = [
        body,
        *body["point_list"],
        *body["point_list"][0]["expiring_list"],
    ]
    for _ in range(draw(st.integers(1, 3))):
        room = draw(st.sampled_from(rooms))
        name = draw(st.sampled_from(sorted(room)))
        if draw(st.booleans()):
            room[name] = draw(json_values)
        else:
            room.pop(name)
        if not room:
            break
    return body


@given(damaged_bodies() | st.dictionaries(st.text(), json_values, max_size=5))
def test_no_body_raises_anything_else_and_what_is_read_can_be_kept_and_shown(
    body: dict[str, Any],
) -> None:
    try:
        finding = read_inquiry(SHINHAN, body)
    except ContractBrokenError:
        return
    assert (finding.reason is None) == (finding.balances is not None)
    for balance in finding.balances or []:
        assert 0 <= balance["transferable"] <= balance["remaining"]
        months = [row["month"] for row in balance["expirations"]]
        assert months == sorted(months)
