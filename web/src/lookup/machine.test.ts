import { describe, expect, it } from "vitest";
import type { Failure } from "../api/failure";
import type { Lookup, PointBalance, Result } from "../api/shapes";
import {
  ALL,
  backOffMs,
  currentTotals,
  dueRuns,
  type LookupEvent,
  type LookupState,
  NOTHING_ASKED,
  reduce,
} from "./machine";

const point = (remaining: number): PointBalance => ({
  code: "P",
  name: { ko: "포인트", en: "Points" },
  cashable: true,
  remaining,
  transferable: remaining,
  expiring: 0,
  expiringMonth: null,
  expirations: [],
});

const result = (status: Result["status"], ...amounts: number[]): Result => ({
  status,
  asOf: "2026-11-22T20:01:00+09:00",
  stale: false,
  etaSeconds: status === "PENDING" ? 3 : null,
  points: amounts.map(point),
  message: null,
});

const sum = (results: Record<string, Result>): number =>
  Object.values(results)
    .flatMap(({ points }) => points)
    .reduce((total, { remaining }) => total + remaining, 0);

const lookup = (
  lookupId: string,
  results: Record<string, Result>,
  retryAfterMs: number | null = 700,
): Lookup => ({
  lookupId,
  status: Object.values(results).some(({ status }) => status === "PENDING") ? "RUNNING" : "DONE",
  requestedAt: "2026-11-22T20:00:00+09:00",
  retryAfterMs,
  results,
  totals: { remaining: sum(results), transferable: sum(results), expiringNextMonth: 0 },
});

const stateAfter = (...events: LookupEvent[]): LookupState => events.reduce(reduce, NOTHING_ASKED);

const started: LookupEvent = { type: "started", atMs: 0 };
const called = (run = ALL): LookupEvent => ({ type: "called", run });
const heard = (heardLookup: Lookup, atMs = 100, run = ALL): LookupEvent => ({
  type: "heard",
  run,
  lookup: heardLookup,
  atMs,
});
const failed = (failure: Failure, atMs = 100, run = ALL): LookupEvent => ({
  type: "failed",
  run,
  failure,
  atMs,
  jitter: 0,
});

const CUT_OFF: Failure = { kind: "unreachable", retryAfterMs: null };
const RUNNING = lookup("lk_1", { kb: result("OK", 500), woori: result("PENDING") });
const DONE = lookup("lk_1", { kb: result("OK", 500), woori: result("UNAVAILABLE") });

const REFUSED = { kind: "refused", code: null, title: null, text: null, errors: [] } as const;

describe("a lookup of all issuers", () => {
  it("is posted at once", () => {
    expect(dueRuns(stateAfter(started))).toEqual([{ name: ALL, atMs: 0 }]);
  });

  it("has no second call due while one is under way", () => {
    expect(dueRuns(stateAfter(started, called()))).toEqual([]);
  });

  it("polls when the server says so, neither sooner nor later", () => {
    const state = stateAfter(started, called(), heard(RUNNING, 1_000));
    expect(dueRuns(state)).toEqual([{ name: ALL, atMs: 1_700 }]);
  });

  it("ends when the server says DONE", () => {
    const state = stateAfter(started, called(), heard(RUNNING), called(), heard(DONE));
    expect(state.runs).toEqual({});
    expect(state.shown["kb"]?.result.points[0]?.remaining).toBe(500);
  });

  it("keeps its id for a reload, also once it is done", () => {
    expect(stateAfter(started, called(), heard(DONE)).lookupIds).toEqual({ [ALL]: "lk_1" });
  });

  it("shows the server's totals", () => {
    const odd = { ...RUNNING, totals: { remaining: 7, transferable: 6, expiringNextMonth: 5 } };
    expect(currentTotals(stateAfter(started, called(), heard(odd)))).toEqual(odd.totals);
  });

  it("leaves the old answers on the page until new ones come", () => {
    const state = stateAfter(started, called(), heard(DONE), { type: "started", atMs: 5_000 });
    expect(state.shown["kb"]?.result.status).toBe("OK");
    expect(dueRuns(state)).toEqual([{ name: ALL, atMs: 5_000 }]);
  });
});

