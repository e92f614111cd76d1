"""The messages of the transfer lanes: a leg's key, and nothing that anybody could want to read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modupoint.row_messages import PoisonMessageError
from modupoint.work_queue import in_batches
from tests.unit.transfer.any_json import any_json
from tests.unit.transfer.leg_samples import MEMBER, TRANSFER_ID
from transfer.leg_lanes import leg_key_of_message, leg_message
from transfer.legs import LegKey


def test_a_message_is_its_legs_key_without_the_issuer_whose_lane_it_is_in() -> None:
    message = leg_message(LegKey(MEMBER, TRANSFER_ID, "kb"))
    assert json.loads(message) == {"member": MEMBER, "transfer_id": TRANSFER_ID}
    assert leg_key_of_message(message, "bc") == LegKey(MEMBER, TRANSFER_ID, "bc")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no json",
        "[]",
        "null",
        "1",
        '"text"',
        "{}",
        '{"member": "M#1"}',
        '{"member": 1, "transfer_id": "trf"}',
        '{"member": "M#1", "transfer_id": ["trf"]}',
    ],
)
def test_what_names_no_leg_is_poison(body: str) -> None:
    with pytest.raises(PoisonMessageError):
        leg_key_of_message(body, "kb")


@given(any_json.map(json.dumps) | st.text())
def test_any_body_is_a_leg_or_poison(body: str) -> None:
    try:
        key = leg_key_of_message(body, "kb")
    except PoisonMessageError:
        return
    assert isinstance(key.member, str)
    assert isinstance(key.transfer_id, str)


@given(st.integers(0, 45))
def test_messages_go_out_in_tens_none_lost_none_twice(count: int) -> None:
    legs = [LegKey(MEMBER, str(place), "kb") for place in range(count)]
    batches = list(in_batches(iter(legs)))
    assert [key for batch in batches for key in batch] == legs
    assert all(1 <= len(batch) <= 10 for batch in batches)
    assert len(batches) == -(-count // 10)
