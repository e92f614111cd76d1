/** What a member is about to order, kept for this tab over reloads and sign-ins. */
import type { Bill, Card, OrderKind } from "../api/autopay-shapes";
import type { OrderRequest } from "../api/client";
import { seoulDay } from "../format/time";
import type { AutopayPath } from "../router";
import { TabMemory, type TabStorage } from "../tab-memory";
import type { OrderApplication } from "./submission";

export interface OrderDraft {
  readonly kind: OrderKind;
  /** As read when it was begun, with its warnings. */
  readonly bill: Bill | null;
  /** The card it stands on; null if nobody knows. */
  readonly fromCard: Card | null;
  readonly toCard: Card | null;
  /** The day in Seoul on which it was begun: warnings are of a day. */
  readonly begunOn: string | null;
  readonly application: OrderApplication | null;
}

export const NOTHING_ORDERED: OrderDraft = {
  kind: "CHANGE",
  bill: null,
  fromCard: null,
  toCard: null,
  begunOn: null,
  application: null,
};

export class OrderMemory extends TabMemory<OrderDraft> {
  constructor(storage: TabStorage, subject: string) {
    super("modupoint.autopay", NOTHING_ORDERED, storage, subject);
  }

  /** Another bill, another order: nothing of the last one is left. */
  begin(kind: OrderKind, bill: Bill, fromCard: Card | null): void {
    const begunOn = seoulDay(new Date().toISOString());
    this.change({ ...NOTHING_ORDERED, kind, bill, fromCard, begunOn });
  }
}

export const isUnanswered = ({ application }: OrderDraft): boolean =>
  application?.unanswered === true;

/** What is sent for a draft; null while something is missing. */
export function requestOf({ kind, bill, toCard }: OrderDraft): OrderRequest | null {
  if (bill === null || (kind === "CHANGE" && toCard === null)) return null;
  const toCardRef = kind === "CHANGE" ? (toCard?.cardRef ?? null) : null;
  return { kind, autopayId: bill.autopayId, toCardRef };
}

/** No step before what it needs, and none but the last while an order is unanswered. */
export function stepFor(
  path: AutopayPath,
  draft: OrderDraft,
  nowMs: number,
): AutopayPath | "/autopay" {
  if (draft.bill === null) return "/autopay";
  if (isUnanswered(draft)) return "/autopay/confirm";
  if (draft.begunOn !== seoulDay(new Date(nowMs).toISOString())) return "/autopay";
  if (draft.kind === "CANCEL") return "/autopay/confirm";
  return draft.toCard === null ? "/autopay/card" : path;
}
