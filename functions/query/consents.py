"""Giving and withdrawing the agreement that lets us ask for a member's data (R-M2)."""

from modupoint.clock import Clock, rfc3339
from modupoint.envelope import DataKeys, ci_owner, seal
from modupoint.identity import IdentityProvider
from modupoint.ids import new_id
from modupoint.issuers import ISSUERS
from modupoint.money_in_flight import MoneyInFlight, MoneyInFlightError
from modupoint.problems import Problem
from query.members import Consent, Members
from query.terms import text_hash


class Consents:
    """What ``PUT`` and ``DELETE /v1/me/consent`` do."""

    def __init__(self, members: Members, clock: Clock) -> None:
        self._members = members
        self._clock = clock

    def give(
        self,
        member: str,
        terms_version: str,
        access_token: str,
        subject: str,
        identity: IdentityProvider,
        keys: DataKeys,
    ) -> Consent:
        """Fetch the member's CI from the identity provider, seal it, and store the agreement.

        Raises
        ------
        Problem
            ``sign_in_required`` or ``identity_unavailable``; nothing is stored then.
        """
        person = identity.userinfo(access_token, subject)
        consent = Consent(terms_version, rfc3339(self._clock()), text_hash(terms_version))
        self._members.give_consent(member, consent, seal(keys, person.ci, ci_owner(member)))
        return consent

    def withdraw(self, member: str, money: MoneyInFlight) -> None:
        """Erase what was kept under the agreement; harmless without one.

        Raises
        ------
        Problem
            ``transfer_in_flight`` while a leg of the member is open (R-M2).
        """
        _, consent = self._members.read_member(member)
        if consent is None:
            # An earlier withdrawal may have been cut off before its end.
            self._members.erase_leftovers(member)
        else:
            try:
                self._members.withdraw_consent(
                    member,
                    rfc3339(self._clock()),
                    lambda: new_id("lkp"),
                    ISSUERS,
                    lambda: money.none_since(member),
                )
            except MoneyInFlightError:
                raise Problem("transfer_in_flight") from None
