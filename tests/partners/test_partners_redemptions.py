"""Redemption, status, reversal and day list of the issuers against partner contracts, section 1."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tests.partners.partners_issuer import REDEMPTIONS, Redeemer, new_id, somebody
from tests.partners.test_partners_inquiry import ELEVEN

if TYPE_CHECKING:
    from tests.partners.partners_driver import Partners, Reply

SHINHAN = "MYSHINHAN"


@pytest.fixture
def redeemer(partners: Partners) -> Redeemer:
    return Redeemer(partners, "shinhan", somebody())


def _code(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.json["rsp_code"]


def test_a_redemption_has_every_field_of_the_contract(
    partners: Partners, redeemer: Redeemer
) -> None:
    partners.send("PUT", "/clock", {"now": "2026-11-22T11:00:00+09:00"})
    key = new_id()

    reply = redeemer.redeem(key, (SHINHAN, 100))

    approved_at = reply.json["approved_at"]
    assert approved_at.startswith("2026112211000")
    assert (reply.status, reply.json) == (
        200,
        {
            "rsp_code": "00000",
            "rsp_msg": "정상",
            "redemption_id": key,
            "redeemed_amt": 100,
            "approved_at": approved_at,
        },
    )
    line = {
        "redemption_id": key,
        "status": "APPROVED",
        "redeemed_amt": 100,
        "approved_at": approved_at,
        "reversed_at": None,
    }
    assert redeemer.status(key).json == {"rsp_code": "00000", **line}
    day = redeemer.day_list("20261122").json
    assert line in day["items"]
    assert day["rsp_code"] == "00000"
    assert day["next_cursor"] is None


@pytest.mark.parametrize("issuer", ELEVEN)
def test_every_issuer_redeems_and_gives_back(partners: Partners, issuer: str) -> None:
    redeemer = Redeemer(partners, issuer, somebody())
    before = redeemer.points()
    code = next(code for code, point in before.items() if point["cashable"])
    key = new_id()

    assert redeemer.redeem(key, (code, 50)).json["redeemed_amt"] == 50
    during = redeemer.points()[code]
    reversal = redeemer.reverse(key)

    assert during["remain_point_amt"] == before[code]["remain_point_amt"] - 50
    assert during["transferable_point_amt"] == before[code]["transferable_point_amt"] - 50
    assert reversal.json == {
        "rsp_code": "00000",
        "status": "REVERSED",
        "reversed_at": reversal.json["reversed_at"],
    }
    assert redeemer.points() == before


def test_the_months_that_expire_first_go_first(redeemer: Redeemer) -> None:
    expirations = [{"months_ahead": ahead, "amt": 100} for ahead in (1, 2, 3)]
    redeemer.hold({"point_code": SHINHAN, "remain": 1000, "expirations": expirations})
    before = redeemer.points()[SHINHAN]["expiring_list"]

    redeemer.redeem(new_id(), (SHINHAN, 150))

    after = redeemer.points()[SHINHAN]
    assert after["remain_point_amt"] == 850
    assert after["expiring_list"] == [{**before[1], "amt": 50}, before[2]]
    assert (after["expiring_month"], after["expiring_point_amt"]) == (before[1]["month"], 50)


def test_what_can_be_moved_shrinks_with_what_there_is(redeemer: Redeemer) -> None:
    """R-P3."""
    redeemer.hold({"point_code": SHINHAN, "remain": 1000, "transferable": 700})

    assert _code(redeemer.redeem(new_id(), (SHINHAN, 701))) == (422, "42201")
    assert redeemer.redeem(new_id(), (SHINHAN, 700)).status == 200
    point = redeemer.points()[SHINHAN]
    assert (point["remain_point_amt"], point["transferable_point_amt"]) == (300, 0)


def test_two_balances_of_one_issuer_are_one_redemption(partners: Partners) -> None:
    """R-T2."""
    woori = Redeemer(partners, "woori", somebody())
    before = woori.points()

    reply = woori.redeem(new_id(), ("WIBEE", 30), ("MOA", 40))

    assert reply.json["redeemed_amt"] == 70
    assert woori.remaining("WIBEE") == before["WIBEE"]["remain_point_amt"] - 30
    assert woori.remaining("MOA") == before["MOA"]["remain_point_amt"] - 40


def test_of_two_balances_none_goes_if_one_is_too_small(partners: Partners) -> None:
    woori = Redeemer(partners, "woori", somebody())
    before = woori.points()

    assert _code(woori.redeem(new_id(), ("WIBEE", 1), ("MOA", 10**9))) == (422, "42201")
    assert woori.points() == before


@pytest.mark.parametrize(
    ("sub", "issuer", "point_code", "code"),
    [
        ("park-jiwoo", "kb", "POINTREE", "42201"),
        ("han-dongwook", "kb", "POINTREE", "42201"),
        ("choi-eunseo", "lotte", "LPOINT", "42202"),
        ("jung-minjae", "bc", "TOP", "42202"),
        ("kang-taeyang", "kb", "POINTREE", "42202"),
        ("lee-seojun", "kb", "POINTREE", "42202"),
        ("oh-jaehyun", "hyundai", "MPOINT", "42204"),
        ("oh-jaehyun", "shinhan", "PARTNER", "42204"),
        ("park-jiwoo", "kb", "NOSUCH", "42204"),
        ("park-jiwoo", "kb", SHINHAN, "42204"),
    ],
)
def test_each_refusal_has_somebody_to_meet_it(
    partners: Partners, sub: str, issuer: str, point_code: str, code: str
) -> None:
    redeemer = Redeemer(partners, issuer, sub)
    before = redeemer.points()
    key = new_id()

    assert _code(redeemer.redeem(key, (point_code, 1_000_000))) == (422, code)

    assert redeemer.status(key).json == {
        "rsp_code": "00000",
        "redemption_id": key,
        "status": "REFUSED",
        "redeemed_amt": 0,
        "approved_at": None,
        "reversed_at": None,
    }
    assert redeemer.points() == before


def test_one_redemption_a_day_and_issuer(partners: Partners) -> None:
    """R-T2, by the partners' clock."""
    partners.send("PUT", "/clock", {"now": "2026-11-22T12:00:00+09:00"})
    redeemer = Redeemer(partners, "shinhan", somebody())
    assert redeemer.redeem(new_id(), (SHINHAN, 1)).status == 200

    assert _code(redeemer.redeem(new_id(), (SHINHAN, 1))) == (422, "42203")
    # Another issuer is another company, another day another day.
    elsewhere = Redeemer(partners, "kb", redeemer.sub, redeemer.ci)
    assert elsewhere.redeem(new_id(), ("POINTREE", 1)).status == 200
    partners.send("PUT", "/clock", {"now": "2026-11-23T00:00:00+09:00"})
    assert redeemer.redeem(new_id(), (SHINHAN, 1)).status == 200


