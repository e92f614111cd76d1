/** The one place that talks to `/v1`. Failures are values: see `failure.ts`. */
import {
  type BillList,
  type Card,
  type Order,
  type OrderKind,
  readBills,
  readCards,
  readOrder,
  readOrders,
} from "./autopay-shapes";
import { type Failure, failureOf, readRetryAfter } from "./failure";
import {
  type Issuer,
  type Lane,
  type Lookup,
  type Member,
  readIssuers,
  readLanes,
  readLookup,
  readMember,
} from "./shapes";
import {
  type Account,
  type Item,
  type Quote,
  readAccount,
  readAccounts,
  readQuote,
  readTransfer,
  readTransferList,
  type Transfer,
  type TransferList,
} from "./transfer-shapes";

export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: Failure };

export interface LookupRequest {
  /** All issuers when left out. */
  readonly issuers?: readonly string[];
  readonly max_age_seconds?: number;
}

export interface AccountRequest {
  readonly bankCode: string;
  readonly accountNumber: string;
  readonly holderName: string;
}

/** What a quote is asked for and a transfer is made of. */
export interface TransferRequest {
  readonly accountId: string;
  readonly items: readonly Item[];
}

/** What to do with a bill; `toCardRef` with a CHANGE only. */
export interface OrderRequest {
  readonly kind: OrderKind;
  readonly autopayId: string;
  readonly toCardRef: string | null;
}

export const AGREEMENTS = ["service", "third_party_provision", "delegation"] as const;
export type Agreement = (typeof AGREEMENTS)[number];

/** A call that has said nothing for this long is taken for lost. */
const CALL_TIMEOUT_MS = 15_000;

const UNREADABLE: Failure = { kind: "unreachable", retryAfterMs: null };

export class Api {
  /** `language`: problems are answered in the reader's. */
  constructor(
    private readonly accessToken: () => Promise<string | null>,
    private readonly language: () => string,
  ) {}

  startLookup(request: LookupRequest): Promise<Answer<Lookup>> {
    return this.callLookup("POST", "/v1/lookups", request);
  }

  readLookup(lookupId: string): Promise<Answer<Lookup>> {
    return this.callLookup("GET", `/v1/lookups/${encodeURIComponent(lookupId)}`);
  }

  async readMember(): Promise<Answer<Member>> {
    return read(await this.call("GET", "/v1/me"), readMember);
  }

  async agree(termsVersion: string, agreed: readonly Agreement[]): Promise<Answer<Member>> {
    const body = { terms_version: termsVersion, agreed };
    const answer = await this.call("PUT", "/v1/me/consent", { body });
    return read(answer, (consent) => readMember({ consent }));
  }

  withdrawConsent(): Promise<Answer<Reply>> {
    return this.call("DELETE", "/v1/me/consent");
  }

  async listIssuers(): Promise<Answer<readonly Issuer[]>> {
    return read(await this.call("GET", "/v1/issuers", { asMember: false }), readIssuers);
  }

  async readStatus(): Promise<Answer<readonly Lane[]>> {
    return read(await this.call("GET", "/v1/status", { asMember: false }), readLanes);
  }

  async listAccounts(): Promise<Answer<readonly Account[]>> {
    return read(await this.call("GET", "/v1/accounts"), readAccounts);
  }

  async addAccount(request: AccountRequest): Promise<Answer<Account>> {
    const body = {
      bank_code: request.bankCode,
      account_number: request.accountNumber,
      holder_name: request.holderName,
    };
    return readOrLost(await this.call("POST", "/v1/accounts", { body }), readAccount);
  }

  deleteAccount(accountId: string): Promise<Answer<Reply>> {
    return this.call("DELETE", `/v1/accounts/${encodeURIComponent(accountId)}`);
  }

  async quote(request: TransferRequest): Promise<Answer<Quote>> {
    const answer = await this.call("POST", "/v1/transfers/quote", { body: bodyOf(request) });
    return readOrLost(answer, readQuote);
  }

  /** `idempotencyKey`: the same for every try of one confirmation, so that it counts once. */
  async submitTransfer(
    idempotencyKey: string,
    request: TransferRequest,
  ): Promise<Answer<Transfer>> {
    const headers = { "Idempotency-Key": idempotencyKey };
    const answer = await this.call("POST", "/v1/transfers", { body: bodyOf(request), headers });
    return readOrLost(answer, readTransfer);
  }

  async readTransfer(transferId: string): Promise<Answer<Transfer>> {
    const answer = await this.call("GET", `/v1/transfers/${encodeURIComponent(transferId)}`);
    return readOrLost(answer, readTransfer);
  }

