"""What the functions of all contexts are asked here, and what AWS and partners answer them."""

import base64
import json
from typing import Any

from bench.asked import Case
from bench.autopay_samples import autopay_cases, autopay_rules
from bench.query_samples import query_cases, query_rules
from bench.sample_member import KEY
from bench.stub import ITSELF, Rule
from bench.transfer_samples import transfer_cases, transfer_rules


def variables(stub_url: str) -> dict[str, str]:
    """Return the environment variables that functions and AWS's runtime know, as in production."""
    return {
        "AWS_LAMBDA_FUNCTION_NAME": "bench",
        "AWS_DEFAULT_REGION": "ap-northeast-2",
        "AWS_REGION": "ap-northeast-2",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_ENDPOINT_URL": stub_url,
        "POWERTOOLS_LOG_LEVEL": "INFO",
        "MEMBERS_TABLE": "members",
        "OPERATIONS_TABLE": "operations",
        "DATA_KMS_KEY": "arn:aws:kms:ap-northeast-2:000000000000:key/sample",
        "CLOCK_URL": "",
        "IDENTITY_ISSUER": f"{stub_url}/identity",
        "LOOKUP_TOPIC_ARN": "arn:aws:sns:ap-northeast-2:000000000000:modupoint-lookups",
        "ISSUERS_SECRET": "modupoint/issuers",
        "LANE_CONCURRENCY": "20",
        "TRANSFERS_TABLE": "transfers",
        "TRANSFER_TOPIC_ARN": "arn:aws:sns:ap-northeast-2:000000000000:modupoint-transfers",
        "TRANSFER_QUEUE_PREFIX": "modupoint-transfer-",
        "BANK_SECRET": "modupoint/bank",
        "AUTOPAYS_TABLE": "autopays",
        "AUTOPAY_SECRET": "modupoint/autopay",
        "AUTOPAY_QUEUE_URL": f"{stub_url}/000000000000/modupoint-autopay",
    }


def cases(lookup_id: str) -> list[Case]:
    """Return every way in which functions are invoked here."""
    return [*query_cases(lookup_id), *transfer_cases(), *autopay_cases()]


def rules(lookup_id: str) -> list[Rule]:
    """Return what the stub answers; a context's own answers come before what all share."""
    data_key = json.dumps({"Item": {"wrapped": {"B": base64.b64encode(b"wrapped").decode()}}})
    return [
        Rule("GetItem", data_key, '"DATA_KEY"'),
        *autopay_rules(),
        *transfer_rules(lookup_id),
        *query_rules(lookup_id),
        *_shared_rules(),
    ]


def _shared_rules() -> list[Rule]:
    credential = {"base_url": f"{ITSELF}/issuers/{{code}}", "client_id": "modupoint", "key": "k"}
    told: list[tuple[str, str, Any]] = [
        ("UpdateItem", "", {}),
        ("PutItem", "", {}),
        ("DeleteItem", "", {}),
        ("TransactWriteItems", "", {}),
        ("Decrypt", "", {"Plaintext": base64.b64encode(KEY).decode(), "KeyId": "sample"}),
        ("GetSecretValue", "", {"Name": "s", "SecretString": json.dumps({"*": credential})}),
    ]
    published = (
        '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult>'
        "<MessageId>m</MessageId></PublishResult></PublishResponse>"
    )
    return [
        *(Rule(action, json.dumps(answer), word) for action, word, answer in told),
        Rule("Publish", published),
    ]
