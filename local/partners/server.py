"""Where the partners are put together, started and stopped."""

from __future__ import annotations

import asyncio
import signal
import socket
from typing import TYPE_CHECKING

from aiohttp import web

from local.partners import calls, documents, late, redemptions, signing, wallets
from local.partners.autopay import orders
from local.partners.autopay.control import AutopayControl
from local.partners.autopay.endpoints import AutopayEndpoints
from local.partners.autopay.orders import Orders
from local.partners.autopay.population import Population
from local.partners.autopay.rulings import Rulings
from local.partners.autopay.terms import read_terms
from local.partners.autopay.timetable import Timetable
from local.partners.bank import deposits
from local.partners.bank.accounts import Accounts
from local.partners.bank.control import BankControl
from local.partners.bank.deposits import Deposits
from local.partners.bank.endpoints import BankEndpoints
from local.partners.bank.tokens import BankTokens
from local.partners.bodies import BadBodyError, json_answer
from local.partners.books import RedemptionBooks
from local.partners.calls import Calls
from local.partners.catalogue import read_issuers
from local.partners.clock import Clock, ClockEndpoints
from local.partners.control import CallControl, FaultControl, PeopleControl
from local.partners.differences import DifferenceControl, Differences
from local.partners.documents import Documents
from local.partners.faults import Faults
from local.partners.gate import Gate
from local.partners.hours import HoursControl, ServiceHours
from local.partners.identity.codes import Codes
from local.partners.identity.endpoints import IdentityEndpoints, identity_partner
from local.partners.identity.keys import SigningKey
from local.partners.identity.sessions import Sessions
from local.partners.identity.sign_in import SignInEndpoints
from local.partners.identity.sign_out import SignOutEndpoint
from local.partners.identity.token_endpoint import TokenEndpoint
from local.partners.identity.tokens import Tokens
from local.partners.issuers import InquiryEndpoint, issuer_partners
from local.partners.late import LateControl, LateEffects
from local.partners.people import People
from local.partners.redemption_endpoints import RedemptionEndpoints
from local.partners.redemptions import Redemptions
from local.partners.signing import TranIds
from local.partners.store import Store
from local.partners.wallets import Wallets

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from local.partners.settings import Settings

    type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

SCHEMAS = (
    *(documents.SCHEMA, calls.SCHEMA, signing.SCHEMA, late.SCHEMA),
    *(wallets.SCHEMA, redemptions.SCHEMA, deposits.SCHEMA, orders.SCHEMA),
)

# What a partner's day list can say of a line.
ISSUER_STATUSES = "APPROVED|REVERSED"
BANK_STATUSES = r"\d{3}"

# What is being answered when the end comes may take this long to finish.
STOP_GRACE_S = 2.0

BACKLOG = 1024


