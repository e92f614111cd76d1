"""When a member's points expire, from the last known answers (R-P5). Pure.

Months are ``YYYY-MM``; a month's points are gone at its end.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from query.inquiry import Balance


def expiring_by_month(balance: Balance) -> dict[str, int]:
    """Return how many points of a kind expire in each month.

    Not every issuer gives the later months; the next one it always does.
    """
    months: Counter[str] = Counter()
    for row in balance["expirations"]:
        months[row["month"]] += row["amount"]
    next_month = balance["expiring_month"]
    if next_month is not None and not months[next_month]:
        months[next_month] = balance["expiring"]
    return {month: amount for month, amount in months.items() if amount}


def expiry_calendar(answers: Iterable[tuple[str, str]], this_month: str) -> list[dict[str, Any]]:
    """Return the months in which points expire, as the public API shows them.

    Parameters
    ----------
    answers
        Issuers' codes with the JSON of their last known balances, in the order to show them.
    this_month
        What expired in earlier months is gone, whatever an old answer says.
    """
    months: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for issuer, balances in answers:
        for balance in json.loads(balances):
            for month, amount in expiring_by_month(balance).items():
                months[month].append(
                    {
                        "issuer": issuer,
                        "point_code": balance["code"],
                        "amount": amount,
                        "cashable": balance["cashable"],
                    }
                )
    return [
        {"month": month, "total": sum(item["amount"] for item in items), "items": items}
        for month, items in sorted(months.items())
        if month >= this_month
    ]
