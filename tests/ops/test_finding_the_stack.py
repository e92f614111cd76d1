"""A stack is found by its file on this machine and by its name on AWS; what is printed lines up."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from modupoint import aws
from ops import deployment
from ops.command_line import COMMANDS, main, parser
from ops.deployment import Deployment, deployment_of
from ops.output import as_text
from ops.refusal import RefusedError

if TYPE_CHECKING:
    from pathlib import Path

OUTPUTS = {
    "MembersTable": "m",
    "TransfersTable": "t",
    "AutopaysTable": "a",
    "OperationsTable": "o",
    "ApiId": "i",
}
FOUND = Deployment("shop", "m", "t", "a", "o")


@pytest.fixture(autouse=True)
def _formation(monkeypatch: pytest.MonkeyPatch) -> None:
    class Formation:
        """CloudFormation with one stack."""

        def describe_stacks(self, **asked: str) -> Any:
            assert asked == {"StackName": "shop"}
            pairs = [{"OutputKey": key, "OutputValue": value} for key, value in OUTPUTS.items()]
            return {"Stacks": [{"Outputs": pairs}]}

    for name in ("AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION", "CLOCK_URL"):
        monkeypatch.setenv(name, "as before")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "a person's")
    monkeypatch.setattr(deployment, "client", lambda _: Formation())


def test_a_local_stack_is_found_by_its_file(tmp_path: Path) -> None:
    local = {
        "stack_name": "shop",
        "aws_endpoint_url": "http://127.0.0.1:1",
        "region": "ap-northeast-2",
        "partners_url": "http://127.0.0.1:2",
    }
    (tmp_path / "stack.json").write_text(json.dumps(local))
    assert deployment_of(None, tmp_path / "stack.json") == FOUND
    assert os.environ["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"
    assert os.environ["CLOCK_URL"] == "http://127.0.0.1:2/clock"
    assert os.environ["AWS_ACCESS_KEY_ID"] == "test"


def test_a_stack_on_aws_is_found_by_its_name_in_the_usual_environment(tmp_path: Path) -> None:
    assert deployment_of("shop", tmp_path / "nothing.json") == FOUND
    assert os.environ["AWS_ACCESS_KEY_ID"] == "a person's"
    assert os.environ["AWS_ENDPOINT_URL"] == "as before"


def test_without_a_stack_the_way_to_one_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(RefusedError, match="--stack-name"):
        deployment_of(None, tmp_path / "nothing.json")
    assert main(["--stack-file", str(tmp_path / "nothing.json"), "stuck"]) == 1
    assert "--stack-name" in capsys.readouterr().err


def test_the_stack_may_be_named_before_and_after_the_command() -> None:
    for line in (["--as", "kim", "--stack-name", "s", "stuck"], ["stuck", "--as", "kim", "--stack-name", "s"]):  # fmt: skip
        given = parser().parse_args(line)
        assert (given.who, given.stack_name, given.json) == ("kim", "s", False)


def test_whatever_changes_something_says_so_in_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    for command in COMMANDS:
        with pytest.raises(SystemExit):
            parser().parse_args([*command.name.split(), "--help"])
        assert ("--reason" in capsys.readouterr().out) is (command.changes is not None)


def test_korean_letters_are_two_columns_wide() -> None:
    rows = [{"name": "임시공휴일", "day": 1}, {"name": "plain", "day": 2}]
    assert as_text(rows).splitlines() == [
        "name        day",
        "임시공휴일  1",
        "plain       2",
    ]


def test_values_and_their_tables_are_told_apart() -> None:
    shown = {"leg": "l", "former": [], "ledger": [{"cause": "REDEEMED", "failure": None}]}
    assert as_text(shown).splitlines() == [
        "leg     l",
        "former  -",
        "",
        "ledger:",
        "cause     failure",
        "REDEEMED  -",
    ]


def test_a_service_that_fails_is_named_and_not_quoted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_: str) -> Any:
        raise aws.AwsError[0](
            {"Error": {"Code": "AccessDenied", "Message": "arn:aws:…"}}, "DescribeStacks"
        )

    monkeypatch.setattr(deployment, "client", fails)
    assert main(["--stack-name", "shop", "stuck"]) == 1
    assert capsys.readouterr().err == "DescribeStacks:AccessDenied\n"
