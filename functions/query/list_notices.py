"""``GET /v1/notices``: what the member was told about expiring points, newest first."""

import os
import re

from modupoint.http import Answer, Request, operation
from modupoint.problems import FieldError, Problem
from query.inbox import Inbox

_inbox = Inbox(os.environ["MEMBERS_TABLE"])

_CURSOR = re.compile(r"ntc_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@operation
def handler(request: Request) -> Answer:
    """Show a page of notices; ``next_cursor`` asks for older ones."""
    cursor = request.query.get("cursor")
    if cursor is not None and not _CURSOR.fullmatch(cursor):
        error = FieldError(pointer="/cursor", detail="Not a cursor of ours.")
        raise Problem("invalid_request", [error])
    return Answer(200, _inbox.page(request.member, cursor))
