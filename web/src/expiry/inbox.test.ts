import { describe, expect, it } from "vitest";
import type { Notice } from "../api/expiry-shapes";
import { byMonth, plannedOf, SeenNotices, withPage } from "./inbox";

const notice = (id: number, kind: Notice["kind"], more: Partial<Notice> = {}): Notice => ({
  noticeId: `ntc_${id}`,
  kind,
  createdAt: "2026-11-22T02:11:00+09:00",
  issuer: "kb",
  month: "2026-12",
  amount: 10,
  text: { ko: "글", en: "text" },
  transferId: null,
  ...more,
});

describe("the inbox", () => {
  it("puts pages together, and shows what came twice once", () => {
    const [one, two, three] = [3, 2, 1].map((id) => notice(id, "EXPIRING"));
    if (!one || !two || !three) throw new Error("three notices");
    const { notices, added } = withPage([one, two], [two, three]);
    expect(notices).toEqual([one, two, three]);
    expect(added).toEqual([three]);
  });

  it("groups by the month in Seoul, in the order it comes", () => {
    const at = (id: number, createdAt: string) => notice(id, "EXPIRING", { createdAt });
    const months = byMonth([
      at(3, "2026-11-30T15:00:00Z"),
      at(2, "2026-11-30T14:00:00Z"),
      at(1, "2026-11-01T00:00:00+09:00"),
    ]);
    expect(months.map(({ month, notices }) => [month, notices.length])).toEqual([
      ["2026-12", 1],
      ["2026-11", 2],
    ]);
    expect(byMonth([at(1, "")])[0]?.month).toBeNull();
  });
});

describe("a planned cash-out", () => {
  const planned = notice(1, "CASHOUT_PLANNED");

  it("is ahead until its end was told", () => {
    expect(plannedOf([notice(2, "EXPIRING"), planned])).toEqual([planned]);
  });

  it.each(["CASHOUT_STOPPED", "CASHOUT_DONE", "CASHOUT_FAILED"] as const)("ends with %s", (end) => {
    expect(plannedOf([notice(2, end), planned])).toEqual([]);
  });

  it("does not end with another issuer's, or another month's", () => {
    const others = [
      notice(3, "CASHOUT_DONE", { issuer: "bc" }),
      notice(2, "CASHOUT_DONE", { month: "2027-01" }),
    ];
    expect(plannedOf([...others, planned])).toEqual([planned]);
  });

  it("that was planned anew after its end is ahead again", () => {
    const anew = notice(3, "CASHOUT_PLANNED");
    expect(plannedOf([anew, notice(2, "CASHOUT_STOPPED"), planned])).toEqual([anew]);
  });
});

describe("what is new", () => {
  const inbox = () => {
    const kept = new Map<string, string>();
    return new SeenNotices({
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
    });
  };

  it("is what is newer than the inbox was when it was last looked into", () => {
    const seen = inbox();
    const [first, second] = [notice(1, "EXPIRING"), notice(2, "EXPIRING")];
    expect(seen.isNew([first])).toBe(true);
    seen.see([first]);
    expect(seen.isNew([first])).toBe(false);
    expect(seen.isNew([second, first])).toBe(true);
  });

  it("is nothing in an empty inbox", () => {
    const seen = inbox();
    seen.see([]);
    expect(seen.isNew([])).toBe(false);
  });
});
