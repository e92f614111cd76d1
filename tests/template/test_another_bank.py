"""Another bank is one line of data: what is checked, published and kept follows."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import Any

import pytest

from tests.template.expanded_template import TEMPLATE
from transfer.banks import BANKS

ROOT = TEMPLATE.parent
NEW = {"code": "099", "name": "새로은행"}

# Runs over the copy: `make generate`, then an account at the new bank.
ASK = """
import json
from pathlib import Path
import transfer
from local.generate import CONTEXTS, request_schemas_text
from local.openapi import document
from modupoint.validation import request_check
from tests.unit.transfer.leg_samples import MEMBER, NOON
from tests.unit.transfer.test_registration import World
from transfer.bank_api import BankAccount
from transfer.operations import OPERATIONS
from transfer.registration import Registration

place = Path(transfer.__file__).parent
schemas = place / "request_schemas.json"
schemas.write_text(request_schemas_text(OPERATIONS), encoding="utf-8")
body = {"bank_code": "099", "account_number": "110222333444", "holder_name": "홍길동"}
given = request_check(schemas, "AccountRequest")(body)
world = World()
registration = Registration(world, world, world, world, world.keys, lambda: NOON)
wanted = BankAccount(given["bank_code"], given["account_number"], given["holder_name"])
account = registration.register(MEMBER, wanted, "token", "person", world)
print(json.dumps({
    "place": str(place),
    "published": json.dumps(document(CONTEXTS["transfer"])),
    "kept": [account.bank_code, account.bank_name],
    "asked": world.asked[0][:2],
}))
"""


@pytest.fixture(scope="module")
def with_another(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Give what a copy does in which one line was added and nothing else."""
    place = tmp_path_factory.mktemp("functions")
    shutil.copytree(ROOT / "functions/transfer", place / "transfer")
    table = place / "transfer/banks.json"
    rows = json.loads(table.read_text(encoding="utf-8"))
    table.write_text(json.dumps([*rows, NEW], ensure_ascii=False), encoding="utf-8")
    # The copy before everything else: what is beside it is found where it always is.
    paths = [place, ROOT / "layers/common", ROOT / "functions", ROOT]
    told = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(map(str, paths)),
            "PYTHONIOENCODING": "utf-8",
        },
        stdout=subprocess.PIPE,
        check=True,
    )
    answer: dict[str, Any] = json.loads(told.stdout)
    assert answer["place"] == str(place / "transfer")
    return answer


def test_an_account_at_a_new_bank_is_taken_and_kept(with_another: dict[str, Any]) -> None:
    assert NEW["code"] not in BANKS
    assert with_another["kept"] == [NEW["code"], NEW["name"]]
    assert with_another["asked"] == [NEW["code"], "110222333444"]


def test_it_is_in_the_published_schema(with_another: dict[str, Any]) -> None:
    assert f'"{NEW["code"]}"' in with_another["published"]
