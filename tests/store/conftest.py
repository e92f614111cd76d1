"""The store suite runs over moto and over Amazon's own engine.

moto is known to let two threads win one conditional write, so what is said of
things that happen at once is shown on ``racing_engine`` only.
"""

from __future__ import annotations

import os
import socket
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import botocore.session
import pytest
from hypothesis import settings
from moto import mock_aws

from autopay.order_store import DynamoOrders
from local.dynamodb_local import DynamoDBLocal, NotAvailableError
from modupoint import aws
from modupoint.envelope import DataKeys
from modupoint.money_in_flight import MoneyInFlight
from query.lane_board import LaneBoard
from query.members import Members
from tests.store.tables import AUTOPAYS, OWNED, TRANSFERS
from transfer.leg_store import DynamoLegs
from transfer.transfers import DynamoTransfers

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


@dataclass
class Store:
    """The tables of one test, empty, and a KMS key."""

    members_table: str
    operations_table: str
    transfers_table: str
    autopays_table: str

    @cached_property
    def kms_key_id(self) -> str:
        """The key's ARN; made on first use, because making one is slow."""
        made: str = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
        return made

    def members(self) -> Members:
        """Give the table of members as an environment of its own sees it."""
        return Members(self.members_table)

    def money(self) -> MoneyInFlight:
        """Give what withdrawals know of transfers, as an environment of its own sees it."""
        return MoneyInFlight(self.transfers_table)

    def transfers(self) -> DynamoTransfers:
        """Give the transfers as an environment of its own sees them."""
        return DynamoTransfers(self.transfers_table, self.members_table)

    def legs(self) -> DynamoLegs:
        """Give the legs as an environment of its own sees them."""
        return DynamoLegs(self.transfers_table)

    def orders(self) -> DynamoOrders:
        """Give the orders as an environment of its own sees them."""
        return DynamoOrders(self.autopays_table, self.members_table)

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


class RememberedSession:
    """Makes each client once: most of a short test would go into making them."""

    def __init__(self) -> None:
        self._session = botocore.session.get_session()
        self._clients: dict[str, Any] = {}

    def create_client(self, service: str, **options: Any) -> Any:
        """Return this engine's client for a service."""
        if service not in self._clients:
            self._clients[service] = self._session.create_client(service, **options)
        return self._clients[service]


@pytest.fixture(scope="session")
def _sessions() -> dict[str, RememberedSession]:
    return {}


@contextmanager
def _clean_aws(
    engine: str, sessions: dict[str, RememberedSession], monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    for name in [name for name in os.environ if name.startswith("AWS_ENDPOINT_URL")]:
        monkeypatch.delenv(name)
    for name, value in AWS_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        if engine not in sessions:
            sessions[engine] = RememberedSession()
        session = sessions[engine]
        monkeypatch.setattr(aws, "_session", lambda: session)
        aws.client.cache_clear()
        yield
    aws.client.cache_clear()


def _new_store() -> Store:
    dynamodb = aws.client("dynamodb")
    suffix = uuid4().hex
    kinds = {"members": OWNED, "operations": OWNED, "transfers": TRANSFERS, "autopays": AUTOPAYS}
    names = [f"{kind}-{suffix}" for kind in kinds]
    for name, table in zip(names, kinds.values(), strict=True):
        dynamodb.create_table(TableName=name, **table)
    return Store(*names)


@pytest.fixture
def _moto(
    _sessions: dict[str, RememberedSession], monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    with _clean_aws("moto", _sessions, monkeypatch):
        yield


@pytest.fixture
def _engine(
    dynamodb_local: str,
    _sessions: dict[str, RememberedSession],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[None]:
    with _clean_aws("dynamodb-local", _sessions, monkeypatch):
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
