"""``GET /v1/accounts``: the member's bank accounts, masked."""

import os

from modupoint.http import Answer, Request, operation
from transfer.account_store import DynamoAccounts

_accounts = DynamoAccounts(os.environ["MEMBERS_TABLE"])


@operation
def handler(request: Request) -> Answer:
    """Show all accounts, the oldest first."""
    return Answer(200, {"accounts": [one.shown() for one in _accounts.list(request.member)]})