def test_after_a_reversal_the_day_is_open_again(redeemer: Redeemer) -> None:
    first = new_id()
    redeemer.redeem(first, (SHINHAN, 1))
    redeemer.reverse(first)

    assert redeemer.redeem(new_id(), (SHINHAN, 1)).status == 200


def test_the_same_request_again_gets_the_first_answer(redeemer: Redeemer) -> None:
    key, before = new_id(), redeemer.remaining(SHINHAN)

    first = redeemer.redeem(key, (SHINHAN, 10))
    again = redeemer.redeem(key, (SHINHAN, 10))

    assert (again.status, again.json) == (first.status, first.json)
    assert redeemer.remaining(SHINHAN) == before - 10
    [line] = redeemer.book()
    assert (line["attempts"], line["conflicts"]) == (2, 0)


def test_a_refusal_is_an_answer_too(redeemer: Redeemer) -> None:
    redeemer.hold({"point_code": SHINHAN, "remain": 5})
    key = new_id()
    assert _code(redeemer.redeem(key, (SHINHAN, 6))) == (422, "42201")
    redeemer.hold({"point_code": SHINHAN, "remain": 50})

    assert _code(redeemer.redeem(key, (SHINHAN, 6))) == (422, "42201")
    assert redeemer.remaining(SHINHAN) == 50


@pytest.mark.parametrize(
    "changes",
    [
        {"items": [{"point_code": SHINHAN, "amount": 11}]},
        {"requested_at": "20261122110001"},
        {"ci": "A" * 88},
    ],
    ids=str,
)
def test_the_same_id_with_other_content_gets_40901(
    redeemer: Redeemer, changes: dict[str, Any]
) -> None:
    key, before = new_id(), redeemer.remaining(SHINHAN)
    redeemer.redeem(key, (SHINHAN, 10))

    assert _code(redeemer.redeem(key, (SHINHAN, 10), **changes)) == (409, "40901")

    assert redeemer.status(key).json["redeemed_amt"] == 10
    assert redeemer.remaining(SHINHAN) == before - 10
    assert redeemer.book()[0]["conflicts"] == 1


