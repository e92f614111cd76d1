"""The nightly schedule: our journal against the list of every issuer and the bank."""

import os
from collections import Counter
from datetime import date
from typing import Any

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

from modupoint.clock import business_clock
from modupoint.issuer_api import IssuerApi, IssuerCredentials
from modupoint.issuers import ISSUERS
from modupoint.partner import PartnerTransport
from modupoint.partner_secrets import Secret
from transfer.bank_api import BankApi
from transfer.breaks import DynamoBreaks
from transfer.journal import DynamoJournal
from transfer.partner_lists import PartnerLists
from transfer.postings import BANK
from transfer.reconciling import DayNotOverError, Ending, PartnerDay, Reconciler
from transfer.settlements import DynamoSettlements

_PARTNERS = (*ISSUERS, BANK)

_transport = PartnerTransport(connections=len(_PARTNERS))
_breaks = DynamoBreaks(os.environ["OPERATIONS_TABLE"])
_reconciler = Reconciler(
    DynamoJournal(os.environ["TRANSFERS_TABLE"]),
    PartnerLists(
        IssuerApi(_transport, IssuerCredentials(Secret(os.environ["ISSUERS_SECRET"]))),
        BankApi(_transport, Secret(os.environ["BANK_SECRET"])),
    ),
    _breaks,
    DynamoSettlements(os.environ["OPERATIONS_TABLE"]),
    business_clock(),
)
_metrics = Metrics(namespace="Modupoint", service="transfer")


@_metrics.log_metrics
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Compare a day, ``{"day": "YYYY-MM-DD", "again": true}``, or what nights left to do."""
    day = event.get("day")
    try:
        days = _reconciler.days(date.fromisoformat(day) if day else None)
    except (ValueError, TypeError):
        return {"error": "not_a_day"}
    except DayNotOverError:
        return {"error": "day_not_over"}
    done = _reconciler.run(_PARTNERS, days, again=event.get("again") is True)
    open_breaks = _breaks.count_open()
    endings = Counter(one.ending for one in done)
    _metrics.add_metric("OpenBreaks", MetricUnit.Count, open_breaks)
    _metrics.add_metric("ReconciliationsFailed", MetricUnit.Count, endings[Ending.FAILED])
    return {
        "compared": [_shown(one) for one in done if one.ending is Ending.COMPARED],
        "failed": [_shown(one) for one in done if one.ending is Ending.FAILED],
        "unchanged": endings[Ending.UNCHANGED],
        "open_breaks": open_breaks,
    }


def _shown(done: PartnerDay) -> dict[str, Any]:
    return {**done._asdict(), "day": done.day.isoformat(), "ending": done.ending.value}
