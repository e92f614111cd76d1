"""The commands: what they are called, what they take, and which of them change something."""

import argparse
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from autopay.order_store import DynamoOrders
from modupoint.aws import AwsError, client, error_name
from modupoint.clock import Clock, business_clock
from modupoint.temporary_holidays import TemporaryHolidays
from ops import holidays
from ops.audit import Act, Audit
from ops.books import Books
from ops.dead_letters import DeadLetters
from ops.deployment import Deployment, deployment_of
from ops.legs import StuckLegs
from ops.orders import StuckOrders
from ops.output import Shown, as_json, as_text
from ops.refusal import RefusedError
from ops.stuck import RESUMED, StuckRecords
from transfer.journal import DynamoJournal
from transfer.leg_store import DynamoLegs

_STACK_FILE = Path(".local") / "stack.json"
_OVERDUE_MINUTES = 15


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody at work on one stack. ``clock`` is business time."""

    who: str
    deployment: Deployment
    clock: Clock

    def legs(self) -> StuckLegs:
        """Return the legs."""
        table = self.deployment.transfers_table
        return StuckLegs(DynamoLegs(table), DynamoJournal(table), self.clock)

    def orders(self) -> StuckOrders:
        """Return the autopay orders."""
        tables = self.deployment
        return StuckOrders(DynamoOrders(tables.autopays_table, tables.members_table), self.clock)

    def books(self) -> Books:
        """Return breaks, settlements and the comparison."""
        return Books(self.deployment, self.clock)

    def holidays(self) -> TemporaryHolidays:
        """Return the added closing days."""
        return TemporaryHolidays(self.deployment.operations_table)

    def audit(self) -> Audit:
        """Return the records of what operators changed."""
        return Audit(self.deployment.operations_table)


type Run = Callable[[Operator, Namespace], Shown]


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a command, as argparse takes it."""

    name: str
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Command:
    """One command. ``changes`` says what it changes, by its arguments; None for nothing.

    ``complete`` says whether an answer is all that was asked for.
    """

    name: str
    help: str
    run: Run
    arguments: Sequence[Argument] = ()
    changes: Callable[[Namespace], str] | None = None
    reason_needed: bool = True
    complete: Callable[[Any], bool] = lambda _: True


def _argument(name: str, **options: object) -> Argument:
    return Argument(name, options)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a day is YYYY-MM-DD") from None


