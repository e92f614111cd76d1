/**
 * A member's lookup on this page, as a pure state machine.
 *
 * One *run* asks for all issuers; a further run may ask one issuer again. Each run is posted, then
 * polled at the pace the server sets, and what the runs hear is merged into one view. The reducer
 * knows no network and no clock: events carry the time, and `dueAtMs` says when a run wants its
 * next call. `driver.ts` makes the calls.
 */
import type { Failure } from "../api/failure";
import type { Lookup, Result, Text, Totals } from "../api/shapes";
import { totalsOf } from "./totals";

/** The run that asks for all issuers; every other run is named by its issuer's code. */
export const ALL = "*";

export type Trouble =
  | "unreachable"
  /** The service as a whole asks to wait. */
  | "busy"
  /** This member has started too many lookups. */
  | "too_often";

export interface Run {
  /** Null until the server has accepted the lookup. */
  readonly lookupId: string | null;
  /** When the next call is due; null while one is under way. */
  readonly dueAtMs: number | null;
  /** Calls in a row that got no usable answer. */
  readonly failures: number;
  /** Why the run waits, if it is not simply its turn. */
  readonly trouble: Trouble | null;
  /** What was shown before an issuer was asked again: shown once more if that is refused. */
  readonly before: Shown | null;
}

/** A result with the moment it was heard, from which its wait counts down. */
export interface Shown {
  readonly result: Result;
  readonly heardAtMs: number;
}

export type Halt =
  | { readonly kind: "signed_out" }
  | { readonly kind: "consent_required" }
  /** The server no longer has the lookup. */
  | { readonly kind: "missing" }
  | { readonly kind: "refused"; readonly text: Text | null };

export interface LookupState {
  readonly runs: Readonly<Record<string, Run>>;
  readonly shown: Readonly<Record<string, Shown>>;
  /** Ids of what is shown, kept over a reload: `ALL` and issuers asked again. */
  readonly lookupIds: Readonly<Record<string, string>>;
  readonly requestedAt: string | null;
  /** The server's own sums; null once an issuer was asked again, when the page has to add up. */
  readonly serverTotals: Totals | null;
  readonly halt: Halt | null;
}

export type LookupEvent =
  | { readonly type: "started"; readonly atMs: number }
  | { readonly type: "asked_again"; readonly issuer: string; readonly atMs: number }
  | {
      readonly type: "resumed";
      readonly lookupIds: Readonly<Record<string, string>>;
      readonly atMs: number;
    }
  | { readonly type: "called"; readonly run: string }
  | {
      readonly type: "heard";
      readonly run: string;
      readonly lookup: Lookup;
      readonly atMs: number;
    }
  | {
      readonly type: "failed";
      readonly run: string;
      readonly failure: Failure;
      readonly atMs: number;
      /** 0…1, so that pages cut off together do not come back together. */
      readonly jitter: number;
    }
  | { readonly type: "back_online"; readonly atMs: number }
  | { readonly type: "cleared" };

export const NOTHING_ASKED: LookupState = {
  runs: {},
  shown: {},
  lookupIds: {},
  requestedAt: null,
  serverTotals: null,
  halt: null,
};

/** Between polls, if the server is silent about it. */
export const DEFAULT_POLL_MS = 1_000;
const BACK_OFF_FIRST_MS = 1_000;
const BACK_OFF_MOST_MS = 15_000;

const newRun = (atMs: number, lookupId: string | null, before: Shown | null): Run => ({
  lookupId,
  dueAtMs: atMs,
  failures: 0,
  trouble: null,
  before,
});

/** 1, 2, 4, 8, then 15 s, each up to a quarter longer; never sooner than the server asks. */
export function backOffMs(failures: number, jitter: number, retryAfterMs: number | null): number {
  const doubled = BACK_OFF_FIRST_MS * 2 ** Math.min(failures - 1, 10);
  const wait = Math.min(doubled, BACK_OFF_MOST_MS) * (1 + jitter / 4);
  return Math.max(wait, retryAfterMs ?? 0);
}

export function reduce(state: LookupState, event: LookupEvent): LookupState {
  switch (event.type) {
    case "started":
      // What is on the page stays there until the new answers come.
      return { ...state, runs: { [ALL]: newRun(event.atMs, null, null) }, halt: null };
    case "resumed":
      return {
        ...NOTHING_ASKED,
        lookupIds: event.lookupIds,
        runs: mapRecord(event.lookupIds, (id) => newRun(event.atMs, id, null)),
      };
    case "asked_again":
      return askAgain(state, event.issuer, event.atMs);
    case "called":
      return withRun(state, event.run, (run) => ({ ...run, dueAtMs: null }));
    case "heard":
      return hear(state, event.run, event.lookup, event.atMs);
    case "failed":
      return fail(state, event);
    case "back_online":
      return {
        ...state,
        runs: mapRecord(state.runs, (run) =>
          run.trouble === "unreachable" && run.dueAtMs !== null
            ? { ...run, dueAtMs: event.atMs }
            : run,
        ),
      };
    case "cleared":
      return NOTHING_ASKED;
  }
}

function askAgain(state: LookupState, issuer: string, atMs: number): LookupState {
  const before = state.shown[issuer];
  if (before === undefined || state.runs[issuer] !== undefined) return state;
  const pending: Result = {
    ...before.result,
    status: "PENDING",
    stale: before.result.points.length > 0,
    etaSeconds: null,
    message: null,
  };
  return {
    ...state,
    halt: null,
    runs: { ...state.runs, [issuer]: newRun(atMs, null, before) },
    shown: { ...state.shown, [issuer]: { result: pending, heardAtMs: atMs } },
  };
}

