"""State outlives the process, and the process starts and stops in an orderly way."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import urllib3

from tests.partners.partners_driver import REPOSITORY, Inquiry, Partners

if TYPE_CHECKING:
    from pathlib import Path


def test_a_restart_changes_nothing(own_partners: Partners) -> None:
    partners = own_partners
    token = partners.token("kim-haneul")
    ci = partners.ci("made-up-1")
    partners.send("PUT", "/clock", {"now": "2027-05-05T12:00:00+09:00"})
    partners.send("PUT", "/control/seed", {"seed": 5})
    faults = [
        {"kind": "unavailable", "count": 2},
        {"kind": "internal", "probability": 0.5},
    ]
    partners.send("PUT", "/control/faults/issuers/kb", {"faults": faults})
    partners.send(
        "PUT", "/control/people/made-up-1", {"issuers": {"bc": {"member_status": "DORMANT"}}}
    )
    assert partners.inquire("kb", ci).status == 503
    generated = partners.inquire("shinhan", ci).json["point_list"]
    inquiry = Inquiry(ci)
    assert (
        partners.send(
            "POST", "/issuers/bc/v1/points/inquiry", inquiry.body, inquiry.headers()
        ).status
        == 200
    )
    record = partners.calls(operation="inquiry")

    partners.restart()

    assert partners.userinfo(token).json["sub"] == "kim-haneul"
    assert partners.send("GET", "/clock").json["now"].startswith("2027-05-05T12:")
    assert partners.calls(operation="inquiry") == record
    assert partners.inquire("shinhan", ci).json["point_list"] == generated
    assert partners.inquire("bc", ci).json["member_status"] == "DORMANT"
    again = partners.send("POST", "/issuers/bc/v1/points/inquiry", inquiry.body, inquiry.headers())
    assert again.json["rsp_code"] == "40002"
    left = partners.send("GET", "/control/faults").json
    assert left["seed"] == 5
    assert left["targets"]["issuers/kb"]["faults"][0]["count"] == 1
    assert partners.calls(since=str(record["calls"][-1]["seq"]))["calls"][0]["seq"] > 0


def test_chance_goes_on_where_it_was(own_partners: Partners) -> None:
    partners = own_partners
    ci = partners.ci("kim-haneul")
    spec = {"faults": [{"kind": "unavailable", "probability": 0.5}]}

    def luck(number: int) -> list[int]:
        return [partners.inquire("kb", ci).status for _ in range(number)]

    partners.send("PUT", "/control/faults/issuers/kb", spec)
    whole = luck(20)
    partners.send("PUT", "/control/faults/issuers/kb", spec)
    first = luck(8)
    partners.restart()

    assert first + luck(12) == whole


def test_it_stops_in_good_order_while_somebody_is_kept_waiting(own_partners: Partners) -> None:
    partners = own_partners
    ci = partners.ci("kim-haneul")
    partners.send("PUT", "/control/faults/issuers/kb", {"faults": [{"kind": "hang"}]})
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        partners.inquire("kb", ci, timeout_s=0.05)

    assert partners.stop(signal.SIGINT) == 0
    partners.start()

    assert partners.calls(operation="inquiry")["by_outcome"] == {"fault:hang": 1}


def test_the_ci_is_in_no_record(own_partners: Partners) -> None:
    partners = own_partners
    ci = partners.ci("kim-haneul")
    partners.inquire("kb", ci)
    partners.send("PUT", "/control/people/kim-haneul", {"elsewhere": "ACTIVE"})
    partners.stop()

    with sqlite3.connect(partners.state_dir / "partners.sqlite3") as connection:
        dump = "\n".join(connection.iterdump())
    connection.close()

    assert "issuers/kb" in dump
    assert ci not in dump
    partners.start()


def _refused(*options: str) -> str:
    ended = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "local.partners", *options],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode != 0
    return ended.stderr


def test_two_processes_do_not_share_one_state(own_partners: Partners) -> None:
    said = _refused("--port", "0", "--state-dir", str(own_partners.state_dir))

    assert "another process" in said


def test_a_port_in_use_is_said(own_partners: Partners, tmp_path: Path) -> None:
    said = _refused("--port", str(own_partners.port), "--state-dir", str(tmp_path / "other"))

    assert "cannot start" in said
    assert "Traceback" not in said


def test_a_base_url_of_its_own_is_the_issuer_of_tokens(tmp_path: Path) -> None:
    state = tmp_path / "state"
    port_file = tmp_path / "base" / "url"
    process = subprocess.Popen(  # noqa: S603 - our own command
        [
            *(sys.executable, "-m", "local.partners", "--port", "0", "--state-dir", str(state)),
            *("--base-url", "http://partners.localhost:9/", "--port-file", str(port_file)),
        ],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    process.terminate()
    process.communicate(timeout=30)

    assert line == "partners ready http://partners.localhost:9\n"
    assert port_file.read_text() == "http://partners.localhost:9\n"


def test_a_twelfth_issuer_is_one_line(tmp_path: Path) -> None:
    table = json.loads((REPOSITORY / "layers/common/modupoint/issuers.json").read_text("utf-8"))
    name = {"ko": "열두카드", "en": "Twelve Card"}
    points = [{"code": "DOZEN", "name": {"ko": "다스", "en": "Dozen"}, "cashable": True}]
    twelfth = {"code": "twelve", "name": name, "phone": "1500-0012", "points": points}
    (tmp_path / "issuers.json").write_text(json.dumps([*table, twelfth]), "utf-8")
    options = ("--issuers", str(tmp_path / "issuers.json"), "--issuer-latency-ms", "0")
    partners = Partners(tmp_path / "state", options)
    partners.state_dir.mkdir()
    partners.start()
    try:
        anybody = partners.inquire("twelve", partners.ci("anybody")).json
        assert anybody["point_list"][0]["point_code"] == "DOZEN"
        assert anybody["point_list"][0]["remain_point_amt"] > 0
        everything = partners.inquire("twelve", partners.ci("kim-haneul")).json
        assert everything["member_status"] == "ACTIVE"
        nothing = partners.inquire("twelve", partners.ci("lee-seojun")).json
        assert nothing["member_status"] == "NOT_MEMBER"
        assert partners.send("PUT", "/control/faults/issuers/twelve", {}).status == 200
    finally:
        partners.stop()
