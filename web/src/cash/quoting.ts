/** Quotes age: what the member confirms must be what they have just read (R-T3). */
import type { Answer, TransferRequest } from "../api/client";
import type { Failure } from "../api/failure";
import type { Quote } from "../api/transfer-shapes";
import { totalOf } from "./offers";
import { promisesSame } from "./promises";

export interface Quoted {
  readonly quote: Quote;
  readonly heardAtMs: number;
}

export interface QuoteCalls {
  quote(request: TransferRequest): Promise<Answer<Quote>>;
}

/** The time its promises count from: the server's if it tells, which differs where clocks are moved. */
export const quotedAt = ({ quote, heardAtMs }: Quoted): string =>
  quote.quotedAt ?? new Date(heardAtMs).toISOString();

/** The quote is of just the points and amounts that were asked for. */
export function isOf(quote: Quote, { items }: TransferRequest): boolean {
  const amounts = new Map(quote.items.map((one) => [`${one.issuer}/${one.pointCode}`, one.amount]));
  return (
    amounts.size === items.length &&
    quote.total === totalOf(items) &&
    items.every(({ issuer, pointCode, amount }) => amounts.get(`${issuer}/${pointCode}`) === amount)
  );
}

/** A cut-off may have passed since: an older quote is asked for again before it is relied on. */
const HOLDS_MS = 60_000;

export type Reliance =
  | { readonly kind: "holds" }
  | { readonly kind: "changed"; readonly quoted: Quoted }
  | { readonly kind: "failed"; readonly failure: Failure };

/** Whether what was read still holds. */
export async function relyOn(
  read: Quoted,
  request: TransferRequest,
  calls: QuoteCalls,
): Promise<Reliance> {
  if (Date.now() - read.heardAtMs < HOLDS_MS) return { kind: "holds" };
  const answer = await calls.quote(request);
  if (!answer.ok) return { kind: "failed", failure: answer.failure };
  const quoted = { quote: answer.value, heardAtMs: Date.now() };
  const same = promisesSame(read.quote, quotedAt(read), quoted.quote, quotedAt(quoted));
  return same ? { kind: "holds" } : { kind: "changed", quoted };
}
