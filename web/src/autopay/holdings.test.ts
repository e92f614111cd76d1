import { describe, expect, it } from "vitest";
import { readBills, readCards, readOrders } from "../api/autopay-shapes";
import {
  byCard,
  byCategory,
  chargedNext,
  choicesFor,
  whyFixed,
  whyUnusable,
  withoutBills,
} from "./holdings";

const card = (ref: string, more: object = {}) => ({
  card_ref: ref,
  issuer: "kb",
  kind: "PERSONAL",
  status: "ACTIVE",
  usable: true,
  ...more,
});
const CARDS = readCards({
  cards: [
    card("corporate", { kind: "CORPORATE", usable: false }),
    card("one"),
    card("dormant", { status: "DORMANT", usable: false }),
    card("two"),
    card("suspended", { status: "SUSPENDED", usable: false }),
    card("foreign", { issuer: "epost", usable: false }),
  ],
});
const cardOf = (ref: string) => {
  const found = CARDS.find(({ cardRef }) => cardRef === ref);
  if (found === undefined) throw new Error(ref);
  return found;
};

const bill = (id: string, cardRef: string, more: object = {}) => ({
  autopay_id: id,
  category: "TELECOM",
  biller: { code: "SKT", name: "SK텔레콤", phone: "1599-0011" },
  customer_ref: "010",
  card_ref: cardRef,
  next_charge_on: "2026-12-10",
  changeable: true,
  warnings: [],
  ...more,
});
const LIST = readBills({
  as_of: "2026-11-22",
  autopays: [
    bill("late", "one", { next_charge_on: "2026-12-25" }),
    bill("unset", "one", { next_charge_on: null }),
    bill("rent", "two", { category: "PUBLIC_RENT" }),
    bill("past", "two", { next_charge_on: "2026-11-20" }),
    bill("soon", "one", { next_charge_on: "2026-11-25", category: "NEW_KIND" }),
    bill("same", "lost", { next_charge_on: "2026-11-25" }),
  ],
});
const billOf = (id: string) => {
  const found = LIST.bills.find(({ autopayId }) => autopayId === id);
  if (found === undefined) throw new Error(id);
  return found;
};

describe("the bills", () => {
  it("stand under their cards, what is charged first at the top, no day at the end", () => {
    const groups = byCard(CARDS, LIST.bills);
    expect(groups.map(({ cardRef }) => cardRef)).toEqual(["one", "two", "lost"]);
    expect(groups[0]?.bills.map(({ autopayId }) => autopayId)).toEqual(["soon", "late", "unset"]);
  });

  it("are not lost with a card that is in no list", () => {
    expect(byCard(CARDS, LIST.bills).at(-1)).toMatchObject({ cardRef: "lost", card: null });
  });

  it("stand under their kinds, also one the page has no words for", () => {
    const groups = byCategory(LIST.bills);
    expect(groups.map(({ category }) => category)).toEqual(["TELECOM", "PUBLIC_RENT", "NEW_KIND"]);
    expect(groups.flatMap(({ bills }) => bills)).toHaveLength(LIST.bills.length);
  });

  it("that are charged next are all of one day, from the day of the list on", () => {
    expect(chargedNext(LIST).map(({ autopayId }) => autopayId)).toEqual(["soon", "same"]);
    expect(chargedNext({ asOf: "2026-11-22", bills: [billOf("unset")] })).toEqual([]);
  });

  it("leave cards without any", () => {
    expect(withoutBills(CARDS, LIST.bills).map(({ cardRef }) => cardRef)).toEqual([
      "corporate",
      "dormant",
      "suspended",
      "foreign",
    ]);
  });
});

describe("a card", () => {
  it.each([
    ["corporate", "corporate"],
    ["dormant", "dormant"],
    ["suspended", "suspended"],
    ["foreign", "not_taking_part"],
    ["one", null],
  ] as const)("says why no bill can be moved to it (R-A2): %s", (ref, obstacle) => {
    expect(whyUnusable(cardOf(ref))).toBe(obstacle);
  });

  it("that pays already cannot be chosen, and those that can come first", () => {
    const choices = choicesFor(billOf("rent"), CARDS);
    expect(choices.map(({ card: { cardRef }, obstacle }) => [cardRef, obstacle])).toEqual([
      ["one", null],
      ["corporate", "corporate"],
      ["dormant", "dormant"],
      ["two", "present"],
      ["suspended", "suspended"],
      ["foreign", "not_taking_part"],
    ]);
  });
});

describe("a bill that cannot be changed", () => {
  const order = (status: string, autopayId = "late") =>
    readOrders({ orders: [{ order_id: "ord_1", autopay_id: autopayId, kind: "CHANGE", status }] });

  it.each(["ACCEPTED", "PROCESSING", "CHECKING"])("has an order under way (R-A6): %s", (status) => {
    const fixed = { ...billOf("late"), changeable: false };
    const expected = { kind: "order_open", orderId: "ord_1" };
    expect(whyFixed(fixed, cardOf("one"), order(status))).toEqual(expected);
    // The orders may be newer than the list of bills.
    expect(whyFixed(billOf("late"), cardOf("one"), order(status))).toEqual(expected);
  });

  it("stands on a corporate card (R-A2)", () => {
    expect(whyFixed(billOf("late"), cardOf("corporate"), [])).toEqual({ kind: "corporate" });
  });

  it("is the biller's to judge if nothing here holds it (R-A7)", () => {
    const fixed = { ...billOf("late"), changeable: false };
    expect(whyFixed(fixed, null, order("REJECTED"))).toEqual({ kind: "ask_biller" });
    expect(whyFixed(fixed, null, order("ACCEPTED", "other"))).toEqual({ kind: "ask_biller" });
  });

  it("is none of these otherwise", () => {
    expect(whyFixed(billOf("late"), cardOf("one"), order("COMPLETED"))).toBeNull();
  });
});
