"""What is prepared for a scale is said once: for AWS, the simulation and whoever reads of it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bench.opening_day.preparation import PREPARATIONS, Preparation
from bench.opening_day.quotas import QUOTAS
from bench.opening_day.structure import read_structure
from deploy.scales import SCALES, main, overrides
from modupoint.issuers import ISSUERS
from tests.template.expanded_template import TEMPLATE, parsed

PARAMETERS: dict[str, dict[str, Any]] = parsed(TEMPLATE.read_text(encoding="utf-8"))["Parameters"]
PAGE = (TEMPLATE.parent / "docs" / "opening-day.md").read_text(encoding="utf-8")

# The page's words for a quota.
QUOTA_ROWS = {
    "Lambda concurrency of the account": "lambda_concurrency",
    "HTTP API, requests a second": "api_requests_per_s",
    "SNS publishes a second": "sns_publishes_per_s",
}


@pytest.fixture(params=sorted(SCALES))
def size(request: pytest.FixtureRequest) -> int:
    scale: int = request.param
    return scale


def set_to(size: int, parameter: str) -> int:
    """Return what a parameter is at a scale, set or not."""
    return SCALES[size].parameters.get(parameter, int(PARAMETERS[parameter]["Default"]))


def granted(size: int, quota: str) -> int:
    """Return what a quota is at a scale, asked for or not."""
    return SCALES[size].quotas.get(quota, QUOTAS[quota].default)


def rows_of(page: str) -> dict[str, list[str]]:
    """Return the table of what is set before the day, a list of the scales' cells by row."""
    [table] = re.findall(
        r"^\| set before the day \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", page, re.MULTILINE
    )
    cells = [line.strip("|").split("|") for line in table.splitlines()]
    return {row[0].strip().strip("`"): [one.strip() for one in row[1:]] for row in cells}


def test_the_scales_are_those_of_the_simulation() -> None:
    assert sorted(SCALES) == [1, 10, 50] == list(PREPARATIONS)


def test_the_first_day_needs_nothing_set() -> None:
    assert not SCALES[1].parameters
    assert not SCALES[1].quotas


def test_what_is_set_are_numbers_the_template_takes(size: int) -> None:
    for name, value in SCALES[size].parameters.items():
        parameter = PARAMETERS[name]
        assert parameter["Type"] == "Number", name
        assert parameter.get("MinValue", 0) <= value <= parameter.get("MaxValue", value), name


def test_what_is_asked_for_is_a_quota_and_more_than_there_is_by_default(size: int) -> None:
    for name, value in SCALES[size].quotas.items():
        assert value > QUOTAS[name].default, name


def test_the_simulation_lives_what_is_deployed(size: int) -> None:
    deployed = read_structure(parameters=dict(SCALES[size].parameters))
    assert PREPARATIONS[size].applied(read_structure()) == deployed
    assert PREPARATIONS[size].api_requests_per_s == deployed.api_requests_per_s


def test_no_throttle_lets_through_what_the_account_does_not_take(size: int) -> None:
    assert set_to(size, "ApiRate") == granted(size, "api_requests_per_s")
    assert set_to(size, "LookupRate") == granted(size, "sns_publishes_per_s")
    assert PREPARATIONS[size].posts_per_s == set_to(size, "LookupRate")


def test_kept_workers_are_all_that_transfers_may_have_and_leave_enough(size: int) -> None:
    reserve = set_to(size, "TransferReserve")
    assert reserve in {0, set_to(size, "TransferLaneConcurrency") * len(ISSUERS)}
    # AWS insists on a hundred that nobody has reserved.
    lanes = set_to(size, "LaneConcurrency") * len(ISSUERS)
    assert lanes + reserve + 100 <= granted(size, "lambda_concurrency")


def test_the_page_says_the_same_of_every_parameter_and_quota() -> None:
    rows = rows_of(PAGE)
    assert set(rows) == {*SCALES[10].parameters, *SCALES[50].parameters, *QUOTA_ROWS}
    for name, cells in rows.items():
        for size, cell in zip(sorted(SCALES), cells, strict=True):
            quota = QUOTA_ROWS.get(name)
            value = granted(size, quota) if quota else set_to(size, name)
            assert int(re.sub(r"\D", "", cell.partition(" ")[0])) == value, (name, size)


def test_parameters_are_printed_as_sam_takes_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["scales", "10"])
    assert main() == 0
    printed = capsys.readouterr().out.split()
    assert dict(one.split("=") for one in printed) == {
        name: str(value) for name, value in SCALES[10].parameters.items()
    }
    assert overrides(SCALES[1]) == ""


def test_a_scale_that_was_not_worked_out_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["scales", "7"])
    assert main() == 2
    assert "1, 10, 50" in capsys.readouterr().err
    assert Preparation() == PREPARATIONS[1]
