/** Tells of an order that has become final while it was looked at. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Order } from "../../api/autopay-shapes";
import { newlyFinal } from "../../autopay/follower";
import { useWords } from "../../i18n";
import { wordsForOrder } from "../../i18n/order";
import { Icon } from "../icons";

interface Props {
  /** Null before the first answer. */
  readonly orders: readonly Order[] | null;
  readonly billNameOf: (order: Order) => string;
  readonly onResult: () => void;
}

/** The region stands there from the start: what comes into it later is read out. */
export function Results({ orders, billNameOf, onResult }: Props) {
  const { say } = useWords();
  const before = useRef<readonly Order[] | null>(null);
  const [results, setResults] = useState<readonly Order[]>([]);
  useEffect(() => {
    if (orders === null) return;
    const fresh = newlyFinal(before.current, orders);
    before.current = orders;
    if (fresh.length === 0) return;
    setResults((known) => [...known, ...fresh]);
    onResult();
  }, [orders]);
  return (
    <div class="order-results" aria-live="polite" data-testid="order-announcer">
      {results.map((order) => (
        <p
          key={order.orderId}
          class={`order-result order-result-${order.status.toLowerCase()}`}
          data-testid="order-result"
          data-status={order.status}
        >
          <Icon name={order.status === "REJECTED" ? "notice" : "check"} />
          {say.orderResult(billNameOf(order), wordsForOrder(order, say).title)}
        </p>
      ))}
    </div>
  );
}