  async listTransfers(cursor: string | null, limit: number): Promise<Answer<TransferList>> {
    const query = new URLSearchParams({ limit: String(limit) });
    if (cursor !== null) query.set("cursor", cursor);
    return read(await this.call("GET", `/v1/transfers?${query}`), readTransferList);
  }

  async listCards(): Promise<Answer<readonly Card[]>> {
    return read(await this.call("GET", "/v1/cards"), readCards);
  }

  async listBills(): Promise<Answer<BillList>> {
    return read(await this.call("GET", "/v1/autopays"), readBills);
  }

  /** `idempotencyKey`: as for a transfer. */
  async submitOrder(idempotencyKey: string, request: OrderRequest): Promise<Answer<Order>> {
    const { kind, autopayId, toCardRef } = request;
    const to = toCardRef === null ? {} : { to_card_ref: toCardRef };
    const body = { kind, autopay_id: autopayId, ...to };
    const headers = { "Idempotency-Key": idempotencyKey };
    const answer = await this.call("POST", "/v1/autopay-orders", { body, headers });
    return readOrLost(answer, readOrder);
  }

  async listOrders(): Promise<Answer<readonly Order[]>> {
    return read(await this.call("GET", "/v1/autopay-orders"), readOrders);
  }

  async readOrder(orderId: string): Promise<Answer<Order>> {
    const answer = await this.call("GET", `/v1/autopay-orders/${encodeURIComponent(orderId)}`);
    return readOrLost(answer, readOrder);
  }

  /** Asked twice it is withdrawn once. */
  async withdrawOrder(orderId: string): Promise<Answer<Order>> {
    const path = `/v1/autopay-orders/${encodeURIComponent(orderId)}/withdrawal`;
    return readOrLost(await this.call("POST", path), readOrder);
  }

  private async callLookup(method: string, path: string, body?: unknown): Promise<Answer<Lookup>> {
    const answer = await this.call(method, path, { body });
    if (!answer.ok) return answer;
    const lookup = readLookup(answer.value.body);
    if (lookup === null) return { ok: false, failure: UNREADABLE };
    const { retryAfterMs } = answer.value;
    return { ok: true, value: { ...lookup, retryAfterMs: lookup.retryAfterMs ?? retryAfterMs } };
  }

  private async call(
    method: string,
    path: string,
    { body, asMember = true, headers: more = {} }: Call = {},
  ): Promise<Answer<Reply>> {
    const headers: Record<string, string> = {
      ...more,
      Accept: "application/json",
      "Accept-Language": this.language(),
    };
    if (asMember) {
      const token = await this.accessToken();
      if (token === null) return { ok: false, failure: { kind: "signed_out" } };
      headers["Authorization"] = `Bearer ${token}`;
    }
    if (body !== undefined) headers["Content-Type"] = "application/json";
    let response: Response;
    let text: string;
    try {
      response = await fetch(path, {
        method,
        headers,
        credentials: "omit",
        signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      text = await response.text();
    } catch {
      return { ok: false, failure: UNREADABLE };
    }
    const retryAfter = response.headers.get("Retry-After");
    const parsed = parseJson(text);
    if (!response.ok) {
      const failure = failureOf(response.status, parsed, retryAfter, Date.now());
      return { ok: false, failure };
    }
    const retryAfterMs = readRetryAfter(retryAfter, Date.now());
    return { ok: true, value: { body: parsed, retryAfterMs } };
  }
}

interface Call {
  readonly body?: unknown;
  /** With the member's token. */
  readonly asMember?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Reply {
  readonly body: unknown;
  readonly retryAfterMs: number | null;
}

function read<Value>(answer: Answer<Reply>, reader: (body: unknown) => Value): Answer<Value> {
  return answer.ok ? { ok: true, value: reader(answer.value.body) } : answer;
}

/** An answer that is not what was asked for is as good as none. */
function readOrLost<Value>(
  answer: Answer<Reply>,
  reader: (body: unknown) => Value | null,
): Answer<Value> {
  if (!answer.ok) return answer;
  const value = reader(answer.value.body);
  return value === null ? { ok: false, failure: UNREADABLE } : { ok: true, value };
}

const bodyOf = ({ accountId, items }: TransferRequest) => ({
  account_id: accountId,
  items: items.map(({ issuer, pointCode, amount }) => ({
    issuer,
    point_code: pointCode,
    amount,
  })),
});

/** Undefined when the text is no JSON, as with a proxy's own error page. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
