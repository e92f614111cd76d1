"""``POST /v1/accounts``: register a bank account of the member's own."""

import os
from pathlib import Path

from modupoint.clock import business_clock
from modupoint.envelope import DataKeys
from modupoint.http import Answer, Request, operation
from modupoint.identity import IdentityProvider
from modupoint.partner import PartnerTransport
from modupoint.partner_secrets import Secret
from modupoint.validation import request_check
from transfer.account_store import DynamoAccounts
from transfer.bank_api import BankAccount, BankApi
from transfer.bank_tran_ids import CountedBankTranIds
from transfer.funds import MembersFunds
from transfer.registration import Registration

_transport = PartnerTransport(connections=2)
_bank_secret = Secret(os.environ["BANK_SECRET"])
_identity = IdentityProvider(os.environ["IDENTITY_ISSUER"], _transport)
_registration = Registration(
    MembersFunds(os.environ["MEMBERS_TABLE"]),
    DynamoAccounts(os.environ["MEMBERS_TABLE"]),
    BankApi(_transport, _bank_secret),
    CountedBankTranIds(os.environ["OPERATIONS_TABLE"], _bank_secret),
    DataKeys(os.environ["OPERATIONS_TABLE"], os.environ["DATA_KMS_KEY"]),
    business_clock(),
)

_checked = request_check(Path(__file__).with_name("request_schemas.json"), "AccountRequest")


@operation
def handler(request: Request) -> Answer:
    """Check the holder with the bank and with the identity provider, and keep the account."""
    body = _checked(request.json_object())
    given = BankAccount(body["bank_code"], body["account_number"], body["holder_name"])
    account = _registration.register(
        request.member, given, request.access_token, request.subject, _identity
    )
    return Answer(201, account.shown())
