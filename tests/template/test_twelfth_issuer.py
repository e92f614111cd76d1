"""A twelfth issuer is one line of data: API, schema and lanes follow (decision 2)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from local.generate import template_text
from modupoint.issuers import ISSUERS
from tests.template.expanded_template import TEMPLATE, expanded

if TYPE_CHECKING:
    from pathlib import Path

ROOT = TEMPLATE.parent
LINE = """\
  {"code": "suhyup", "name": {"ko": "수협은행", "en": "Suhyup Bank"}, "phone": "1588-1515", "cash_arrival": {"kind": "at_once_before", "cut_off": "21:00"}, "points": [{"code": "BADA", "name": {"ko": "바다포인트", "en": "Bada Point"}, "cashable": true}]}
"""
ELEVEN = list(ISSUERS)
TWELVE = [*ELEVEN, "suhyup"]

ASK = """
import json
from pathlib import Path
from local.generate import openapi_text, template_text
from modupoint.issuers import ISSUERS
from query.list_issuers import handler
from query.lookups import Lookup, show
from query.request_models import LookupRequest

lookup = Lookup("lkp_00000000-0000-7000-8000-000000000000", 0, 30_000, None)
print(json.dumps({
    "issuers": list(ISSUERS),
    "asked": list(LookupRequest.model_validate({"issuers": ["suhyup"]}).issuers),
    "schema": LookupRequest.model_json_schema()["properties"]["issuers"]["items"]["enum"],
    "openapi": openapi_text().count("suhyup"),
    "listed": json.loads(handler({"requestContext": {}}, None)["body"])["issuers"][-1],
    "shown": list(show(lookup, {}, {}, 0)["results"]),
    "template": template_text(Path("template.yaml").read_text(encoding="utf-8"), list(ISSUERS)),
}))
"""


@pytest.fixture(scope="module")
def copy_with_a_twelfth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the layer in which one line was added and nothing else."""
    layer = tmp_path_factory.mktemp("layer")
    shutil.copytree(ROOT / "layers/common/modupoint", layer / "modupoint")
    table = layer / "modupoint" / "issuers.json"
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[-2] = lines[-2].rstrip("\n") + ",\n"
    table.write_text("".join([*lines[:-1], LINE, lines[-1]]), encoding="utf-8")
    return layer


@pytest.fixture(scope="module")
def told(copy_with_a_twelfth: Path) -> dict[str, Any]:
    """Give what the code says when it runs over that copy."""
    path = os.pathsep.join(map(str, (ROOT / "functions", copy_with_a_twelfth, ROOT)))
    ran = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr.decode()
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


def test_it_can_be_asked_for_and_is_asked_with_all_the_others(told: dict[str, Any]) -> None:
    assert told["issuers"] == TWELVE
    assert told["asked"] == ["suhyup"]
    assert told["shown"] == TWELVE


def test_it_is_in_the_published_schema(told: dict[str, Any]) -> None:
    assert told["schema"] == TWELVE
    assert told["openapi"] >= 1


def test_it_is_listed_with_its_words(told: dict[str, Any]) -> None:
    assert told["listed"]["code"] == "suhyup"
    assert "21:00" in told["listed"]["cash_arrival"]["en"]
    assert [point["code"] for point in told["listed"]["points"]] == ["BADA"]


def test_it_has_lanes_like_all_the_others(told: dict[str, Any]) -> None:
    before = expanded(TEMPLATE.read_text(encoding="utf-8"), "production")
    after = expanded(told["template"], "production")
    for part in (
        "LookupQueue",
        "LookupDeadLetterQueue",
        "LookupQueuePolicy",
        "LookupSubscription",
        "LookupMapping",
        "LookupAgeAlarm",
        "LookupDeadLetterAlarm",
        "ScanQueue",
        "ScanQueuePolicy",
        "ScanSubscription",
        "ScanMapping",
        "ScanAgeAlarm",
        "TransferQueue",
        "TransferDeadLetterQueue",
        "TransferQueuePolicy",
        "TransferSubscription",
        "TransferMapping",
        "TransferAgeAlarm",
        "TransferDeadLetterAlarm",
    ):
        assert f"suhyup{part}" not in before
        made = repr(after[f"suhyup{part}"])
        assert made.replace("suhyup", "kb") == repr(after[f"kb{part}"])


def test_the_template_in_the_repository_has_a_lane_for_each_line_of_the_table() -> None:
    text = TEMPLATE.read_text(encoding="utf-8")
    assert template_text(text, ELEVEN) == text


def test_a_template_without_a_place_for_the_list_is_refused() -> None:
    with pytest.raises(ValueError, match="generated:issuers"):
        template_text("Parameters: {}", ELEVEN)
