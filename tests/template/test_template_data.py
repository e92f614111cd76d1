"""What the service keeps is encrypted, restorable, and not deleted by accident (decision 11)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.store.tables import AUTOPAYS, TRANSFERS
from tests.template.expanded_template import TEMPLATE, Expanded, in_list, parsed, refers_to

TABLES = ("MembersTable", "OperationsTable", "TransfersTable", "AutopaysTable")
SECRETS = ("IssuersSecret", "BankSecret", "AutopaySecret")


@pytest.fixture(params=TABLES)
def table(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def test_the_tables_are_these(production: Expanded) -> None:
    assert {one.name for one in production.all("AWS::DynamoDB::Table")} == set(TABLES)


def test_a_table_is_paid_by_use_and_keyed_by_owner(production: Expanded, table: str) -> None:
    properties = production[table].properties
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert properties["KeySchema"] == [
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ]


@pytest.mark.parametrize(
    ("indexed", "made"), [("TransfersTable", TRANSFERS), ("AutopaysTable", AUTOPAYS)]
)
def test_a_table_with_indexes_is_the_one_that_the_store_tests_make(
    production: Expanded, indexed: str, made: dict[str, Any]
) -> None:
    properties = production[indexed].properties
    assert {name: properties[name] for name in made} == made


def test_a_table_forgets_what_has_expired(production: Expanded, table: str) -> None:
    ttl = production[table].properties["TimeToLiveSpecification"]
    assert ttl == {"AttributeName": "expires_at", "Enabled": True}


def test_a_table_can_be_restored_to_any_point_in_time(production: Expanded, table: str) -> None:
    recovery = production[table].properties["PointInTimeRecoverySpecification"]
    assert recovery == {"PointInTimeRecoveryEnabled": True}


def test_a_table_is_encrypted_with_our_key(production: Expanded, table: str) -> None:
    encryption = production[table].properties["SSESpecification"]
    assert (encryption["SSEEnabled"], encryption["SSEType"]) == (True, "KMS")
    assert refers_to(encryption["KMSMasterKeyId"], "DataKey", "Arn")


def test_a_table_cannot_be_deleted_in_production_and_can_be_locally(
    production: Expanded, local_stage: Expanded, table: str
) -> None:
    assert production[table].properties["DeletionProtectionEnabled"] is True
    assert local_stage[table].properties["DeletionProtectionEnabled"] is False


@pytest.mark.parametrize("kept", [*TABLES, "DataKey", *SECRETS])
def test_what_holds_data_outlives_its_stack(production: Expanded, kept: str) -> None:
    attributes = production[kept].attributes
    assert attributes["DeletionPolicy"] == "RetainExceptOnCreate"
    assert attributes["UpdateReplacePolicy"] == "Retain"


def test_the_key_rotates_and_is_not_gone_at_once(production: Expanded) -> None:
    [key] = production.all("AWS::KMS::Key")
    assert key.properties["EnableKeyRotation"] is True
    assert key.properties["PendingWindowInDays"] == 30


def test_beyond_the_account_only_tables_and_secrets_use_the_key(production: Expanded) -> None:
    key = production["DataKey"].properties["KeyPolicy"]
    for statement in key["Statement"]:
        assert statement["Effect"] == "Allow"
        if statement["Principal"] == {"AWS": "*"}:
            condition = statement["Condition"]["StringEquals"]
            assert condition["kms:CallerAccount"]
            services = {str(one).split(".")[0] for one in condition["kms:ViaService"]}
            assert {one.removeprefix("{'Fn::Sub': '") for one in services} == {
                "dynamodb",
                "secretsmanager",
            }
            assert "kms:*" not in in_list(statement["Action"])


def test_the_secrets_are_these(production: Expanded) -> None:
    assert {one.name for one in production.all("AWS::SecretsManager::Secret")} == set(SECRETS)


def test_secrets_are_encrypted_with_our_key(production: Expanded) -> None:
    for secret in production.all("AWS::SecretsManager::Secret"):
        assert refers_to(secret.properties["KmsKeyId"], "DataKey", "Arn")


def test_no_secret_stands_in_the_template_for_production(production: Expanded) -> None:
    for secret in production.all("AWS::SecretsManager::Secret"):
        assert secret.properties.get("SecretString", "{}") == "{}"


def test_no_parameter_has_a_secret_for_default() -> None:
    parameters = parsed(TEMPLATE.read_text(encoding="utf-8"))["Parameters"]
    for name, parameter in parameters.items():
        words = ("secret", "key", "password", "token")
        if any(word in name.lower() for word in words) and name != "TokenAudience":
            assert parameter.get("NoEcho") is True
            assert "Default" not in parameter
