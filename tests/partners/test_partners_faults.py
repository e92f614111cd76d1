"""Every way in which a partner can be made to misbehave, seen from its caller."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import urllib3

from local.partners.__main__ import parse
from tests.partners.partners_browser import answer_of, exchange, sign_in

if TYPE_CHECKING:
    from tests.partners.partners_driver import Partners

TARGET = "issuers/shinhan"


@pytest.fixture
def ci(partners: Partners) -> str:
    return partners.ci("kim-haneul")


def _set(partners: Partners, *faults: dict[str, Any], target: str = TARGET, **spec: Any) -> None:
    reply = partners.send("PUT", f"/control/faults/{target}", {"faults": faults, **spec})
    assert reply.status == 200, reply.text


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ({"kind": "too_many_requests", "retry_after_seconds": 7}, 429, "42901"),
        ({"kind": "unavailable", "retry_after_seconds": 7}, 503, "50301"),
        ({"kind": "maintenance"}, 200, "50001"),
        ({"kind": "maintenance", "http_status": 500}, 500, "50001"),
        ({"kind": "internal"}, 500, "50002"),
        ({"kind": "internal", "http_status": 200}, 200, "50002"),
        ({"kind": "error", "http_status": 422, "rsp_code": "42299"}, 422, "42299"),
    ],
    ids=str,
)
def test_a_partner_can_decline(
    partners: Partners, ci: str, fault: dict[str, Any], status: int, code: str
) -> None:
    _set(partners, fault)

    reply = partners.inquire("shinhan", ci)

    assert (reply.status, reply.json["rsp_code"]) == (status, code)
    assert reply.headers.get("retry-after") == ("7" if status in {429, 503} else None)
    call = partners.wait_for_call(f"fault:{fault['kind']}")
    assert (call["http_status"], call["code"]) == (status, code)
    # R-P6: one partner's trouble is no other's.
    assert partners.inquire("kb", ci).json["rsp_code"] == "00000"


@pytest.mark.parametrize("body", ["Bad Gateway", {"oops": 1}, [1], ""])
def test_an_error_can_have_any_body(partners: Partners, ci: str, body: Any) -> None:
    _set(partners, {"kind": "error", "http_status": 502, "body": body})

    reply = partners.inquire("shinhan", ci)

    assert reply.status == 502
    assert reply.text == (body if isinstance(body, str) else json.dumps(body))


@pytest.mark.parametrize("kind", ["hang", "timeout_before_effect", "timeout_after_effect"])
def test_a_partner_can_keep_quiet(partners: Partners, ci: str, kind: str) -> None:
    _set(partners, {"kind": kind})

    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        partners.inquire("shinhan", ci, timeout_s=0.2)

    call = partners.wait_for_call(f"fault:{kind}")
    assert call["http_status"] is None


def test_a_partner_that_keeps_quiet_cuts_in_the_end(partners: Partners, ci: str) -> None:
    _set(partners, {"kind": "hang", "max_seconds": 0.05})

    with pytest.raises(urllib3.exceptions.ProtocolError):
        partners.inquire("shinhan", ci)


@pytest.mark.parametrize("kind", ["cut_before_effect", "cut_after_effect"])
def test_a_partner_can_cut_the_connection(partners: Partners, ci: str, kind: str) -> None:
    _set(partners, {"kind": kind})

    with pytest.raises(urllib3.exceptions.ProtocolError):
        partners.inquire("shinhan", ci)

    assert partners.wait_for_call(f"fault:{kind}")["http_status"] is None


@pytest.mark.parametrize(("when", "status"), [("before", 200), ("after", 400)])
def test_before_or_after_the_effect_is_a_difference(
    partners: Partners, when: str, status: int
) -> None:
    """A code is good once."""
    code = answer_of(sign_in(partners))["code"]
    fault = {"kind": f"cut_{when}_effect", "operation": "token", "count": 1}
    _set(partners, fault, target="identity")
    with pytest.raises(urllib3.exceptions.ProtocolError):
        exchange(partners, code)

    assert exchange(partners, code).status == status


def test_an_answer_can_be_late(partners: Partners, ci: str) -> None:
    for effect in ("late", "at_once"):
        _set(partners, {"kind": "late", "ms": 150, "effect": effect})
        begun = time.monotonic()

        assert partners.inquire("shinhan", ci).json["rsp_code"] == "00000"
        assert time.monotonic() - begun >= 0.15


def test_a_late_effect_lands_though_the_caller_has_gone(partners: Partners) -> None:
    code = answer_of(sign_in(partners))["code"]
    _set(partners, {"kind": "late", "ms": 300, "count": 1}, target="identity")
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        partners.send(
            "POST",
            "/identity/token",
            "grant_type=authorization_code&client_id=modupoint&redirect_uri=x&code_verifier=x"
            f"&code={code}",
            {"Content-Type": "application/x-www-form-urlencoded"},
            timeout_s=0.05,
        )
    partners.wait_for_call("fault:late")

    assert exchange(partners, code).json["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "body",
    ["not_json", "truncated_json", "wrong_types", "missing_fields", "negative_amounts", "html"],
)
def test_an_answer_can_be_malformed(partners: Partners, ci: str, body: str) -> None:
    well = partners.inquire("shinhan", ci).json
    _set(partners, {"kind": "malformed", "body": body})

    reply = partners.inquire("shinhan", ci)

    assert reply.status == 200
    if body in {"not_json", "truncated_json", "html"}:
        with pytest.raises(ValueError, match=r"Expecting|Unterminated|Extra data"):
            _ = reply.json
        assert reply.headers["content-type"].startswith(
            "text/html" if body == "html" else "application/json"
        )
        return
    spoilt = reply.json
    if body == "missing_fields":
        assert set(spoilt) < set(well)
    if body == "wrong_types":
        assert not isinstance(spoilt["point_cnt"], int)
        assert not isinstance(spoilt["point_list"], list)
    if body == "negative_amounts":
        assert spoilt["point_list"][0]["remain_point_amt"] < 0
        assert spoilt["point_cnt"] == well["point_cnt"]


def test_a_malformed_body_can_be_left_to_chance(partners: Partners, ci: str) -> None:
    _set(partners, {"kind": "malformed"})

    bodies = {partners.inquire("shinhan", ci).text for _ in range(20)}

    assert len(bodies) > 2


def test_a_fault_ends_after_its_count(partners: Partners, ci: str) -> None:
    _set(partners, {"kind": "unavailable", "count": 2}, {"kind": "maintenance", "count": 1})

    codes = [partners.inquire("shinhan", ci).json["rsp_code"] for _ in range(4)]

    assert codes == ["50301", "50301", "50001", "00000"]
    assert partners.send("GET", f"/control/faults/{TARGET}").json == {"faults": []}


def test_a_fault_can_be_for_one_operation(partners: Partners) -> None:
    _set(partners, {"kind": "internal", "operation": "userinfo"}, target="identity")
    token = partners.token("kim-haneul")

    assert partners.userinfo(token).status == 500
    assert partners.send("GET", "/identity/jwks.json").status == 200


def test_a_refused_request_meets_no_fault(partners: Partners, ci: str) -> None:
    _set(partners, {"kind": "unavailable", "count": 1})

    assert partners.inquire("shinhan", ci, key=b"wrong").status == 401
    assert partners.inquire("shinhan", ci).status == 503


def _luck(partners: Partners, ci: str, target: str = TARGET) -> list[int]:
    _set(partners, {"kind": "unavailable", "probability": 0.5}, target=target)
    issuer = target.removeprefix("issuers/")
    return [partners.inquire(issuer, ci).status for _ in range(24)]


def test_chance_repeats_with_its_seed(partners: Partners, ci: str) -> None:
    first = _luck(partners, ci)

    assert {200, 503} == set(first)
    assert _luck(partners, ci) == first
    assert _luck(partners, ci, "issuers/kb") != first
    assert partners.send("PUT", "/control/seed", {"seed": 1}).json == {"seed": 1}
    assert _luck(partners, ci) != first
    partners.send("PUT", "/control/seed", {"seed": 0})
    assert _luck(partners, ci) == first


@pytest.mark.parametrize(
    "latency",
    [
        {"kind": "fixed", "ms": 60},
        {"kind": "uniform", "min_ms": 60, "max_ms": 70},
        {"kind": "lognormal", "median_ms": 60, "sigma": 0},
    ],
    ids=str,
)
def test_a_partner_can_be_slow(partners: Partners, ci: str, latency: dict[str, Any]) -> None:
    _set(partners, latency=latency)
    begun = time.monotonic()

    assert partners.inquire("shinhan", ci).status == 200
    assert time.monotonic() - begun >= 0.059


def test_slowness_can_have_a_tail_and_a_bound(partners: Partners, ci: str) -> None:
    _set(partners, latency={"kind": "exponential", "mean_ms": 100_000, "max_ms": 1})

    assert partners.inquire("shinhan", ci).status == 200


def test_partners_take_their_time_unless_told_otherwise() -> None:
    assert parse([]).issuer_latency_ms == 300
    assert parse([]).bank_latency_ms == 100


def test_capacity_is_finite(partners: Partners, ci: str) -> None:
    _set(partners, capacity_per_second=5)

    with ThreadPoolExecutor(16) as pool:
        replies = list(pool.map(lambda _: partners.inquire("shinhan", ci), range(40)))

    statuses = [reply.status for reply in replies]
    assert set(statuses) == {200, 429}
    assert statuses.count(200) >= 5
    refused = next(reply for reply in replies if reply.status == 429)
    assert int(refused.headers["retry-after"]) >= 1
    by_outcome = partners.calls(partner=TARGET)["by_outcome"]
    assert by_outcome == {
        "answered": statuses.count(200),
        "over_capacity": statuses.count(429),
    }


@pytest.mark.parametrize(
    "spec",
    [
        "",
        {"fault": []},
        {"faults": [{"kind": "tired"}]},
        {"faults": [{"kind": "hang", "probability": 1.5}]},
        {"faults": [{"kind": "hang", "count": 0}]},
        {"faults": [{"kind": "hang", "operation": "redeem"}]},
        {"faults": [{"kind": "error"}]},
        {"faults": [{"kind": "malformed", "body": "rude"}]},
        {"latency": {"kind": "uniform", "min_ms": 9, "max_ms": 3}},
        {"latency": {"kind": "fixed", "ms": -1}},
        {"latency": {"kind": "lognormal", "median_ms": 0}},
        {"capacity_per_second": 0},
    ],
    ids=str,
)
def test_a_spec_that_makes_no_sense_is_refused(partners: Partners, spec: Any) -> None:
    reply = partners.send("PUT", f"/control/faults/{TARGET}", spec)

    assert reply.status == 400
    assert reply.json["error"]
    assert partners.send("GET", "/control/faults").json["targets"] == {}


def test_a_target_that_is_not_there_is_named(partners: Partners) -> None:
    reply = partners.send("PUT", "/control/faults/issuers/nobody", {})

    assert reply.status == 404
    assert "issuers/shinhan" in reply.json["error"]


def test_faults_can_be_lifted(partners: Partners, ci: str) -> None:
    for lift in (f"/control/faults/{TARGET}", "/control/faults"):
        _set(partners, {"kind": "unavailable"})
        assert partners.send("DELETE", lift).status == 204
        assert partners.inquire("shinhan", ci).status == 200


def test_every_kind_there_is_can_be_named(partners: Partners) -> None:
    described = partners.send("GET", "/control").json

    assert {"identity", "bank", *(f"issuers/{code}" for code in ("shinhan", "epost"))} <= set(
        described["targets"]
    )
    for kind in described["fault_kinds"]:
        extra = {"error": {"http_status": 500}, "late": {"ms": 1}}.get(kind, {})
        _set(partners, {"kind": kind, **extra})
