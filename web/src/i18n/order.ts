/** How far an order is, in words. */
import type { Order, OrderKind, OrderStatus } from "../api/autopay-shapes";
import { isRealTime } from "../autopay/progress";
import type { Messages } from "./ko";

type Key = keyof Messages & `order${string}`;

export const ORDER_BADGES: Readonly<Record<OrderStatus, Key>> = {
  ACCEPTED: "orderAccepted",
  PROCESSING: "orderProcessing",
  COMPLETED: "orderCompleted",
  REJECTED: "orderRejected",
  WITHDRAWN: "orderWithdrawn",
  CHECKING: "orderChecking",
};

export const ORDER_KIND_WORDS: Readonly<Record<OrderKind, Key>> = {
  CHANGE: "orderKindChange",
  CANCEL: "orderKindCancel",
};

interface OrderWords {
  readonly title: string;
  readonly note: string;
}

const WORDS: Readonly<Record<OrderStatus, Readonly<Record<OrderKind, readonly [Key, Key]>>>> = {
  ACCEPTED: both(["orderAcceptedTitle", "orderAcceptedNote"]),
  PROCESSING: both(["orderProcessingTitle", "orderProcessingNote"]),
  COMPLETED: {
    CHANGE: ["orderChangedTitle", "orderChangedNote"],
    CANCEL: ["orderCancelledTitle", "orderCancelledNote"],
  },
  REJECTED: {
    CHANGE: ["orderNotChangedTitle", "orderRejectedNote"],
    CANCEL: ["orderNotCancelledTitle", "orderRejectedNote"],
  },
  WITHDRAWN: both(["orderWithdrawnTitle", "orderWithdrawnNote"]),
  CHECKING: both(["orderCheckingTitle", "orderCheckingNote"]),
};

function both(words: readonly [Key, Key]) {
  return { CHANGE: words, CANCEL: words };
}

export function wordsForOrder({ status, kind }: Order, say: Messages): OrderWords {
  const [title, note] = WORDS[status][kind];
  return { title: say[title] as string, note: say[note] as string };
}

export type MilestoneState = "done" | "now" | "ahead" | "missed";

export interface Milestone {
  readonly step: "requested" | "processed" | "result";
  readonly state: MilestoneState;
  /** A time or a day; null for an order that is carried out at once, or nobody told. */
  readonly at: string | null;
}

/** The stations of an order: how far each is, and when it was or is due. */
export function milestonesOf(order: Order): readonly Milestone[] {
  const { status } = order;
  const at = (day: string | null) => (isRealTime(order) ? null : day);
  const reached: Readonly<Record<OrderStatus, readonly [MilestoneState, MilestoneState]>> = {
    ACCEPTED: ["ahead", "ahead"],
    PROCESSING: ["now", "ahead"],
    // One with days may be checked long before the first of them.
    CHECKING: [isRealTime(order) ? "now" : "ahead", "ahead"],
    COMPLETED: ["done", "done"],
    REJECTED: ["missed", "done"],
    WITHDRAWN: ["missed", "missed"],
  };
  const [processed, result] = reached[status];
  return [
    { step: "requested", state: "done", at: order.requestedAt },
    { step: "processed", state: processed, at: at(order.processOn) },
    { step: "result", state: result, at: at(order.resultOn) },
  ];
}