describe("trouble on the way", () => {
  it("backs off 1, 2, 4, 8, then 15 seconds, at most a quarter longer", () => {
    expect([1, 2, 3, 4, 5, 60].map((failures) => backOffMs(failures, 0, null))).toEqual([
      1_000, 2_000, 4_000, 8_000, 15_000, 15_000,
    ]);
    expect(backOffMs(5, 1, null)).toBe(18_750);
  });

  it("never comes back sooner than the server asks", () => {
    expect(backOffMs(1, 0, 9_000)).toBe(9_000);
  });

  it("loses nothing that was shown when the network is gone, and goes on by itself", () => {
    const state = stateAfter(started, called(), heard(RUNNING), called(), failed(CUT_OFF, 2_000));
    expect(state.shown["kb"]?.result.status).toBe("OK");
    expect(state.runs[ALL]).toMatchObject({ lookupId: "lk_1", trouble: "unreachable" });
    expect(dueRuns(state)).toEqual([{ name: ALL, atMs: 3_000 }]);
  });

  it("forgets the trouble at the next answer", () => {
    const state = stateAfter(started, called(), failed(CUT_OFF), called(), heard(RUNNING));
    expect(state.runs[ALL]).toMatchObject({ failures: 0, trouble: null });
  });

  it("asks at once when the network says it is back", () => {
    const state = stateAfter(started, called(), failed(CUT_OFF, 2_000), {
      type: "back_online",
      atMs: 2_100,
    });
    expect(dueRuns(state)).toEqual([{ name: ALL, atMs: 2_100 }]);
  });

  it("waits out a 429 even when the network comes back", () => {
    const busy: Failure = { kind: "busy", code: null, text: null, retryAfterMs: 30_000 };
    const state = stateAfter(started, called(), failed(busy, 1_000), {
      type: "back_online",
      atMs: 1_100,
    });
    expect(state.runs[ALL]?.trouble).toBe("busy");
    expect(dueRuns(state)).toEqual([{ name: ALL, atMs: 31_000 }]);
  });

  it("tells a member's own limit from a rush", () => {
    const limit: Failure = {
      kind: "busy",
      code: "too_many_lookups",
      text: null,
      retryAfterMs: 1_000,
    };
    expect(stateAfter(started, called(), failed(limit)).runs[ALL]?.trouble).toBe("too_often");
  });

  it("stops calling when signed out, and keeps the place for after the sign-in", () => {
    const state = stateAfter(
      started,
      called(),
      heard(RUNNING),
      called(),
      failed({ kind: "signed_out" }),
    );
    expect(dueRuns(state)).toEqual([]);
    expect(state.halt).toEqual({ kind: "signed_out" });
    expect(state.lookupIds).toEqual({ [ALL]: "lk_1" });
    expect(state.shown["kb"]?.result.status).toBe("OK");
  });

  it("gives up waiting for a lookup the server no longer has", () => {
    const state = stateAfter(
      started,
      called(),
      heard(RUNNING),
      called(),
      failed({ kind: "missing" }),
    );
    expect(state.runs).toEqual({});
    expect(state.lookupIds).toEqual({});
    expect(state.shown["woori"]?.result.status).toBe("TIMED_OUT");
    expect(state.shown["kb"]?.result.status).toBe("OK");
  });

  it("shows a refusal and stops", () => {
    const text = { ko: "안 돼요", en: "No" };
    const state = stateAfter(started, called(), failed({ ...REFUSED, code: "x", text }));
    expect(state.halt).toEqual({ kind: "refused", text });
    expect(state.runs).toEqual({});
  });
});

