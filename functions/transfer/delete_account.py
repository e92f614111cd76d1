"""``DELETE /v1/accounts/{account_id}``: forget a bank account."""

import os

from modupoint.http import Answer, Request, operation
from modupoint.problems import Problem
from transfer.account_store import DynamoAccounts

_accounts = DynamoAccounts(os.environ["MEMBERS_TABLE"])


@operation
def handler(request: Request) -> Answer:
    """Forget the account; legs under way carry what they need of it."""
    if not _accounts.delete(request.member, request.path["account_id"]):
        raise Problem("not_found")
    return Answer(204)
