/** Cards, bills and orders of autopay as the page uses them, read with the same tolerance as `shapes.ts`. */
import { fieldsOf, listOf, stringOf } from "./reading";
import { readText, type Text } from "./shapes";

export interface Card {
  readonly cardRef: string;
  readonly issuer: string;
  readonly name: string;
  readonly maskedNumber: string;
  readonly kind: string;
  readonly type: string;
  readonly status: string;
  /** Bills can be moved to it (R-A2). */
  readonly usable: boolean;
}

export interface Biller {
  readonly code: string;
  readonly name: string;
  readonly phone: string | null;
}

/** A bill that is charged to a card. */
export interface Bill {
  readonly autopayId: string;
  readonly category: string;
  readonly biller: Biller;
  readonly customerRef: string;
  readonly cardRef: string;
  /** `YYYY-MM-DD` */
  readonly nextChargeOn: string | null;
  readonly changeable: boolean;
  readonly warnings: readonly Text[];
}

export interface BillList {
  /** `YYYY-MM-DD` */
  readonly asOf: string | null;
  readonly bills: readonly Bill[];
}

export const ORDER_KINDS = ["CHANGE", "CANCEL"] as const;
export type OrderKind = (typeof ORDER_KINDS)[number];

export const ORDER_STATUSES = [
  "ACCEPTED",
  "PROCESSING",
  "COMPLETED",
  "REJECTED",
  "WITHDRAWN",
  "CHECKING",
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** A bill moved to another card, or its autopay ended. */
export interface Order {
  readonly orderId: string;
  readonly kind: OrderKind;
  readonly autopayId: string;
  readonly toCardRef: string | null;
  readonly status: OrderStatus;
  readonly requestedAt: string;
  /** `YYYY-MM-DD` */
  readonly processOn: string | null;
  /** `YYYY-MM-DD` */
  readonly resultOn: string | null;
  /** Null for an order that is carried out at once. */
  readonly withdrawableUntil: string | null;
  readonly reason: Text | null;
  readonly warnings: readonly Text[];
}

const readTexts = (value: unknown): readonly Text[] =>
  listOf(value).flatMap((item) => readText(item) ?? []);

/** Without a reference no bill can be moved to it, or stand on it. */
export const readCards = (body: unknown): readonly Card[] =>
  listOf(fieldsOf(body)["cards"]).flatMap((item) => {
    const fields = fieldsOf(item);
    const cardRef = stringOf(fields["card_ref"]);
    if (cardRef === null) return [];
    return {
      cardRef,
      issuer: stringOf(fields["issuer"]) ?? "",
      name: stringOf(fields["name"]) ?? "",
      maskedNumber: stringOf(fields["masked_number"]) ?? "",
      kind: stringOf(fields["kind"]) ?? "",
      type: stringOf(fields["type"]) ?? "",
      status: stringOf(fields["status"]) ?? "",
      usable: fields["usable"] === true,
    };
  });

export function readBills(body: unknown): BillList {
  const fields = fieldsOf(body);
  return {
    asOf: stringOf(fields["as_of"]),
    bills: listOf(fields["autopays"]).flatMap((item) => readBill(item) ?? []),
  };
}

function readBill(value: unknown): Bill | null {
  const fields = fieldsOf(value);
  const autopayId = stringOf(fields["autopay_id"]);
  if (autopayId === null) return null;
  const biller = fieldsOf(fields["biller"]);
  const code = stringOf(biller["code"]) ?? "";
  return {
    autopayId,
    category: stringOf(fields["category"]) ?? "",
    biller: { code, name: stringOf(biller["name"]) ?? code, phone: stringOf(biller["phone"]) },
    customerRef: stringOf(fields["customer_ref"]) ?? "",
    cardRef: stringOf(fields["card_ref"]) ?? "",
    nextChargeOn: stringOf(fields["next_charge_on"]),
    // What a later server does not say in these words is left alone.
    changeable: fields["changeable"] === true,
    warnings: readTexts(fields["warnings"]),
  };
}

/** Null for anything that is not an order: whoever asked does not know what happened. */
export function readOrder(body: unknown): Order | null {
  const fields = fieldsOf(body);
  const orderId = stringOf(fields["order_id"]);
  if (orderId === null) return null;
  return {
    orderId,
    kind: ORDER_KINDS.find((known) => known === fields["kind"]) ?? "CHANGE",
    autopayId: stringOf(fields["autopay_id"]) ?? "",
    toCardRef: stringOf(fields["to_card_ref"]),
    // A status of a later server is one that nobody here can judge yet.
    status: ORDER_STATUSES.find((known) => known === fields["status"]) ?? "CHECKING",
    requestedAt: stringOf(fields["requested_at"]) ?? "",
    processOn: stringOf(fields["process_on"]),
    resultOn: stringOf(fields["result_on"]),
    withdrawableUntil: stringOf(fields["withdrawable_until"]),
    reason: readText(fields["reason"]),
    warnings: readTexts(fields["warnings"]),
  };
}

export const readOrders = (body: unknown): readonly Order[] =>
  listOf(fieldsOf(body)["orders"]).flatMap((item) => readOrder(item) ?? []);
