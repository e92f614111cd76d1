import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Answer, TransferRequest } from "../api/client";
import type { Quote, QuoteItem } from "../api/transfer-shapes";
import { groupByPromise, promisesSame } from "./promises";
import { isOf, quotedAt, relyOn } from "./quoting";

const NOW = "2026-11-22T20:00:00+09:00";

const item = (issuer: string, promisedAt: string | null, amount = 100): QuoteItem => ({
  issuer,
  pointCode: "P",
  amount,
  promisedAt,
  reason: null,
});

const quoteOf = (...items: QuoteItem[]): Quote => ({
  items,
  total: items.reduce((total, { amount }) => total + amount, 0),
  quotedAt: null,
});

describe("promised times", () => {
  it("are grouped the way people say them, soonest first", () => {
    const groups = groupByPromise(
      quoteOf(
        item("samsung", "2026-11-24T00:30:00+09:00"),
        item("untold", null),
        item("shinhan", "2026-11-22T20:00:01+09:00", 7),
        item("citi", "2026-11-23T00:30:00+09:00"),
        item("kb", NOW, 5),
      ),
      NOW,
    );
    expect(groups.map(({ kind, total }) => [kind, total])).toEqual([
      ["at_once", 12],
      ["tomorrow", 100],
      ["later", 100],
      ["untold", 100],
    ]);
    expect(groups[1]?.at).toBe("2026-11-23T00:30:00+09:00");
  });

  it("keep each later day apart", () => {
    const groups = groupByPromise(
      quoteOf(item("a", "2026-11-25T00:30:00+09:00"), item("b", "2026-11-27T00:30:00+09:00")),
      NOW,
    );
    expect(groups.map(({ items }) => items.map(({ issuer }) => issuer))).toEqual([["a"], ["b"]]);
  });

  it("count days in Seoul: after midnight the maintenance ends today (R-P7)", () => {
    const [group] = groupByPromise(
      quoteOf(item("kb", "2026-11-23T00:30:00+09:00")),
      "2026-11-22T15:10:00Z",
    );
    expect(group?.kind).toBe("today");
  });

  it("count from the server's time where it tells it", () => {
    const quote = { ...quoteOf(), quotedAt: "2026-12-24T20:00:00+09:00" };
    expect(quotedAt({ quote, heardAtMs: 0 })).toBe("2026-12-24T20:00:00+09:00");
    expect(quotedAt({ quote: quoteOf(), heardAtMs: 0 })).toBe("1970-01-01T00:00:00.000Z");
  });
});

describe("what was read", () => {
  const later = "2026-11-22T20:05:00+09:00";

  it("is the same while what is at once stays at once", () => {
    expect(promisesSame(quoteOf(item("hana", NOW)), NOW, quoteOf(item("hana", later)), later)).toBe(
      true,
    );
  });

  it("is another once a cut-off has passed (R-T3)", () => {
    const moved = quoteOf(item("hana", "2026-11-23T00:30:00+09:00"));
    expect(promisesSame(quoteOf(item("hana", NOW)), NOW, moved, later)).toBe(false);
  });

  it("is another if the amount is", () => {
    const less = quoteOf(item("hana", NOW, 99));
    expect(promisesSame(quoteOf(item("hana", NOW)), NOW, less, NOW)).toBe(false);
  });
});

describe("a quote", () => {
  const request: TransferRequest = {
    accountId: "acc_1",
    items: [{ issuer: "hana", pointCode: "P", amount: 100 }],
  };

  it("is of just what was asked for", () => {
    expect(isOf(quoteOf(item("hana", NOW)), request)).toBe(true);
    expect(isOf(quoteOf(item("hana", NOW, 90)), request)).toBe(false);
    expect(isOf(quoteOf(item("hana", NOW), item("kb", NOW)), request)).toBe(false);
    expect(isOf({ ...quoteOf(item("hana", NOW)), total: 90 }, request)).toBe(false);
  });

  describe("that is relied on", () => {
    beforeEach(() => {
      vi.useFakeTimers({ now: Date.parse(NOW) });
      asked.splice(0);
    });
    afterEach(() => void vi.useRealTimers());

    const asked: TransferRequest[] = [];
    const answering = (answer: Answer<Quote>) => ({
      quote: (one: TransferRequest) => {
        asked.push(one);
        return Promise.resolve(answer);
      },
    });
    const read = () => ({ quote: quoteOf(item("hana", NOW)), heardAtMs: Date.parse(NOW) });
    const moved = quoteOf(item("hana", "2026-11-23T00:30:00+09:00"));

    it("is not asked for again while it is fresh", async () => {
      vi.advanceTimersByTime(59_000);
      const reliance = await relyOn(read(), request, answering({ ok: true, value: moved }));
      expect(reliance).toEqual({ kind: "holds" });
      expect(asked).toEqual([]);
    });

    it("is asked for again once it is old, and shown if it differs", async () => {
      vi.advanceTimersByTime(61_000);
      const reliance = await relyOn(read(), request, answering({ ok: true, value: moved }));
      expect(asked).toEqual([request]);
      expect(reliance).toMatchObject({ kind: "changed", quoted: { quote: moved } });
    });

    it("holds if the later one promises the same", async () => {
      vi.advanceTimersByTime(61_000);
      const same = quoteOf(item("hana", "2026-11-22T20:01:01+09:00"));
      const reliance = await relyOn(read(), request, answering({ ok: true, value: same }));
      expect(reliance).toEqual({ kind: "holds" });
    });

    it("is not relied on if nobody answers", async () => {
      vi.advanceTimersByTime(61_000);
      const failure = { kind: "unreachable", retryAfterMs: null } as const;
      const reliance = await relyOn(read(), request, answering({ ok: false, failure }));
      expect(reliance).toEqual({ kind: "failed", failure });
    });
  });
});
