"""The tables' keys and indexes, as the template has them (a test of the template holds it to this)."""

from __future__ import annotations

from typing import Any


def _attribute(name: str, kind: str = "S") -> dict[str, str]:
    return {"AttributeName": name, "AttributeType": kind}


def _keys(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]


OWNED: dict[str, Any] = {
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [_attribute("pk"), _attribute("sk")],
    "KeySchema": _keys("pk", "sk"),
}

TRANSFERS: dict[str, Any] = {
    **OWNED,
    "AttributeDefinitions": [
        *OWNED["AttributeDefinitions"],
        _attribute("lane"),
        _attribute("due_at", "N"),
        _attribute("book"),
    ],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "due",
            "KeySchema": _keys("lane", "due_at"),
            # A move writes each projected attribute again: the sweep needs none but the keys.
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        },
        {
            "IndexName": "book",
            "KeySchema": _keys("book", "sk"),
            "Projection": {"ProjectionType": "ALL"},
        },
    ],
}

AUTOPAYS: dict[str, Any] = {
    **OWNED,
    "AttributeDefinitions": [
        *OWNED["AttributeDefinitions"],
        _attribute("lane"),
        _attribute("due_at", "N"),
    ],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "due",
            "KeySchema": _keys("lane", "due_at"),
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        },
    ],
}
