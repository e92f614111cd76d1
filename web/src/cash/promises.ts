/** When the money of a quote arrives, grouped the way people say it. */
import type { Quote, QuoteItem } from "../api/transfer-shapes";
import { daysBetween, seoulDay } from "../format/time";
import { totalOf } from "./offers";

export interface PromiseGroup {
  readonly kind: "at_once" | "today" | "tomorrow" | "later" | "untold";
  /** The first promise of the group. */
  readonly at: string | null;
  readonly items: readonly QuoteItem[];
  readonly total: number;
}

/** A promise this near is the moment of the application itself, on clocks that differ a little. */
const AT_ONCE_MS = 120_000;

export const isAtOnce = (promisedAt: string, from: string): boolean =>
  Date.parse(promisedAt) - Date.parse(from) <= AT_ONCE_MS;

function kindOf(promisedAt: string | null, from: string): PromiseGroup["kind"] {
  if (promisedAt === null) return "untold";
  if (isAtOnce(promisedAt, from)) return "at_once";
  const days = daysBetween(from, promisedAt);
  if (days === null) return "untold";
  return days <= 0 ? "today" : days === 1 ? "tomorrow" : "later";
}

const groupKeyOf = (item: QuoteItem, from: string): string => {
  const kind = kindOf(item.promisedAt, from);
  return kind === "later" ? (seoulDay(item.promisedAt ?? "") ?? kind) : kind;
};

/** Soonest first; `from` is the time of the quote. */
export function groupByPromise(quote: Quote, from: string): readonly PromiseGroup[] {
  const groups = new Map<string, QuoteItem[]>();
  const soonestFirst = [...quote.items].sort((one, other) => timeOf(one) - timeOf(other));
  for (const item of soonestFirst) {
    const key = groupKeyOf(item, from);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()].map((items) => {
    const at = items[0]?.promisedAt ?? null;
    return { kind: kindOf(at, from), at, items, total: totalOf(items) };
  });
}

const timeOf = ({ promisedAt }: QuoteItem): number => {
  const time = Date.parse(promisedAt ?? "");
  return Number.isNaN(time) ? Number.POSITIVE_INFINITY : time;
};

/** Whether a later quote promises the same days: what the member has read must be what holds (R-T3). */
export function promisesSame(read: Quote, readAt: string, now: Quote, nowAt: string): boolean {
  const promisesOf = (quote: Quote, at: string): string =>
    quote.items
      .map((item) => {
        const isNow = item.promisedAt !== null && isAtOnce(item.promisedAt, at);
        const when = isNow ? "at once" : seoulDay(item.promisedAt ?? "");
        return `${item.issuer}/${item.pointCode} ${item.amount} ${when}`;
      })
      .sort()
      .join();
  return promisesOf(read, readAt) === promisesOf(now, nowAt);
}