def test_ids_are_each_issuers_own(partners: Partners, redeemer: Redeemer) -> None:
    key = new_id()
    redeemer.redeem(key, (SHINHAN, 10))
    other = Redeemer(partners, "kb", redeemer.sub, redeemer.ci)

    assert _code(other.status(key)) == (404, "40401")
    assert other.redeem(key, ("POINTREE", 10)).status == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"items": []},
        {"items": [{"point_code": SHINHAN, "amount": 0}]},
        {"items": [{"point_code": SHINHAN, "amount": -1}]},
        {"items": [{"point_code": SHINHAN, "amount": "1"}]},
        {"items": [{"point_code": SHINHAN, "amount": 1.5}]},
        {"items": [{"point_code": SHINHAN, "amount": 1}, {"point_code": SHINHAN, "amount": 1}]},
        {"items": [{"amount": 1}]},
        {"redemption_id": "x" * 33},
        {"redemption_id": ""},
        {"redemption_id": "a/b"},
        {"requested_at": "2026-11-22T11:00:00+09:00"},
        {"requested_at": "20261322110000"},
        {"ci": "short"},
        {"more": 1},
    ],
    ids=str,
)
def test_a_body_that_is_not_the_contracts_is_refused_and_forgotten(
    redeemer: Redeemer, changes: dict[str, Any]
) -> None:
    key = new_id()

    assert _code(redeemer.redeem(key, (SHINHAN, 1), **changes)) == (400, "40003")

    assert _code(redeemer.status(key)) == (404, "40401")
    assert redeemer.book() == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", ""),
        ("GET", "/abc"),
        ("POST", "/abc/reversal"),
        ("GET", "?date=20261122&cursor="),
    ],
)
def test_every_operation_wants_a_signature(partners: Partners, method: str, path: str) -> None:
    reply = partners.send(method, f"/issuers/kb{REDEMPTIONS}{path}", {} if path != "" else None)

    assert _code(reply) == (401, "40101")


def test_an_issuer_that_is_not_in_the_table_redeems_nothing(partners: Partners) -> None:
    nobody = Redeemer(partners, "nobody", "kim-haneul")

    assert nobody.redeem(new_id(), ("X", 1)).status == 404


def test_nothing_is_known_of_what_was_never_received(redeemer: Redeemer) -> None:
    assert _code(redeemer.status(new_id())) == (404, "40401")
    assert _code(redeemer.reverse(new_id())) == (404, "40401")


def test_a_refused_redemption_cannot_be_reversed(redeemer: Redeemer) -> None:
    key, before = new_id(), redeemer.points()
    redeemer.redeem(key, (SHINHAN, 10**9))

    assert _code(redeemer.reverse(key)) == (404, "40401")
    assert redeemer.points() == before


def test_a_reversal_gives_back_once(redeemer: Redeemer) -> None:
    """R-T5."""
    key, before = new_id(), redeemer.points()
    redeemer.redeem(key, (SHINHAN, 10))

    first, again = redeemer.reverse(key), redeemer.reverse(key)

    assert (again.status, again.json) == (first.status, first.json) == (200, first.json)
    assert redeemer.points() == before
    after = redeemer.status(key).json
    assert (after["status"], after["redeemed_amt"]) == ("REVERSED", 10)
    assert after["reversed_at"] == first.json["reversed_at"]
    # The first answer to the redemption stays its answer.
    assert redeemer.redeem(key, (SHINHAN, 10)).json["rsp_code"] == "00000"
    assert redeemer.points() == before


def test_a_closed_issuer_refuses_with_42205(partners: Partners, redeemer: Redeemer) -> None:
    partners.send(
        "PUT", "/control/closed/shinhan", {"closed": [{"start": "23:30", "end": "00:30"}]}
    )
    for instant, status in [
        ("2026-11-22T23:29:50+09:00", 200),
        ("2026-11-22T23:30:00+09:00", 422),
        ("2026-11-23T00:29:00+09:00", 422),
        ("2026-11-23T00:30:00+09:00", 200),
    ]:
        partners.send("PUT", "/clock", {"now": instant})
        reply = redeemer.redeem(new_id(), (SHINHAN, 1))
        assert _code(reply) == (status, "00000" if status == 200 else "42205"), instant
    partners.send("DELETE", "/control/closed/shinhan")
    assert partners.send("GET", "/control/closed/shinhan").json == {"closed": []}


def test_the_day_list_has_what_was_approved_or_reversed_on_it(own_partners: Partners) -> None:
    """R-T8."""
    partners = own_partners
    partners.send("PUT", "/clock", {"now": "2026-11-22T12:00:00+09:00"})
    one, other = (Redeemer(partners, "shinhan", somebody()) for _ in range(2))
    keys = [new_id() for _ in range(4)]
    one.redeem(keys[0], (SHINHAN, 1))
    other.redeem(keys[1], (SHINHAN, 2))
    one.redeem(keys[2], (SHINHAN, 10**9))
    partners.send("PUT", "/clock", {"now": "2026-11-23T12:00:00+09:00"})
    one.reverse(keys[0])
    other.redeem(keys[3], (SHINHAN, 4))

    def listed(day: str) -> list[tuple[str, str]]:
        items = one.day_list(day).json["items"]
        return [(item["redemption_id"], item["status"]) for item in items]

    assert listed("20261122") == [(keys[0], "REVERSED"), (keys[1], "APPROVED")]
    assert listed("20261123") == [(keys[0], "REVERSED"), (keys[3], "APPROVED")]
    assert listed("20261124") == []


