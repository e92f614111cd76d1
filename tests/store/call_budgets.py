"""What each operation may cost in calls to AWS and to partners (architecture, decision 5).

One table. What an environment reads when it starts or now and then is named apart:
``LANES_READ`` and ``LANE_READ`` are the two deviations of lookups from the decision,
what is known of the lanes is read again when it is older than five seconds.
"""

from __future__ import annotations

from collections import Counter

from modupoint.issuers import ISSUERS
from query.lanes import LANE_BATCH_SIZE

LANES_READ = Counter({"Query": 1})
LANE_READ = Counter({"GetItem": 1})
ENVIRONMENT_STARTS = Counter({"GetItem": 1, "Decrypt": 1, "GetSecretValue": 1})

HOLIDAYS_READ = Counter({"Query": 1})
"""Once a minute an environment that promises reads the days operators have closed."""
MOVER_STARTS = Counter({"GetItem": 1, "Decrypt": 1, "GetSecretValue": 2, "token": 1})
"""Data key, both partners' secrets and the bank's token: once an environment, hour or five minutes."""
BANK_IDS_TAKEN = Counter({"UpdateItem": 1})
"""A hundred deposits share one write."""

BUDGETS: dict[str, Counter[str]] = {
    "POST lookups": Counter({"UpdateItem": 1, "Publish": 1}),
    "POST lookups, joined": Counter({"UpdateItem": 1, "Query": 1}),
    "POST lookups, too many": Counter({"UpdateItem": 1}),
    "POST lookups, bad body": Counter(),
    "GET lookup": Counter({"Query": 1}),
    "GET lookup, a stranger's": Counter({"Query": 2}),
    "a message": Counter({"UpdateItem": 1, "issuer": 1}),
    "a batch": Counter({"UpdateItem": LANE_BATCH_SIZE, "issuer": LANE_BATCH_SIZE}),
    "a batch that rests": Counter({"UpdateItem": LANE_BATCH_SIZE}),
    "a batch past its deadline": Counter(),
    "a message with news of its lane": Counter(
        {"UpdateItem": 2, "issuer": 1, "GetQueueUrl": 1, "GetQueueAttributes": 1}
    ),
    "GET status": Counter({"Query": 1}),
    "GET status, again": Counter(),
    "GET issuers": Counter(),
    "GET me": Counter({"GetItem": 1, "Query": 1}),
    "PUT consent": Counter({"UpdateItem": 1, "userinfo": 1}),
    # Agreement; counter and legs of transfers; answers; accounts, before and after.
    "DELETE consent": Counter({"GetItem": 2, "Query": 4, "TransactWriteItems": 1}),
    "POST account": Counter(
        {"Query": 1, "TransactWriteItems": 1, "userinfo": 1, "bank": 1},
    ),
    "GET accounts": Counter({"Query": 1}),
    "DELETE account": Counter({"DeleteItem": 1}),
    "POST quote": Counter({"Query": 1}),
    "POST transfer": Counter({"GetItem": 1, "Query": 1, "TransactWriteItems": 1, "Publish": 1}),
    "POST transfer, repeated": Counter({"GetItem": 1, "Query": 1}),
    "POST transfer, other body": Counter({"GetItem": 1}),
    # The last says which issuers have had theirs.
    "POST transfer, of today": Counter({"GetItem": 2, "Query": 1, "TransactWriteItems": 1}),
    "POST transfer, bad body": Counter(),
    "POST transfer, old sign-in": Counter(),
    "GET transfer": Counter({"Query": 1}),
    "GET transfers": Counter({"Query": 1}),
    # Read; intent, redemption, its posting; intent, deposit, its posting.
    "a leg, at once": Counter(
        {"GetItem": 1, "PutItem": 2, "TransactWriteItems": 2, "issuer": 1, "bank": 1}
    ),
    "a leg, redeemed for another day": Counter(
        {"GetItem": 1, "PutItem": 1, "TransactWriteItems": 1, "issuer": 1}
    ),
    "a leg, deposited on its day": Counter(
        {"GetItem": 1, "PutItem": 1, "TransactWriteItems": 1, "bank": 1}
    ),
    "a leg, refused": Counter({"GetItem": 1, "PutItem": 1, "TransactWriteItems": 1, "issuer": 1}),
    "a leg, unknown": Counter({"GetItem": 1, "PutItem": 2, "issuer": 1}),
    "a leg that is final or waits": Counter({"GetItem": 1}),
    # Two shards an issuer, and who waits for a person.
    "a sweep": Counter({"Query": 2 * len(ISSUERS) + 1}),
    "a lane that is told": Counter({"GetQueueAttributes": 1, "SendMessageBatch": 1}),
}
