"""All checkers together, and the public answers they are shown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.simulation.checkers.endings import Endings
from tests.simulation.checkers.ledger import check_ledger
from tests.simulation.checkers.observations import Observations
from tests.simulation.checkers.public_record import PublicRecord
from tests.simulation.checkers.submissions import Submissions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from modupoint.problems import Problem
    from tests.simulation.checkers.books import Books
    from tests.simulation.checkers.keyed_requests import Asked
    from tests.simulation.checkers.public_record import Shown
    from tests.simulation.people import People
    from transfer.postings import Posting
    from transfer.submission import Submission

_ALL = 1_000


@dataclass(slots=True)
class Watch:
    """Looks at everything members could see, whenever one of them does something."""

    public: Submission
    people: People
    books: Books
    record: PublicRecord
    observations: Observations
    submissions: Submissions
    tally: Counter[str]

    def look(self, member: str) -> list[Shown]:
        """Check all of a member's transfers as they are shown now."""
        transfers: list[Shown] = self.public.page(member, None, _ALL)["transfers"]
        for transfer in transfers:
            self.observations.see(member, transfer)
        return transfers

    def asked(self, asked: Asked) -> None:
        """Follow a request that sets out."""
        self.look(asked.member)
        self.submissions.asked(asked)

    def accepted(self, asked: Asked, answer: Shown, *, replayed: bool) -> None:
        """Check an acceptance."""
        self.tally["replayed" if replayed else "accepted"] += 1
        self.look(asked.member)
        self.submissions.accepted(asked, answer, replayed=replayed)

    def refused(self, asked: Asked, problem: Problem) -> None:
        """Check a refusal."""
        self.tally[problem.code] += 1
        self.look(asked.member)
        self.submissions.refused(asked, problem)

    def end(self, ledger: Iterable[Posting]) -> None:
        """Check everything once nothing moves any more."""
        transfers = [one for person in self.people.persons for one in self.look(person.member)]
        Endings(self.record, self.books).check(transfers)
        check_ledger(ledger, self.record, self.books)
        self.tally.update(leg.status for leg in self.record.legs.values())


def watch(public: Submission, people: People, books: Books) -> Watch:
    """Return checkers that have seen nothing yet; ``public`` answers at once."""
    record = PublicRecord(people)
    return Watch(
        public,
        people,
        books,
        record,
        Observations(record, books),
        Submissions(record, books),
        Counter(),
    )
