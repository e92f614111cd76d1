import { useEffect, useState } from "preact/hooks";
import type { Biller, Card, Order } from "../../api/autopay-shapes";
import type { AutopayBook } from "../../autopay/book";
import { useWords } from "../../i18n";

export interface OrderNames {
  readonly biller: Biller | null;
  readonly category: string | null;
  readonly toCard: Card | null;
  /** What the bill is called in a sentence. */
  readonly billName: string;
}

/** Orders name bills and cards by reference: their lists are read once if a name is missing. */
export function useOrderNames(
  book: AutopayBook,
  orders: readonly Order[],
): (order: Order) => OrderNames {
  const { say } = useWords();
  const [, setHeard] = useState(0);
  const unnamed = orders.some(({ autopayId }) => book.billOf(autopayId) === null);
  useEffect(() => {
    // Names are an extra: an order is shown without them, too.
    if (unnamed) void book.read().then(() => setHeard((times) => times + 1));
  }, [book, unnamed]);
  return ({ autopayId, toCardRef }) => {
    const bill = book.billOf(autopayId);
    return {
      biller: bill?.biller ?? null,
      category: bill?.category ?? null,
      toCard: toCardRef === null ? null : book.cardOf(toCardRef),
      billName: bill?.biller.name ?? say.orderUnknownBill,
    };
  };
}