def _said(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("say something")
    return text.strip()


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError("a whole number from 1")
    return int(text)


_LIMIT = _argument("--limit", type=_count, default=100, help="at most so many rows")
_MEMBER = _argument("--member", help="whose it is (M#…), unless it is with the operator")

type Records = Callable[[Operator], StuckRecords[Any, Any]]


def _stuck(name: str, kind: str, records: Records) -> Command:
    return Command(
        name,
        f"{kind}s that wait for a person, and {kind}s that are overdue",
        lambda operator, given: records(operator).stuck(given.overdue_minutes, given.limit),
        (_argument("--overdue-minutes", type=_count, default=_OVERDUE_MINUTES), _LIMIT),
    )


def _resume(name: str, kind: str, named: str, records: Records) -> Command:
    return Command(
        name,
        f"give {kind}s with the operator another round of tries",
        lambda operator, given: records(operator).resume(given.names, everything=given.all),
        (
            _argument("names", metavar=kind, nargs="*", help=named),
            _argument("--all", action="store_true", help=f"every {kind} with the operator"),
        ),
        changes=lambda given: " ".join(given.names) or "all",
        complete=lambda rows: all(row["outcome"].startswith(RESUMED) for row in rows),
    )


COMMANDS: tuple[Command, ...] = (
    _stuck("stuck", "leg", Operator.legs),
    Command(
        "leg",
        "one leg with its ledger",
        lambda operator, given: operator.legs().leg(given.transfer_id, given.issuer, given.member),
        (
            _argument("transfer_id"),
            _argument("issuer"),
            _MEMBER,
        ),
    ),
    _resume("resume", "leg", "<transfer_id>/<issuer>, as `stuck` names it", Operator.legs),
    _stuck("stuck-orders", "order", Operator.orders),
    Command(
        "order",
        "one autopay order",
        lambda operator, given: operator.orders().order(given.order_id, given.member),
        (_argument("order_id"), _MEMBER),
    ),
    _resume("resume-orders", "order", "an order's id", Operator.orders),
    Command(
        "breaks",
        "differences between our books and the partners'",
        lambda operator, given: operator.books().breaks(closed_too=given.all),
        (_argument("--all", action="store_true", help="the closed ones too"),),
    ),
    Command(
        "close-break",
        "close a break that was looked into",
        lambda operator, given: operator.books().close(given.break_id, given.reason, operator.who),
        (_argument("break_id"),),
        changes=lambda given: str(given.break_id),
    ),
    Command(
        "dead-letters",
        "messages that could not be worked off",
        lambda operator, _: DeadLetters(operator.deployment).counts(),
    ),
    Command(
        "redrive",
        "move dead letters back to their queue",
        lambda operator, given: DeadLetters(operator.deployment).redrive(given.queue),
        (_argument("queue", help="as `dead-letters` names it, or all"),),
        changes=lambda given: str(given.queue),
    ),
    Command(
        "reconcile",
        "run the nightly comparison now",
        lambda operator, given: operator.books().reconcile(given.day, again=given.again),
        (
            _argument("--day", type=_day, help="YYYY-MM-DD; without it, what is left to do"),
            _argument("--again", action="store_true", help="what is done already too"),
        ),
        changes=lambda given: f"{given.day or 'what is left'}{' again' if given.again else ''}",
        reason_needed=False,
        complete=lambda answer: not answer["failed"],
    ),
    Command(
        "settlements",
        "what each issuer owes for a day",
        lambda operator, given: operator.books().settlements(given.day),
        (_argument("--day", type=_day, help="YYYY-MM-DD; without it, yesterday"),),
    ),
    Command(
        "holidays list",
        "closing days that were added",
        lambda operator, _: holidays.listed(operator.holidays()),
    ),
    Command(
        "holidays add",
        "close a day the government has announced",
        lambda operator, given: holidays.added(operator.holidays(), given.day, given.name),
        (_argument("day", type=_day), _argument("name", type=_said, help="its Korean name")),
        changes=lambda given: f"{given.day} {given.name}",
    ),
    Command(
        "holidays remove",
        "open an added day again",
        lambda operator, given: holidays.removed(operator.holidays(), given.day),
        (_argument("day", type=_day),),
        changes=lambda given: str(given.day),
    ),
    Command(
        "audit",
        "what operators changed, the newest first",
        lambda operator, given: operator.audit().newest(given.limit),
        (_LIMIT,),
    ),
)


def main(arguments: Sequence[str]) -> int:
    """Run a command; returns the exit status: 0 done, 1 refused or not all done."""
    given = parser().parse_args(arguments)
    try:
        deployment = deployment_of(given.stack_name, given.stack_file)
        operator = Operator(given.who or "", deployment, business_clock())
        return run(given, operator)
    except AwsError as error:
        return _refuse(error_name(error))
    except RefusedError as error:
        return _refuse(str(error))


def run(given: Namespace, operator: Operator) -> int:
    """Run a command that was parsed; what changes something is recorded with who and why.

    Raises
    ------
    RefusedError
        If the command cannot do what it was asked.
    """
    command: Command = given.command
    shown = _recorded(command, given, operator) if command.changes else command.run(operator, given)
    sys.stdout.write((as_json if given.json else as_text)(shown) + "\n")
    return 0 if command.complete(shown) else 1


def _recorded(command: Command, given: Namespace, operator: Operator) -> Shown:
    known = operator if operator.who else Operator(_caller(), operator.deployment, operator.clock)
    on = command.changes(given) if command.changes else ""
    act = Act(known.who, command.name, on, given.reason or "")
    return known.audit().recorded(act, lambda: command.run(known, given))


def _caller() -> str:
    """Return who AWS takes the caller for."""
    arn: str = client("sts").get_caller_identity()["Arn"]
    return arn


def _refuse(why: str) -> int:
    sys.stderr.write(f"{why}\n")
    return 1


def parser() -> ArgumentParser:
    """Return what reads a command line."""
    whole = ArgumentParser("ops", description="See what waits for a person, and act.")
    _add_common(whole, stack_file=Path(os.environ.get("STACK_FILE") or _STACK_FILE))
    common = ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    _add_common(common)
    places = {"": whole.add_subparsers(metavar="command", required=True)}
    for command in COMMANDS:
        group, _, name = command.name.rpartition(" ")
        if group not in places:
            grouped = places[""].add_parser(group, help=f"{group}: list, add, remove")
            places[group] = grouped.add_subparsers(metavar="command", required=True)
        own = places[group].add_parser(name, help=command.help, parents=[common])
        for argument in command.arguments:
            own.add_argument(argument.name, **argument.options)
        if command.changes:
            own.add_argument(
                "--reason", type=_said, required=command.reason_needed, default=None, help="why"
            )
        own.set_defaults(command=command)
    return whole


def _add_common(parser: ArgumentParser, **defaults: object) -> None:
    """Add what may stand before a command and after it."""
    parser.add_argument("--stack-name", help="a stack on AWS, found with the usual environment")
    parser.add_argument("--stack-file", type=Path, help="a local stack (.local/stack.json)")
    parser.add_argument("--as", dest="who", type=_said, help="who acts, if not the AWS caller")
    parser.add_argument("--json", action="store_true", help="print JSON")
    if defaults:
        parser.set_defaults(**defaults)
