/** The bills as a member looks for them, what cannot be moved, and why. */
import type { Bill, BillList, Card, Order } from "../api/autopay-shapes";
import { CATEGORY_CODES } from "./categories";
import { isFinal } from "./progress";

export interface CardGroup {
  readonly cardRef: string;
  /** Null for a card that the list of cards does not hold. */
  readonly card: Card | null;
  readonly bills: readonly Bill[];
}

export interface CategoryGroup {
  readonly category: string;
  readonly bills: readonly Bill[];
}

/** What is charged next comes first; what nobody knows a day of, last. */
const DAYS_END = "9999-12-31";
const byNextCharge = (one: Bill, other: Bill): number =>
  (one.nextChargeOn ?? DAYS_END).localeCompare(other.nextChargeOn ?? DAYS_END);

export const inOrder = (bills: readonly Bill[]): readonly Bill[] => [...bills].sort(byNextCharge);

/** Cards in their own order, those without bills left out; unknown ones last. */
export function byCard(cards: readonly Card[], bills: readonly Bill[]): readonly CardGroup[] {
  const known = cards.map(({ cardRef }) => cardRef);
  const others = bills.map(({ cardRef }) => cardRef).filter((ref) => !known.includes(ref));
  return [...new Set([...known, ...others])].flatMap((cardRef) => {
    const own = bills.filter((bill) => bill.cardRef === cardRef);
    const card = cards.find((one) => one.cardRef === cardRef) ?? null;
    return own.length === 0 ? [] : { cardRef, card, bills: inOrder(own) };
  });
}

/** Categories in the page's order; unknown ones last. */
export function byCategory(bills: readonly Bill[]): readonly CategoryGroup[] {
  const codes = new Set([...CATEGORY_CODES, ...bills.map(({ category }) => category)]);
  return [...codes].flatMap((category) => {
    const own = bills.filter((bill) => bill.category === category);
    return own.length === 0 ? [] : { category, bills: inOrder(own) };
  });
}

export const withoutBills = (cards: readonly Card[], bills: readonly Bill[]): readonly Card[] =>
  cards.filter(({ cardRef }) => !bills.some((bill) => bill.cardRef === cardRef));

export type CardObstacle = "corporate" | "dormant" | "suspended" | "not_taking_part";

const BY_STATUS: Readonly<Record<string, CardObstacle>> = {
  DORMANT: "dormant",
  SUSPENDED: "suspended",
};

/** Why no bill can be moved to a card (R-A2); null if one can. */
export function whyUnusable(card: Card): CardObstacle | null {
  if (card.usable) return null;
  if (card.kind === "CORPORATE") return "corporate";
  return BY_STATUS[card.status] ?? "not_taking_part";
}

export type BillObstacle =
  /** R-A6 */
  | { readonly kind: "order_open"; readonly orderId: string }
  /** Charged to a corporate card (R-A2). */
  | { readonly kind: "corporate" }
  /** Only the biller can say (R-A7). */
  | { readonly kind: "ask_biller" };

/** Why a bill can neither be moved nor ended here; null if it can. */
export function whyFixed(
  bill: Bill,
  card: Card | null,
  orders: readonly Order[],
): BillObstacle | null {
  const open = orders.find((order) => order.autopayId === bill.autopayId && !isFinal(order));
  if (open !== undefined) return { kind: "order_open", orderId: open.orderId };
  if (card?.kind === "CORPORATE") return { kind: "corporate" };
  return bill.changeable ? null : { kind: "ask_biller" };
}

/** The bills that are charged next, all of one day; none if no day is known. */
export function chargedNext({ asOf, bills }: BillList): readonly Bill[] {
  const ahead = inOrder(bills).filter(
    ({ nextChargeOn }) => nextChargeOn !== null && nextChargeOn >= (asOf ?? ""),
  );
  return ahead.filter(({ nextChargeOn }) => nextChargeOn === ahead[0]?.nextChargeOn);
}

export interface Choice {
  readonly card: Card;
  readonly obstacle: CardObstacle | "present" | null;
}

/** The cards a bill can be moved to, then those it cannot, each with why. */
export function choicesFor(bill: Bill, cards: readonly Card[]): readonly Choice[] {
  const choices = cards.map((card): Choice => {
    const obstacle = card.cardRef === bill.cardRef ? "present" : whyUnusable(card);
    return { card, obstacle };
  });
  return [
    ...choices.filter(({ obstacle }) => obstacle === null),
    ...choices.filter(({ obstacle }) => obstacle !== null),
  ];
}
