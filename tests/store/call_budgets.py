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
    # Does anybody wait? Then as a member's.
    "a scan's batch": Counter(
        {
            "GetQueueAttributes": 1,
            "UpdateItem": LANE_BATCH_SIZE,
            "issuer": LANE_BATCH_SIZE,
        }
    ),
    "a scan's batch that yields": Counter(
        {"GetQueueAttributes": 1, "ChangeMessageVisibilityBatch": 1}
    ),
    "GET status": Counter({"Query": 1}),
    "GET status, again": Counter(),
    "GET issuers": Counter(),
    "GET me": Counter({"GetItem": 1, "Query": 1}),
    "PUT consent": Counter({"UpdateItem": 1, "userinfo": 1}),
    "GET expirations": Counter({"Query": 1}),
    "GET notices": Counter({"Query": 1}),
    # The row as it is; agreement, account and row.
    # Row and agreement; asked; moved on.
    "a look, asked": Counter({"GetItem": 2, "Publish": 1, "PutItem": 1}),
    # Row; what it rests on: accounts and cash-outs, answers, markers; moved on.
    "a look, nothing new": Counter({"GetItem": 1, "Query": 3, "PutItem": 1}),
    "a look that waits": Counter({"GetItem": 1, "Query": 3, "PutItem": 1}),
    # Then the event of each notice, and out of the outbox with it.
    "a look, one notice": Counter(
        {"GetItem": 1, "Query": 3, "TransactWriteItems": 1, "PutEvents": 1, "UpdateItem": 1}
    ),
    "a cash-out, asked": Counter({"GetItem": 2, "Query": 3, "Publish": 1, "PutItem": 1}),
    "a cash-out, handed over": Counter(
        {"GetItem": 1, "Query": 3, "TransactWriteItems": 1, "SendMessageBatch": 1, "PutItem": 1}
    ),
    "a cash-out, not known of": Counter({"GetItem": 2, "SendMessageBatch": 1, "PutItem": 1}),
    "an event, late": Counter({"GetItem": 1, "PutEvents": 1, "UpdateItem": 1}),
    "a row that is not due": Counter({"GetItem": 1}),
    # Eight lanes of members, two of cash-outs, two of events.
    "a scan, nothing due": Counter({"Query": 12}),
    "a scan, some due": Counter({"Query": 12, "GetQueueAttributes": 1, "SendMessageBatch": 1}),
    "PUT expiry settings": Counter({"GetItem": 1, "TransactWriteItems": 1}),
    "PUT expiry settings, bad body": Counter(),
    "PUT auto-cashout, old sign-in": Counter(),
    # Agreement; counter and legs of transfers; answers; accounts; what is left, in two ranges.
    "DELETE consent": Counter({"GetItem": 2, "Query": 5, "TransactWriteItems": 1}),
    "DELETE consent, of a member with settings and notices": Counter(
        {"GetItem": 2, "Query": 5, "TransactWriteItems": 1, "BatchWriteItem": 1}
    ),
    "DELETE consent, without one": Counter({"GetItem": 1, "Query": 2}),
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
    # As the member's own.
    "a hand-over": Counter({"GetItem": 1, "Query": 1, "TransactWriteItems": 1, "Publish": 1}),
    "a hand-over, repeated": Counter({"GetItem": 1, "Query": 1}),
    "a hand-over, refused": Counter({"GetItem": 1, "Query": 1, "PutItem": 1}),
    "a hand-over, refused and repeated": Counter({"GetItem": 1, "PutItem": 1}),
    "a hand-over past its last day": Counter({"PutItem": 1}),
    "what came of a hand-over": Counter({"GetItem": 1, "Query": 1}),
    "that nothing came of a hand-over yet": Counter({"GetItem": 1}),
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
