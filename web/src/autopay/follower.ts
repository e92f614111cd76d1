/** Follows one order, or the whole list, until nothing in it will change any more. */
import type { Order } from "../api/autopay-shapes";
import type { Answer } from "../api/client";
import { Follower } from "../following/follower";
import { isFinal, pollAfterMs } from "./progress";

export interface OrderFollowerCalls {
  readOrder(orderId: string): Promise<Answer<Order>>;
  listOrders(): Promise<Answer<readonly Order[]>>;
}

export class OrderFollower extends Follower<Order> {
  constructor(calls: Pick<OrderFollowerCalls, "readOrder">, orderId: string) {
    super({ read: () => calls.readOrder(orderId), pollAfterMs });
  }
}

/** The list is read as often as its most lively order asks for. */
export class OrdersFollower extends Follower<readonly Order[]> {
  constructor(calls: Pick<OrderFollowerCalls, "listOrders">) {
    super({
      read: () => calls.listOrders(),
      pollAfterMs: (orders, unchangedMs) => {
        const waits = orders.flatMap((order) => pollAfterMs(order, unchangedMs) ?? []);
        return waits.length === 0 ? null : Math.min(...waits);
      },
    });
  }
}

/** Orders that have become final since they were last seen. */
export function newlyFinal(
  before: readonly Order[] | null,
  now: readonly Order[],
): readonly Order[] {
  const open = new Set(before?.flatMap((order) => (isFinal(order) ? [] : order.orderId)));
  return now.filter((order) => isFinal(order) && open.has(order.orderId));
}
