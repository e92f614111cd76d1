"""What is done with a row that is due, by the kind of row it is."""

from modupoint.row_messages import PoisonMessageError
from query.cash_out import CASHOUT_PREFIX, subject_of_sk
from query.cash_out_course import CashOutCourse
from query.expiry_queue import DueRow
from query.expiry_settings import EXPIRY
from query.member_scan import MemberScan
from query.notice_events import NoticeEvents
from query.notices import NOTICE_PREFIX


class ExpiryChecks:
    """The worker's three kinds of work."""

    def __init__(self, scan: MemberScan, cash_outs: CashOutCourse, events: NoticeEvents) -> None:
        self._scan = scan
        self._cash_outs = cash_outs
        self._events = events

    def run(self, row: DueRow) -> None:
        """Do a row's step, if it is due.

        Raises
        ------
        PoisonMessageError
            If no row of this key is ever due.
        """
        if row.sk == EXPIRY:
            self._scan.run(row.member)
        elif row.sk.startswith(CASHOUT_PREFIX):
            self._cash_outs.run(row.member, subject_of_sk(row.sk))
        elif row.sk.startswith(NOTICE_PREFIX):
            self._events.run(row.member, row.sk.removeprefix(NOTICE_PREFIX))
        else:
            raise PoisonMessageError
