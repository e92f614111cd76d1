/** An order, sent once, and what its refusals mean. */
import type { Order } from "../api/autopay-shapes";
import type { Answer, OrderRequest } from "../api/client";
import type { Failure } from "../api/failure";
import type { Text } from "../api/shapes";
import * as sending from "../sending/submission";

export type OrderApplication = sending.Confirmed<OrderRequest>;
export type OrderApplicationMemory = sending.ConfirmedMemory<OrderRequest>;

/** The way on from a refusal. */
export type WayOn = "another_card" | "orders" | "biller" | "bills";

const WAYS_ON: Readonly<Record<string, WayOn>> = {
  card_not_active: "another_card",
  order_open: "orders",
  not_changeable: "biller",
  category_not_open: "bills",
};

export interface OrderRefusal {
  readonly kind: "refused";
  readonly code: string | null;
  readonly title: Text | null;
  readonly text: Text | null;
  readonly wayOn: WayOn;
}

export type OrderStep = sending.SendingStep<Order, OrderRefusal>;

export interface OrderCalls {
  submitOrder(idempotencyKey: string, request: OrderRequest): Promise<Answer<Order>>;
}

export class OrderSubmission extends sending.Submission<OrderRequest, Order, OrderRefusal> {
  constructor(calls: OrderCalls, memory: OrderApplicationMemory) {
    super({ send: (key, request) => calls.submitOrder(key, request), refusalOf }, memory);
  }
}

function refusalOf(
  { code, title, text }: Extract<Failure, { kind: "refused" }>,
  { kind }: OrderRequest,
): OrderRefusal {
  // A corporate card is the chosen one, or else the one the bill stands on, which nobody can choose.
  const ways = {
    ...WAYS_ON,
    corporate_card: kind === "CHANGE" ? "another_card" : "biller",
  } as const;
  const wayOn = ways[code as keyof typeof ways] ?? "bills";
  return { kind: "refused", code, title, text, wayOn };
}
