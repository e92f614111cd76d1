/** The one place that talks to `/v1`. Failures are values: see `failure.ts`. */
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

export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: Failure };

export interface LookupRequest {
  /** All issuers when left out. */
  readonly issuers?: readonly string[];
  readonly max_age_seconds?: number;
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
    const answer = await this.call("PUT", "/v1/me/consent", body);
    return read(answer, (consent) => readMember({ consent }));
  }

  withdrawConsent(): Promise<Answer<Reply>> {
    return this.call("DELETE", "/v1/me/consent");
  }

  async listIssuers(): Promise<Answer<readonly Issuer[]>> {
    return read(await this.call("GET", "/v1/issuers", undefined, false), readIssuers);
  }

  async readStatus(): Promise<Answer<readonly Lane[]>> {
    return read(await this.call("GET", "/v1/status", undefined, false), readLanes);
  }

  private async callLookup(method: string, path: string, body?: unknown): Promise<Answer<Lookup>> {
    const answer = await this.call(method, path, body);
    if (!answer.ok) return answer;
    const lookup = readLookup(answer.value.body);
    if (lookup === null) return { ok: false, failure: UNREADABLE };
    const { retryAfterMs } = answer.value;
    return { ok: true, value: { ...lookup, retryAfterMs: lookup.retryAfterMs ?? retryAfterMs } };
  }

  private async call(
    method: string,
    path: string,
    body?: unknown,
    asMember = true,
  ): Promise<Answer<Reply>> {
    const headers: Record<string, string> = {
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

interface Reply {
  readonly body: unknown;
  readonly retryAfterMs: number | null;
}

function read<Value>(answer: Answer<Reply>, reader: (body: unknown) => Value): Answer<Value> {
  return answer.ok ? { ok: true, value: reader(answer.value.body) } : answer;
}

/** Undefined when the text is no JSON, as with a proxy's own error page. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
