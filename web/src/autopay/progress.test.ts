import { describe, expect, it } from "vitest";
import { ORDER_STATUSES, type Order, readOrder } from "../api/autopay-shapes";
import { en } from "../i18n/en";
import { ko } from "../i18n/ko";
import { milestonesOf, wordsForOrder } from "../i18n/order";
import { isPastWithdrawal, pollAfterMs, timeToWithdraw } from "./progress";

const UNTIL = "2026-11-22T22:00:00+09:00";

function order(fields: object): Order {
  const read = readOrder({
    order_id: "ord_1",
    kind: "CHANGE",
    status: "ACCEPTED",
    requested_at: "2026-11-22T19:03:00+09:00",
    process_on: "2026-11-23",
    result_on: "2026-11-25",
    withdrawable_until: UNTIL,
    ...fields,
  });
  if (read === null) throw new Error("no order");
  return read;
}

const at = (time: string): number => Date.parse(`2026-11-22T${time}+09:00`);

describe("taking an order back (R-A4)", () => {
  it("counts down to 22:00", () => {
    expect(timeToWithdraw(order({}), at("19:04:30"))).toEqual({
      hours: 2,
      minutes: 55,
      seconds: 30,
    });
    expect(timeToWithdraw(order({}), at("21:59:59"))).toEqual({ hours: 0, minutes: 0, seconds: 1 });
  });

  it("is over at 22:00 sharp, and after", () => {
    expect(timeToWithdraw(order({}), at("22:00:00"))).toBeNull();
    expect(timeToWithdraw(order({}), at("23:00:00"))).toBeNull();
  });

  it("is not possible for what is carried out at once", () => {
    expect(timeToWithdraw(order({ withdrawable_until: null }), at("19:00:00"))).toBeNull();
  });

  it.each(["COMPLETED", "REJECTED", "WITHDRAWN"])("is not possible once it is %s", (status) => {
    expect(timeToWithdraw(order({ status }), at("19:00:00"))).toBeNull();
  });

  it("is not offered by a device whose clock is behind, once it is carried out", () => {
    expect(timeToWithdraw(order({ status: "PROCESSING" }), at("19:00:00"))).toBeNull();
  });

  it("is possible while it is being found out whether the order has arrived", () => {
    expect(timeToWithdraw(order({ status: "CHECKING" }), at("19:00:00"))).not.toBeNull();
  });

  it("is not offered for a time that is none", () => {
    expect(timeToWithdraw(order({ withdrawable_until: "later" }), at("19:00:00"))).toBeNull();
  });

  it("cannot be promised to whoever orders after 22:00 in Seoul", () => {
    expect(isPastWithdrawal(at("21:59:59"))).toBe(false);
    expect(isPastWithdrawal(at("22:00:00"))).toBe(true);
    expect(isPastWithdrawal(at("00:00:00"))).toBe(false);
  });
});

describe("asking again", () => {
  it.each([
    ["ACCEPTED", null, 5_000],
    ["CHECKING", null, 5_000],
    ["PROCESSING", null, 5_000],
    ["CHECKING", UNTIL, 5_000],
    ["ACCEPTED", UNTIL, 60_000],
    ["PROCESSING", UNTIL, 60_000],
    ["COMPLETED", UNTIL, null],
    ["REJECTED", UNTIL, null],
    ["WITHDRAWN", null, null],
  ] as const)("of %s, withdrawable until %s, happens after %s ms", (status, until, waitMs) => {
    expect(pollAfterMs(order({ status, withdrawable_until: until }), 0)).toBe(waitMs);
  });

  it("becomes rare when nothing has moved for two minutes", () => {
    const checking = order({ status: "CHECKING" });
    expect(pollAfterMs(checking, 119_000)).toBe(5_000);
    expect(pollAfterMs(checking, 120_000)).toBe(60_000);
  });
});

describe("an order in words", () => {
  it.each(ORDER_STATUSES)("is told in both languages and for both kinds: %s", (status) => {
    for (const kind of ["CHANGE", "CANCEL"]) {
      for (const say of [ko, en]) {
        const { title, note } = wordsForOrder(order({ status, kind }), say);
        expect(title).not.toBe("");
        expect(note).not.toBe("");
      }
    }
  });

  it("says what became of a change and of an end", () => {
    const words = (kind: string, status: string) =>
      wordsForOrder(order({ kind, status }), ko).title;
    expect(words("CHANGE", "COMPLETED")).toBe("카드를 바꿨어요");
    expect(words("CANCEL", "COMPLETED")).toBe("자동납부를 해지했어요");
    expect(words("CANCEL", "REJECTED")).toBe("해지하지 못했어요");
  });

  it("has stations with the days that were reckoned (R-A3)", () => {
    expect(milestonesOf(order({}))).toEqual([
      { step: "requested", state: "done", at: "2026-11-22T19:03:00+09:00" },
      { step: "processed", state: "ahead", at: "2026-11-23" },
      { step: "result", state: "ahead", at: "2026-11-25" },
    ]);
  });

  it("is not being carried out because it is being checked", () => {
    const processed = (fields: object) => milestonesOf(order({ status: "CHECKING", ...fields }))[1];
    expect(processed({})?.state).toBe("ahead");
    expect(processed({ withdrawable_until: null })?.state).toBe("now");
  });

  it("has no days if it is carried out at once", () => {
    const [, processed, result] = milestonesOf(order({ withdrawable_until: null }));
    expect([processed?.at, result?.at]).toEqual([null, null]);
  });

  it("of a later server's status is being checked, and goes on being asked about", () => {
    const unknown = order({ status: "TELEPORTED" });
    expect(unknown.status).toBe("CHECKING");
    expect(pollAfterMs(unknown, 0)).not.toBeNull();
  });
});