def test_a_long_day_comes_in_pages(own_partners: Partners) -> None:
    own_partners.send("PUT", "/clock", {"now": "2026-11-22T12:00:00+09:00"})
    redeemers = [Redeemer(own_partners, "kb", somebody()) for _ in range(205)]
    keys = [new_id() for _ in redeemers]
    for redeemer, key in zip(redeemers, keys, strict=True):
        assert redeemer.redeem(key, ("POINTREE", 1)).status == 200

    pages: list[list[str]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = redeemers[0].day_list("20261122", cursor).json
        pages.append([item["redemption_id"] for item in page["items"]])
        cursor = page["next_cursor"]

    assert [len(page) for page in pages] == [100, 100, 5]
    assert [key for page in pages for key in page] == keys


@pytest.mark.parametrize(
    "query", ["", "?date=2026-11-22", "?date=20261322", "?date=20261122&cursor=x"]
)
def test_a_list_of_no_day_is_refused(redeemer: Redeemer, query: str) -> None:
    reply = redeemer.partners.signed("GET", "shinhan", REDEMPTIONS + query)

    assert _code(reply) == (400, "40003")


def test_the_same_id_twice_at_once_has_one_effect(redeemer: Redeemer) -> None:
    key, before = new_id(), redeemer.remaining(SHINHAN)

    with ThreadPoolExecutor(16) as pool:
        replies = list(pool.map(lambda _: redeemer.redeem(key, (SHINHAN, 10)), range(16)))

    assert {(reply.status, reply.text) for reply in replies} == {(200, replies[0].text)}
    assert redeemer.remaining(SHINHAN) == before - 10
    [line] = redeemer.book()
    assert line["attempts"] == 16


def test_of_two_ids_at_once_one_is_first(redeemer: Redeemer) -> None:
    """R-T2."""
    before = redeemer.remaining(SHINHAN)

    with ThreadPoolExecutor(16) as pool:
        replies = list(pool.map(lambda _: redeemer.redeem(new_id(), (SHINHAN, 10)), range(16)))

    codes = sorted(reply.json["rsp_code"] for reply in replies)
    assert codes == ["00000", *["42203"] * 15]
    assert redeemer.remaining(SHINHAN) == before - 10


def test_a_reversal_twice_at_once_gives_back_once(redeemer: Redeemer) -> None:
    key, before = new_id(), redeemer.points()
    redeemer.redeem(key, (SHINHAN, 10))

    with ThreadPoolExecutor(16) as pool:
        replies = list(pool.map(lambda _: redeemer.reverse(key), range(16)))

    assert {reply.text for reply in replies} == {replies[0].text}
    assert redeemer.points() == before


def test_a_balance_told_anew_counts_from_then_on(redeemer: Redeemer) -> None:
    first, before = new_id(), redeemer.remaining(SHINHAN)
    redeemer.redeem(first, (SHINHAN, 10))

    redeemer.hold({"point_code": SHINHAN, "remain": 500})
    assert redeemer.remaining(SHINHAN) == 500
    # Points given back come on top of what was told after they went.
    redeemer.reverse(first)
    assert redeemer.remaining(SHINHAN) == 510
    redeemer.redeem(new_id(), (SHINHAN, 30))
    assert redeemer.remaining(SHINHAN) == 480

    redeemer.partners.send("DELETE", f"/control/people/{redeemer.sub}")
    assert redeemer.remaining(SHINHAN) == before - 30


def test_the_control_interface_shows_what_is_left(redeemer: Redeemer) -> None:
    redeemer.redeem(new_id(), (SHINHAN, 10))

    shown = redeemer.partners.send("GET", f"/control/people/{redeemer.sub}").json

    points = {point["point_code"]: point for point in shown["issuers"]["shinhan"]["point_list"]}
    assert points == redeemer.points()


def test_dormant_points_can_be_seen_and_not_moved(redeemer: Redeemer) -> None:
    """R-P4."""
    redeemer.hold(member_status="DORMANT")

    assert _code(redeemer.redeem(new_id(), (SHINHAN, 1))) == (422, "42202")
    assert redeemer.remaining(SHINHAN) > 0
