"""Where things lie in the Members table, for the contexts that share it.

PK member; SK ``ACCOUNT#<id>``, ``ISSUER#<code>``, ``MEMBER``: in this order, so
that one range holds what a transfer needs and another what a lookup shows. What is
done about expiring points lies around them (``query.expiry_store``): ``CASHOUT#…`` and
``EXPIRY`` before the answers, ``NOTICE#…`` and ``TOLD#…`` after the member.
"""

from typing import Any

MEMBER = "MEMBER"
"""The agreement, the sealed CI (attribute ``ci``), the last lookups."""
ISSUER_PREFIX = "ISSUER#"
"""An issuer's last answer: ``status``, ``balances`` (JSON)."""
ACCOUNT_PREFIX = "ACCOUNT#"
"""A bank account (``modupoint.accounts``)."""


def item_key(member: str, sk: str) -> dict[str, Any]:
    """Return an item's key."""
    return {"pk": {"S": member}, "sk": {"S": sk}}
