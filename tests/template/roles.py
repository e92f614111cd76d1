"""What each function's role may do, by what it may do it to."""

from __future__ import annotations

STARTS_LOOKUPS = {
    "MembersTable": {"dynamodb:UpdateItem", "dynamodb:Query"},
    "OperationsTable": {"dynamodb:Query"},
    "LookupTopic": {"sns:Publish"},
}
READS_TRANSFERS = {"TransfersTable": {"dynamodb:Query"}}
WORKS_A_LANE = {
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    # With the batch form, which emulators check under its own name.
    "sqs:ChangeMessageVisibility*",
    "sqs:GetQueueAttributes",
}
READS_ISSUERS_SECRET = {"secretsmanager:issuers-*": {"secretsmanager:GetSecretValue"}}
READS_BANK_SECRET = {"secretsmanager:bank-*": {"secretsmanager:GetSecretValue"}}
READS_AUTOPAY_SECRET = {"secretsmanager:autopay-*": {"secretsmanager:GetSecretValue"}}
# The sealed CI of a member who has agreed, and what opens it.
OPENS_A_CI = {"DataKey": {"kms:Decrypt"}}
SEALS = {"DataKey": {"kms:GenerateDataKeyWithoutPlaintext", "kms:Decrypt"}}
# An order that has ended gives its registration free: the one thing that is deleted.
MOVES_ORDERS = {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"}
PLACES_ORDERS = {
    "OperationsTable": {"dynamodb:GetItem"},
    **OPENS_A_CI,
    **READS_AUTOPAY_SECRET,
}

ALLOWED: dict[str, dict[str, set[str]]] = {
    "PutConsent": {
        "MembersTable": {"dynamodb:UpdateItem"},
        "OperationsTable": {"dynamodb:GetItem", "dynamodb:PutItem"},
        **SEALS,
    },
    "WithdrawConsent": {
        "MembersTable": {
            "dynamodb:GetItem",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
            "dynamodb:PutItem",
            "dynamodb:DeleteItem",
        },
        # Looks whether money is in flight; may not touch it.
        "TransfersTable": {
            "dynamodb:GetItem",
            "dynamodb:Query",
            "dynamodb:ConditionCheckItem",
        },
    },
    "ReadMe": {"MembersTable": {"dynamodb:GetItem", "dynamodb:Query"}},
    "RequestLookup": STARTS_LOOKUPS,
    "ReadLookup": STARTS_LOOKUPS,
    "ListIssuers": {},
    "ReadStatus": {"OperationsTable": {"dynamodb:Query"}},
    "AskIssuer": {
        "MembersTable": {"dynamodb:UpdateItem"},
        "OperationsTable": {"dynamodb:GetItem", "dynamodb:UpdateItem"},
        "DataKey": {"kms:Decrypt"},
        **READS_ISSUERS_SECRET,
        "sqs:lookup-*": {*WORKS_A_LANE, "sqs:GetQueueUrl"},
    },
    "RegisterAccount": {
        "MembersTable": {"dynamodb:Query", "dynamodb:PutItem", "dynamodb:ConditionCheckItem"},
        "OperationsTable": {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
        **SEALS,
        **READS_BANK_SECRET,
    },
    "ListAccounts": {"MembersTable": {"dynamodb:Query"}},
    "DeleteAccount": {"MembersTable": {"dynamodb:DeleteItem"}},
    "QuoteTransfer": {
        "MembersTable": {"dynamodb:Query"},
        "OperationsTable": {"dynamodb:Query"},
    },
    "SubmitTransfer": {
        "MembersTable": {"dynamodb:Query", "dynamodb:ConditionCheckItem"},
        "OperationsTable": {"dynamodb:Query"},
        "TransfersTable": {
            "dynamodb:GetItem",
            "dynamodb:Query",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
        },
        "TransferTopic": {"sns:Publish"},
    },
    "ReadTransfer": READS_TRANSFERS,
    "ListTransfers": READS_TRANSFERS,
    "MoveLeg": {
        # Nobody who moves money may delete what says so.
        "TransfersTable": {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"},
        "OperationsTable": {"dynamodb:GetItem", "dynamodb:UpdateItem"},
        "DataKey": {"kms:Decrypt"},
        **READS_ISSUERS_SECRET,
        **READS_BANK_SECRET,
        "sqs:transfer-*": WORKS_A_LANE,
    },
    "ReleaseDueLegs": {
        "TransfersTable/index/due": {"dynamodb:Query"},
        "sqs:transfer-*": {"sqs:SendMessage*", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"},
    },
    "Reconcile": {
        "TransfersTable/index/book": {"dynamodb:Query"},
        # Breaks and settlements are added; only an operator changes them (R-T8).
        "OperationsTable": {"dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem"},
        **READS_ISSUERS_SECRET,
        **READS_BANK_SECRET,
    },
    "ListCards": {
        "MembersTable": {"dynamodb:GetItem"},
        "OperationsTable": {"dynamodb:GetItem"},
        **OPENS_A_CI,
        **READS_AUTOPAY_SECRET,
    },
    "ListAutopays": {
        "MembersTable": {"dynamodb:GetItem"},
        "OperationsTable": {"dynamodb:GetItem", "dynamodb:Query"},
        "AutopaysTable": {"dynamodb:Query"},
        **OPENS_A_CI,
        **READS_AUTOPAY_SECRET,
    },
    "SubmitOrder": {
        "MembersTable": {"dynamodb:GetItem", "dynamodb:ConditionCheckItem"},
        "OperationsTable": {"dynamodb:GetItem", "dynamodb:Query"},
        "AutopaysTable": {"dynamodb:GetItem", "dynamodb:PutItem"},
        "AutopayQueue": {"sqs:SendMessage*"},
        **OPENS_A_CI,
        **READS_AUTOPAY_SECRET,
    },
    "ListOrders": {"AutopaysTable": {"dynamodb:Query"}},
    "ReadOrder": {"AutopaysTable": {"dynamodb:GetItem"}},
    "WithdrawOrder": {"AutopaysTable": MOVES_ORDERS, **PLACES_ORDERS},
    "ProcessOrder": {
        "AutopaysTable": MOVES_ORDERS,
        **PLACES_ORDERS,
        "AutopayQueue": WORKS_A_LANE,
    },
    "PollOrders": {
        "AutopaysTable/index/due": {"dynamodb:Query"},
        "AutopayQueue": {"sqs:SendMessage*", "sqs:GetQueueAttributes"},
    },
}

FUNCTIONS = tuple(ALLOWED)
API = frozenset(FUNCTIONS) - {
    "AskIssuer",
    "MoveLeg",
    "ReleaseDueLegs",
    "Reconcile",
    "ProcessOrder",
    "PollOrders",
}
"""Those that a person waits for, behind the gateway."""