describe("asking one issuer again", () => {
  const again: LookupEvent = { type: "asked_again", issuer: "woori", atMs: 3_000 };
  const alone = lookup("lk_2", { woori: result("OK", 90) });

  it("shows that issuer as pending, with its old points as old", () => {
    const old = lookup("lk_1", { kb: result("OK", 500), woori: result("UNAVAILABLE", 80) });
    const state = stateAfter(started, called(), heard(old), again);
    expect(state.shown["woori"]?.result).toMatchObject({ status: "PENDING", stale: true });
    expect(dueRuns(state)).toEqual([{ name: "woori", atMs: 3_000 }]);
  });

  it("merges the answer and adds the totals up anew", () => {
    const state = stateAfter(
      started,
      called(),
      heard(DONE),
      again,
      called("woori"),
      heard(alone, 3_100, "woori"),
    );
    expect(state.shown["woori"]?.result.status).toBe("OK");
    expect(currentTotals(state).remaining).toBe(590);
    expect(state.lookupIds).toEqual({ [ALL]: "lk_1", woori: "lk_2" });
  });

  it("takes no other issuer's result from that lookup", () => {
    const more = lookup("lk_2", { woori: result("OK", 90), kb: result("TIMED_OUT") });
    const state = stateAfter(
      started,
      called(),
      heard(DONE),
      again,
      called("woori"),
      heard(more, 3_100, "woori"),
    );
    expect(state.shown["kb"]?.result.status).toBe("OK");
  });

  it("is not undone by the whole lookup, which may still run", () => {
    const waiting = lookup("lk_1", { kb: result("PENDING"), woori: result("UNAVAILABLE") });
    const state = stateAfter(
      started,
      called(),
      heard(waiting),
      again,
      called("woori"),
      heard(alone, 3_100, "woori"),
      called(),
      heard(DONE, 3_200),
    );
    expect(state.shown["woori"]?.result.status).toBe("OK");
    expect(state.shown["kb"]?.result.status).toBe("OK");
  });

  it("gives way to a new whole lookup", () => {
    const state = stateAfter(
      started,
      called(),
      heard(DONE),
      again,
      called("woori"),
      heard(alone, 3_100, "woori"),
      { type: "started", atMs: 9_000 },
      called(),
      heard(lookup("lk_3", { kb: result("OK", 1), woori: result("OK", 2) }), 9_100),
    );
    expect(state.shown["woori"]?.result.points[0]?.remaining).toBe(2);
    expect(state.lookupIds).toEqual({ [ALL]: "lk_3" });
    expect(currentTotals(state).remaining).toBe(3);
  });

  it("happens once, however often it is pressed", () => {
    const once = stateAfter(started, called(), heard(DONE), again);
    expect(reduce(once, again)).toBe(once);
  });

  it("brings back what was shown if it is refused", () => {
    const refused: Failure = REFUSED;
    const state = stateAfter(
      started,
      called(),
      heard(DONE),
      again,
      called("woori"),
      failed(refused, 3_100, "woori"),
    );
    expect(state.shown["woori"]?.result.status).toBe("UNAVAILABLE");
  });
});

describe("resuming after a reload", () => {
  const resumed: LookupEvent = {
    type: "resumed",
    lookupIds: { [ALL]: "lk_1", woori: "lk_2" },
    atMs: 0,
  };

  it("asks for every lookup that was on the page", () => {
    expect(dueRuns(stateAfter(resumed))).toEqual([
      { name: ALL, atMs: 0 },
      { name: "woori", atMs: 0 },
    ]);
  });

  it("shows the same as before, in whichever order the answers come", () => {
    const whole = heard(DONE);
    const alone = heard(lookup("lk_2", { woori: result("OK", 90) }), 100, "woori");
    for (const answers of [
      [whole, alone],
      [alone, whole],
    ]) {
      const state = stateAfter(resumed, called(), called("woori"), ...answers);
      expect(state.shown["woori"]?.result.status).toBe("OK");
      expect(currentTotals(state).remaining).toBe(590);
    }
  });

  it("starts empty if the server no longer has the lookup", () => {
    const state = stateAfter(resumed, called(), failed({ kind: "missing" }));
    expect(state).toEqual({ ...NOTHING_ASKED, halt: { kind: "missing" } });
  });

  it("asks nothing if nothing was kept", () => {
    expect(stateAfter({ type: "resumed", lookupIds: {}, atMs: 0 })).toEqual(NOTHING_ASKED);
  });
});
