"""AWS's default quotas and scaling rates, and what the project's design numbers say of them.

A quota is a number that AWS raises on request; a rate is how fast a service follows
the load, which nobody raises. Both are per account and region.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quota:
    """A limit of AWS's with its default, what can be done about it, and its source."""

    default: int
    unit: str
    remedy: str
    source: str


QUOTAS: dict[str, Quota] = {
    "lambda_concurrency": Quota(
        1_000,
        "environments at once",
        "Service Quotas, Lambda, 'Concurrent executions'",
        "docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
    ),
    "lambda_requests_per_s": Quota(
        10_000,
        "invocations/s (ten times the concurrency)",
        "grows with 'Concurrent executions'",
        "docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html",
    ),
    "api_requests_per_s": Quota(
        10_000,
        "requests/s",
        "Service Quotas, API Gateway, 'Throttle rate' and 'Throttle burst rate'",
        "docs.aws.amazon.com/apigateway/latest/developerguide/limits.html",
    ),
    "sns_publishes_per_s": Quota(
        9_000,
        "publishes/s in Seoul (background knowledge)",
        "Service Quotas, SNS, 'Messages published per second'",
        "docs.aws.amazon.com/general/latest/gr/sns.html",
    ),
    "table_writes_per_s": Quota(
        4_000,
        "write units/s a new on-demand table takes at once",
        "WarmThroughput of the members' table, set a day ahead; 40,000/s a table by default",
        "docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html",
    ),
    "table_reads_per_s": Quota(
        12_000,
        "read units/s a new on-demand table takes at once",
        "WarmThroughput of the members' table, set a day ahead; 40,000/s a table by default",
        "docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html",
    ),
    "mapping_concurrency": Quota(
        1_250,
        "workers an SQS mapping has at most",
        "provisioned mode, which excludes MaximumConcurrency and bills while idle",
        "docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html",
    ),
}

MAPPING_STARTS_WITH = 5
"""Workers an SQS mapping has before it has seen a backlog."""
MAPPING_GROWS_PER_S = 300 / 60
"""Workers it adds: 300 a minute."""
ENVIRONMENTS_PER_S = 1_000 / 10
"""Environments a function may add: 1,000 in ten seconds."""
TABLE_DOUBLES_IN_S = 30 * 60
"""An on-demand table takes twice its former peak within half an hour."""
INVOCATIONS_PER_CONCURRENCY = 10
"""Invocations a second for each of the account's concurrent executions."""
MEMORY_OF_ONE_CPU_MB = 1_769
"""A function has one virtual CPU at this memory, and its share below."""
