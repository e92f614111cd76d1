"""A lookup over the deployed stack, from the member's request to the last answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from modupoint.issuers import ISSUERS

if TYPE_CHECKING:
    from tests.stack.member import Member
    from tests.stack.partners import Partners


def _month(contract_month: str) -> str:
    return f"{contract_month[:4]}-{contract_month[4:]}"


def _expected_point(issuer: str, said: dict[str, Any]) -> dict[str, Any]:
    """Return a balance of the partner contract as the public API shows it."""
    known = {point.code: point for point in ISSUERS[issuer].points}
    ours = known.get(said["point_code"])
    return {
        "code": said["point_code"],
        "name": {
            "ko": said["point_name"],
            "en": ours.name["en"] if ours else said["point_name"],
        },
        "cashable": said["cashable"],
        "remaining": said["remain_point_amt"],
        "transferable": said["transferable_point_amt"],
        "expiring": said["expiring_point_amt"],
        "expiring_month": _month(said["expiring_month"]) if said["expiring_month"] else None,
        "expirations": [
            {"month": _month(row["month"]), "amount": row["amt"]} for row in said["expiring_list"]
        ],
    }


def test_eleven_healthy_issuers_answer_and_every_field_is_right(
    member: Member, partners: Partners
) -> None:
    lookup = member.look_up()
    said = partners.person(member.sub)["issuers"]

    assert lookup["status"] == "DONE"
    assert lookup["retry_after_ms"] == 0
    assert list(lookup["results"]) == list(ISSUERS)
    for code, result in lookup["results"].items():
        assert result["status"] == "OK"
        assert result["points"] == [
            _expected_point(code, point) for point in said[code]["point_list"]
        ], code
        assert (result["stale"], result["eta_seconds"], result["message"]) == (False, 0, None)
        answered_at = datetime.fromisoformat(result["as_of"])
        assert answered_at >= datetime.fromisoformat(lookup["requested_at"])
        assert answered_at.utcoffset() == timedelta(hours=9)
    points = [point for one in said.values() for point in one["point_list"]]
    requested = datetime.fromisoformat(lookup["requested_at"])
    next_month = (requested.replace(day=1) + timedelta(days=32)).strftime("%Y%m")
    assert lookup["totals"] == {
        "remaining": sum(point["remain_point_amt"] for point in points),
        "transferable": sum(point["transferable_point_amt"] for point in points),
        "expiring_next_month": sum(
            row["amt"]
            for point in points
            for row in point["expiring_list"]
            if row["month"] == next_month
        ),
    }
