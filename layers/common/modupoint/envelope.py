"""Sealing personal data: AES-256-GCM under KMS data keys (architecture decision 11).

One data key serves a calendar month. It lies wrapped by KMS in the operations
table, is unwrapped once per environment and kept in memory. So a million
members cost KMS a handful of requests, and a worker that opens ten members'
data in a batch makes none.

A sealed value is ``version | length of key id | key id | nonce | ciphertext and
tag``. What it belongs to is authenticated with it, so a value copied to another
member's item, or used for another purpose, does not open.
"""

import os
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from nacl.bindings import crypto_aead_aes256gcm_decrypt, crypto_aead_aes256gcm_encrypt
from nacl.exceptions import CryptoError

from modupoint.aws import client
from modupoint.transactions import put_new

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient

_VERSION = 1
_NONCE_BYTES = 12
_PARTITION = "DATA_KEY"


class SealBrokenError(Exception):
    """A sealed value does not open: altered, of another owner, or not of ours."""


class DataKeys:
    """The data keys, wrapped in the operations table and plain in this environment."""

    def __init__(self, table: str, kms_key_id: str) -> None:
        self._table = table
        self._kms_key_id = kms_key_id
        self._plain: dict[str, bytes] = {}
        self._unwrapping = threading.Lock()

    def current(self) -> tuple[str, bytes]:
        """Return this month's key id and key, made on the month's first use."""
        key_id = f"{datetime.now(UTC):%Y-%m}"
        try:
            return key_id, self.by_id(key_id)
        except SealBrokenError:
            self._make(key_id)
            return key_id, self.by_id(key_id)

    def by_id(self, key_id: str) -> bytes:
        """Return one key.

        Raises
        ------
        SealBrokenError
            If there is no key of that id.
        """
        # A batch opens ten values at once: one of them fetches, the others wait for it.
        with self._unwrapping:
            if key_id not in self._plain:
                self._plain[key_id] = self._unwrap(key_id)
            return self._plain[key_id]

    def _unwrap(self, key_id: str) -> bytes:
        dynamodb: DynamoDBClient = client("dynamodb")
        # A key sealed a second ago must open now: read the leader.
        item = dynamodb.get_item(
            TableName=self._table,
            Key={"pk": {"S": _PARTITION}, "sk": {"S": key_id}},
            ConsistentRead=True,
        ).get("Item")
        if item is None:
            raise SealBrokenError("unknown data key")
        kms: KMSClient = client("kms")
        return kms.decrypt(
            CiphertextBlob=item["wrapped"]["B"],
            KeyId=self._kms_key_id,
            EncryptionContext={"data_key": key_id},
        )["Plaintext"]

    def _make(self, key_id: str) -> None:
        kms: KMSClient = client("kms")
        made = kms.generate_data_key_without_plaintext(
            KeyId=self._kms_key_id, KeySpec="AES_256", EncryptionContext={"data_key": key_id}
        )
        dynamodb: DynamoDBClient = client("dynamodb")
        # If another environment made it first, theirs is the key.
        put_new(
            dynamodb,
            self._table,
            {
                "pk": {"S": _PARTITION},
                "sk": {"S": key_id},
                "wrapped": {"B": made["CiphertextBlob"]},
            },
        )


def ci_owner(member: str) -> str:
    """Return what a member's sealed CI is bound to."""
    return f"ci|{member}"


def seal(keys: DataKeys, plaintext: str, owner: str) -> bytes:
    """Return ``plaintext`` sealed for its owner.

    Parameters
    ----------
    owner
        What the value belongs to and is for, such as ``ci|M#…``; needed again to open it.
    """
    key_id, key = keys.current()
    name = key_id.encode()
    nonce = os.urandom(_NONCE_BYTES)
    ciphertext = crypto_aead_aes256gcm_encrypt(plaintext.encode(), owner.encode(), nonce, key)
    return bytes([_VERSION, len(name)]) + name + nonce + ciphertext


def unseal(keys: DataKeys, sealed: bytes, owner: str) -> str:
    """Return the plaintext of a sealed value.

    Raises
    ------
    SealBrokenError
        If it was altered, belongs to another owner, or is no sealed value.
    """
    minimum = 2
    if len(sealed) < minimum or sealed[0] != _VERSION:
        raise SealBrokenError("not a sealed value")
    start = minimum + sealed[1]
    key_id = sealed[minimum:start].decode("ascii", "replace")
    nonce, ciphertext = sealed[start : start + _NONCE_BYTES], sealed[start + _NONCE_BYTES :]
    if not key_id or len(nonce) < _NONCE_BYTES:
        raise SealBrokenError("not a sealed value")
    key = keys.by_id(key_id)
    try:
        return crypto_aead_aes256gcm_decrypt(ciphertext, owner.encode(), nonce, key).decode()
    except (CryptoError, ValueError):
        raise SealBrokenError("altered, or of another owner") from None