@web.middleware
async def speak_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Say what is wrong with a request in JSON, whoever was asked."""
    try:
        return await handler(request)
    except BadBodyError as error:
        return json_answer({"error": str(error)}, 400)
    except web.HTTPException as error:
        if error.status < 400:  # noqa: PLR2004 - a redirect is an answer
            raise
        return json_answer({"error": error.reason}, error.status)


def build(settings: Settings, store: Store, base_url: str) -> web.Application:
    """Put all partners together over one store.

    Parameters
    ----------
    settings
        What the process was told.
    store
        An open store; the caller closes it after the application.
    base_url
        The URL the application is reached at, without a slash at the end.
    """
    issuers = read_issuers(settings.issuers_file)
    clock = Clock(Documents(store, "clock"))
    record = Calls(store, clock)
    faults = Faults(Documents(store, "faults"), Documents(store, "chance"))
    late_effects = LateEffects(store, clock)
    gate = Gate(faults, record, late_effects)
    people = People(issuers, Documents(store, "people"), Documents(store, "overrides"))
    at_issuers = issuer_partners(issuers, gate, settings.issuer_latency_ms)
    wallets_now = Wallets(store, people)
    books = Redemptions(store, wallets_now, issuers)
    hours = ServiceHours(Documents(store, "closings"))
    differences = Differences(Documents(store, "differences"))
    tran_ids = TranIds(store)
    accounts = Accounts(people, Documents(store, "bank_accounts"))
    bank_tokens = BankTokens(Documents(store, "bank_tokens"), Documents(store, "bank_settings"))
    bank_book = Deposits(store)
    key = SigningKey(Documents(store, "signing_keys"))
    tokens = Tokens(key, f"{base_url}/identity")
    identity = gate.register(identity_partner())
    codes = Codes(Documents(store, "codes"))
    sessions = Sessions(Documents(store, "sign_in_sessions"), tokens.issuer)
    at_switch = switch(settings, store, people, clock, gate, late_effects)
    rooms = (
        ClockEndpoints(clock),
        InquiryEndpoint(issuers, people, wallets_now, clock, gate, tran_ids, at_issuers),
        RedemptionEndpoints(
            issuers,
            people,
            wallets_now,
            clock,
            hours,
            gate,
            late_effects,
            tran_ids,
            at_issuers,
            books,
            differences,
        ),
        IdentityEndpoints(tokens, key, people, gate, identity),
        SignInEndpoints(
            tokens.issuer,
            people,
            gate,
            identity,
            Documents(store, "sign_in_flows"),
            sessions,
            codes,
        ),
        SignOutEndpoint(tokens.issuer, gate, identity, sessions),
        TokenEndpoint(tokens, people, gate, identity, codes),
        FaultControl(gate, faults),
        CallControl(record),
        BankEndpoints(
            accounts,
            bank_tokens,
            bank_book,
            differences,
            clock,
            gate,
            late_effects,
            settings.bank_latency_ms,
        ),
        PeopleControl(people, wallets_now, accounts, issuers, clock),
        BankControl(accounts, bank_tokens, bank_book),
        *at_switch,
        HoursControl(hours, issuers),
        LateControl(late_effects),
        RedemptionBooks(books),
        DifferenceControl(
            differences,
            {"bank": BANK_STATUSES}
            | {partner.target: ISSUER_STATUSES for partner in at_issuers.values()},
        ),
    )
    app = web.Application(middlewares=[speak_json])
    for room in rooms:
        app.router.add_routes(room.routes())

    async def take_up(_: web.Application) -> None:
        await late_effects.start()

    async def let_go(_: web.Application) -> None:
        gate.stop()
        await late_effects.stop()

    app.on_startup.append(take_up)
    app.on_shutdown.append(let_go)
    return app


def switch(
    settings: Settings,
    store: Store,
    people: People,
    clock: Clock,
    gate: Gate,
    late_effects: LateEffects,
) -> tuple[AutopayEndpoints, AutopayControl]:
    """Put the autopay switch together, apart from the partners it has nothing to do with."""
    terms = read_terms(settings.autopay_file)
    timetable = Timetable(terms)
    population = Population(terms, Documents(store, "autopay_people"))
    rulings = Rulings(
        terms, Documents(store, "autopay_openings"), Documents(store, "autopay_rejections")
    )
    book = Orders(store, rulings.verdict)
    endpoints = AutopayEndpoints(
        terms,
        timetable,
        population,
        rulings,
        book,
        people,
        clock,
        gate,
        late_effects,
        settings.autopay_latency_ms,
    )
    control = AutopayControl(terms, timetable, population, rulings, book, endpoints, clock)
    return endpoints, control


async def run(settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve until told to stop by SIGTERM or SIGINT.

    Parameters
    ----------
    settings
        What the process was told.
    ready
        Called with the base URL once requests are taken.
    """
    store = Store(settings.state_dir, SCHEMAS)
    try:
        with socket.create_server((settings.host, settings.port), backlog=BACKLOG) as listening:
            base_url = _base_url(settings, listening.getsockname()[1])
            runner = web.AppRunner(
                build(settings, store, base_url), access_log=None, shutdown_timeout=STOP_GRACE_S
            )
            await runner.setup()
            try:
                await web.SockSite(runner, listening, backlog=BACKLOG).start()
                ready(base_url)
                await _until_told()
            finally:
                await runner.cleanup()
    finally:
        store.close()


def _base_url(settings: Settings, port: int) -> str:
    if settings.base_url is not None:
        return settings.base_url.rstrip("/")
    everywhere = settings.host in {"", "0.0.0.0"}  # noqa: S104 - compared, not bound
    return f"http://{'127.0.0.1' if everywhere else settings.host}:{port}"


async def _until_told() -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    await told.wait()