function hear(state: LookupState, name: string, lookup: Lookup, atMs: number): LookupState {
  const run = state.runs[name];
  if (run === undefined) return state;
  const heard = Object.fromEntries(
    Object.entries(lookup.results)
      .filter(([code]) => belongsTo(state, name, code))
      .map(([code, result]) => [code, { result, heardAtMs: atMs }]),
  );
  const lookupIds =
    name === ALL
      ? { ...keepRunning(state), [ALL]: lookup.lookupId }
      : { ...state.lookupIds, [name]: lookup.lookupId };
  const running: Run = {
    ...run,
    lookupId: lookup.lookupId,
    dueAtMs: atMs + (lookup.retryAfterMs ?? DEFAULT_POLL_MS),
    failures: 0,
    trouble: null,
  };
  const { [name]: _done, ...others } = state.runs;
  return {
    ...state,
    lookupIds,
    runs: lookup.status === "DONE" ? others : { ...state.runs, [name]: running },
    shown: { ...state.shown, ...heard },
    requestedAt: name === ALL ? lookup.requestedAt : state.requestedAt,
    serverTotals:
      name === ALL && Object.keys(lookupIds).length === 1 && Object.keys(others).length === 0
        ? lookup.totals
        : null,
  };
}

/**
 * Whose word counts for an issuer.
 *
 * Once an issuer was asked again, the earlier lookup says nothing about it any more.
 */
function belongsTo(state: LookupState, run: string, code: string): boolean {
  if (run !== ALL) return code === run;
  if (state.runs[code] !== undefined) return false;
  return state.lookupIds[code] === undefined || isNewAll(state);
}

/** A whole lookup that was just started replaces all that was asked before it. */
const isNewAll = (state: LookupState): boolean => state.runs[ALL]?.lookupId === null;

/** The ids that stay beside a whole lookup: those of issuers asked again since it started. */
function keepRunning(state: LookupState): Record<string, string> {
  if (!isNewAll(state)) return { ...state.lookupIds };
  return Object.fromEntries(
    Object.entries(state.lookupIds).filter(([code]) => state.runs[code] !== undefined),
  );
}

function fail(
  state: LookupState,
  { run: name, failure, atMs, jitter }: Extract<LookupEvent, { type: "failed" }>,
): LookupState {
  switch (failure.kind) {
    case "unreachable":
      return withRun(state, name, (run) => {
        const failures = run.failures + 1;
        const dueAtMs = atMs + backOffMs(failures, jitter, failure.retryAfterMs);
        return { ...run, failures, dueAtMs, trouble: "unreachable" };
      });
    case "busy":
      return withRun(state, name, (run) => ({
        ...run,
        dueAtMs: atMs + failure.retryAfterMs,
        trouble: failure.code === "too_many_lookups" ? "too_often" : "busy",
      }));
    case "signed_out":
    case "reauthentication_required":
      // The runs are kept: they go on after the member has signed in or agreed.
      return { ...state, halt: { kind: "signed_out" }, runs: mapRecord(state.runs, pausedRun) };
    case "consent_required":
      return { ...state, halt: { kind: failure.kind }, runs: mapRecord(state.runs, pausedRun) };
    case "missing":
      return end(state, name, { kind: "missing" });
    case "refused":
      return end(state, name, { kind: "refused", text: failure.text });
  }
}

const pausedRun = (run: Run): Run => ({ ...run, dueAtMs: null });

/** A run that cannot go on: nobody waits for its issuers any longer. */
function end(state: LookupState, name: string, halt: Halt): LookupState {
  const run = state.runs[name];
  if (run === undefined) return state;
  const { [name]: _ended, ...runs } = state.runs;
  const { [name]: _forgotten, ...lookupIds } = state.lookupIds;
  if (name !== ALL) {
    const shown = run.before === null ? state.shown : { ...state.shown, [name]: run.before };
    // An issuer's own lookup that is gone is not worth a word: the whole one still stands.
    return { ...state, runs, lookupIds, shown, halt: halt.kind === "missing" ? null : halt };
  }
  // Not even one answer: what was kept from an earlier visit is of no use any more.
  if (state.requestedAt === null) return { ...NOTHING_ASKED, halt };
  const shown = mapRecord(state.shown, (one, code) =>
    one.result.status === "PENDING" && runs[code] === undefined
      ? { ...one, result: { ...one.result, status: "TIMED_OUT" as const, etaSeconds: null } }
      : one,
  );
  return { ...state, runs, lookupIds, shown, halt };
}

function withRun(state: LookupState, name: string, change: (run: Run) => Run): LookupState {
  const run = state.runs[name];
  if (run === undefined) return state;
  return { ...state, runs: { ...state.runs, [name]: change(run) } };
}

const mapRecord = <From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From, key: string) => To,
): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));

/** Runs with a call due, and when. */
export const dueRuns = (
  state: LookupState,
): readonly { readonly name: string; readonly atMs: number }[] =>
  Object.entries(state.runs).flatMap(([name, { dueAtMs }]) =>
    dueAtMs === null ? [] : [{ name, atMs: dueAtMs }],
  );

/** What the page's cards add up to: the server's sums as long as it made them. */
export const currentTotals = (state: LookupState): Totals =>
  state.serverTotals ??
  totalsOf(
    Object.values(state.shown).map(({ result }) => result),
    state.requestedAt,
  );
