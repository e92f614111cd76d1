import { describe, expect, it } from "vitest";
import { type Bill, readBills, readCards } from "../api/autopay-shapes";
import type { AutopayPath } from "../router";
import { NOTHING_ORDERED, type OrderDraft, OrderMemory, requestOf, stepFor } from "./draft";

const [BILL] = readBills({ autopays: [{ autopay_id: "bill-1" }] }).bills as [Bill];
const [CARD = null] = readCards({ cards: [{ card_ref: "card-2" }] });
const NOW = Date.parse("2026-11-22T23:30:00+09:00");
const request = { kind: "CHANGE", autopayId: "bill-1", toCardRef: "card-2" } as const;

const draft = (part: Partial<OrderDraft>): OrderDraft => ({
  ...NOTHING_ORDERED,
  bill: BILL,
  begunOn: "2026-11-22",
  ...part,
});
const step = (path: AutopayPath, part: Partial<OrderDraft>, nowMs = NOW) =>
  stepFor(path, draft(part), nowMs);

describe("the steps to an order", () => {
  it("come one after the other", () => {
    expect(stepFor("/autopay/confirm", NOTHING_ORDERED, NOW)).toBe("/autopay");
    expect(step("/autopay/confirm", {})).toBe("/autopay/card");
    expect(step("/autopay/confirm", { toCard: CARD })).toBe("/autopay/confirm");
    expect(step("/autopay/card", { toCard: CARD })).toBe("/autopay/card");
  });

  it("need no card to end an autopay", () => {
    expect(step("/autopay/card", { kind: "CANCEL" })).toBe("/autopay/confirm");
  });

  it("begin anew on another day: warnings are of a day (R-A5)", () => {
    const nextDay = NOW + 3_600_000;
    expect(step("/autopay/confirm", { toCard: CARD }, nextDay)).toBe("/autopay");
  });

  it("end at the confirmation while an order is unanswered, also on another day", () => {
    const application = { key: "key-1", request, unanswered: true };
    const nextDay = NOW + 3_600_000;
    expect(step("/autopay/card", { toCard: CARD, application }, nextDay)).toBe("/autopay/confirm");
    const kept = { ...application, unanswered: false };
    expect(step("/autopay/card", { toCard: CARD, application: kept })).toBe("/autopay/card");
  });
});

describe("what is ordered", () => {
  it("is complete with a card, or without one to end it", () => {
    expect(requestOf(draft({}))).toBeNull();
    expect(requestOf(draft({ toCard: CARD }))).toEqual(request);
    expect(requestOf(draft({ kind: "CANCEL", toCard: CARD }))).toEqual({
      kind: "CANCEL",
      autopayId: "bill-1",
      toCardRef: null,
    });
  });

  it("leaves nothing of the last order when another is begun", () => {
    const kept = new Map<string, string>();
    const memory = new OrderMemory(
      {
        getItem: (key) => kept.get(key) ?? null,
        setItem: (key, value) => void kept.set(key, value),
        removeItem: (key) => void kept.delete(key),
      },
      "s1",
    );
    const application = { key: "key-1", request, unanswered: false };
    memory.change(draft({ toCard: CARD, application }));
    memory.begin("CANCEL", BILL, CARD);
    expect(memory.load()).toMatchObject({ kind: "CANCEL", toCard: null, application: null });
  });
});
