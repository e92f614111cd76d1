"""The store suite runs over moto and over Amazon's own engine.

moto is known to let two threads win one conditional write, so what is said of
things that happen at once is shown on ``racing_engine`` only.
"""

from __future__ import annotations

import os
import socket
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from hypothesis import settings
from moto import mock_aws

from local.dynamodb_local import DynamoDBLocal, NotAvailableError
from modupoint import aws
from modupoint.envelope import DataKeys
from query.lane_board import LaneBoard
from query.members import Members

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ENGINES = ("moto", "dynamodb-local")
AWS_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "ap-northeast-2",
}

settings.register_profile("no-clock", deadline=None)
settings.load_profile("no-clock")


@dataclass(frozen=True, slots=True)
class Store:
    """The tables of one test, empty, and a KMS key."""

    members_table: str
    operations_table: str
    kms_key_id: str

    def members(self) -> Members:
        """Give the table of members as an environment of its own sees it."""
        return Members(self.members_table)

    def board(self) -> LaneBoard:
        """Give the lanes as an environment of its own knows them."""
        return LaneBoard(self.operations_table)

    def keys(self) -> DataKeys:
        """Give the keys as an environment of its own knows them."""
        return DataKeys(self.operations_table, self.kms_key_id)


@pytest.fixture(scope="session")
def dynamodb_local() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    with ExitStack() as running:
        try:
            engine = running.enter_context(DynamoDBLocal(port))
        except NotAvailableError as error:
            pytest.skip(str(error))
        yield engine.endpoint_url


@contextmanager
def _clean_aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in [name for name in os.environ if name.startswith("AWS_ENDPOINT_URL")]:
        monkeypatch.delenv(name)
    for name, value in AWS_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    aws.client.cache_clear()
    with mock_aws():
        yield
    aws.client.cache_clear()


def _new_store() -> Store:
    dynamodb = aws.client("dynamodb")
    suffix = uuid4().hex
    for name in (f"members-{suffix}", f"operations-{suffix}"):
        dynamodb.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
        )
    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    return Store(f"members-{suffix}", f"operations-{suffix}", key)


@pytest.fixture
def _moto(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with _clean_aws(monkeypatch):
        yield


@pytest.fixture
def _engine(dynamodb_local: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with _clean_aws(monkeypatch):
        # KMS stays moto's; what is not moto's address goes out for real.
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", dynamodb_local)
        yield


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest) -> Store:
    """Give a store on each engine in turn."""
    request.getfixturevalue("_moto" if request.param == "moto" else "_engine")
    return _new_store()


@pytest.fixture
def racing_store(_engine: None) -> Store:
    """Give a store on the engine that orders what happens at once."""
    return _new_store()


@pytest.fixture
def imitated_store(_moto: None) -> Store:
    """Give a store on moto, which is quick: for many examples in a row."""
    return _new_store()


@pytest.fixture
def new_member() -> Callable[[], str]:
    """Give members' keys, each of its own."""
    return lambda: f"M#{uuid4().hex}"
