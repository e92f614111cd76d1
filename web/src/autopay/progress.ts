/** How far an order is, until when it can be taken back, and how soon to ask again (R-A3, R-A4). */
import type { Order, OrderStatus } from "../api/autopay-shapes";

const FINAL: Readonly<Partial<Record<OrderStatus, true>>> = {
  COMPLETED: true,
  REJECTED: true,
  WITHDRAWN: true,
};

export const isFinal = ({ status }: Pick<Order, "status">): boolean => status in FINAL;

/** Carried out at once: there is no time to take it back in. */
export const isRealTime = ({ withdrawableUntil }: Order): boolean => withdrawableUntil === null;

const MOVING_MS = 5_000;
const WAITING_MS = 60_000;

/** What has not moved for so long waits for a day, a biller or a person. */
const SETTLES_WITHIN_MS = 120_000;

/** How long until an order is worth reading again; null once it is final. */
export function pollAfterMs(order: Order, unchangedMs: number): number | null {
  if (isFinal(order)) return null;
  // Of the others a CHECKING is a withdrawal, or an order that has just been placed.
  const moving = isRealTime(order) || order.status === "CHECKING";
  return moving && unchangedMs < SETTLES_WITHIN_MS ? MOVING_MS : WAITING_MS;
}

export interface TimeLeft {
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

/** The time until an order can no longer be withdrawn; null if it cannot (any more). */
export function timeToWithdraw(order: Order, nowMs: number): TimeLeft | null {
  const { withdrawableUntil } = order;
  // Whatever this device's clock says: what is carried out already has passed its day.
  if (withdrawableUntil === null || isFinal(order) || order.status === "PROCESSING") return null;
  const left = Math.ceil((Date.parse(withdrawableUntil) - nowMs) / 1000);
  if (!(left > 0)) return null;
  return {
    hours: Math.floor(left / 3600),
    minutes: Math.floor(left / 60) % 60,
    seconds: left % 60,
  };
}

/** Orders of today can be withdrawn until then; one made later cannot. */
const CLOSES_AT_HOUR = 22;

export function isPastWithdrawal(nowMs: number): boolean {
  const hour = new Intl.DateTimeFormat("en-GB", {
    timeZone: "Asia/Seoul",
    hour: "2-digit",
    hourCycle: "h23",
  }).format(nowMs);
  return Number(hour) >= CLOSES_AT_HOUR;
}
