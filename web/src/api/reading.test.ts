import { describe, expect, it } from "vitest";
import { failureOf, readRetryAfter } from "./failure";
import { readIssuers, readLanes, readLookup, readMember, readText } from "./shapes";

const NOW = Date.parse("2026-11-22T11:00:00Z");

describe("texts", () => {
  it("may be plain or in two languages", () => {
    expect(readText("포인트리")).toEqual({ ko: "포인트리", en: "포인트리" });
    expect(readText({ ko: "포인트리", en: "Pointree" })).toEqual({
      ko: "포인트리",
      en: "Pointree",
    });
    expect(readText({ ko: "포인트리" })).toEqual({ ko: "포인트리", en: "포인트리" });
    expect(readText(null)).toBeNull();
  });
});

describe("lookups", () => {
  it("keep issuers the page has never heard of", () => {
    const lookup = readLookup({ lookup_id: "lk", results: { twelfth: { status: "OK" } } });
    expect(lookup?.results["twelfth"]?.status).toBe("OK");
  });

  it("show a status of a later server as an answer that is not available", () => {
    const lookup = readLookup({ lookup_id: "lk", results: { kb: { status: "ON_HOLIDAY" } } });
    expect(lookup?.results["kb"]?.status).toBe("UNAVAILABLE");
  });

  it("never take points for cash that are not said to be", () => {
    const lookup = readLookup({
      lookup_id: "lk",
      results: { kb: { status: "OK", points: [{ code: "P", remaining: 5 }] } },
    });
    expect(lookup?.results["kb"]?.points[0]).toMatchObject({ cashable: false, transferable: 0 });
  });

  it("are not made out of anything else", () => {
    expect(readLookup({ message: "Internal Server Error" })).toBeNull();
    expect(readLookup(undefined)).toBeNull();
  });
});

describe("issuers, lanes and members", () => {
  it("read when cash arrives as a kind or as words", () => {
    const issuers = readIssuers({
      issuers: [
        {
          code: "hana",
          name: "하나카드",
          cash_arrival: { kind: "at_once_before", cut_off: "20:00" },
        },
        { code: "kb", name: "KB", cash_arrival: { ko: "바로", en: "At once" } },
        { name: "no code" },
      ],
    });
    expect(issuers.map(({ cashArrival }) => cashArrival)).toEqual([
      { kind: "at_once_before", cutOff: "20:00", text: null },
      { kind: "", cutOff: null, text: { ko: "바로", en: "At once" } },
    ]);
  });

  it("take an unknown lane state for a good one", () => {
    expect(readLanes({ lanes: [{ issuer: "kb", state: "?", eta_seconds: null }] })).toEqual([
      { issuer: "kb", state: "OK", etaSeconds: null },
    ]);
  });

  it("tell a member without consent from one with", () => {
    expect(readMember({ consent: null }).consent).toBeNull();
    expect(readMember({ consent: { terms_version: "2026-11-01" } }).consent).toEqual({
      consentedAt: null,
      termsVersion: "2026-11-01",
    });
  });
});

describe("failures", () => {
  it("know consent by its code, whatever the status", () => {
    expect(failureOf(403, { code: "consent_required" }, null, NOW)).toEqual({
      kind: "consent_required",
    });
  });

  it("understand the gateway's own answers", () => {
    expect(failureOf(401, { message: "Unauthorized" }, null, NOW)).toEqual({ kind: "signed_out" });
    expect(failureOf(404, { message: "Not Found" }, null, NOW)).toEqual({ kind: "missing" });
    expect(failureOf(503, undefined, "4", NOW)).toEqual({
      kind: "unreachable",
      retryAfterMs: 4_000,
    });
  });

  it("know a sign-in too old for money from no sign-in at all (R-M4)", () => {
    expect(failureOf(401, { code: "reauthentication_required" }, null, NOW)).toEqual({
      kind: "reauthentication_required",
    });
    expect(failureOf(401, { code: "sign_in_required" }, null, NOW)).toEqual({ kind: "signed_out" });
  });

  it("take a bank that is out of reach for an answer, not for trouble of ours", () => {
    const text = { ko: "은행이 쉬어요", en: "은행이 쉬어요" };
    expect(failureOf(503, { code: "bank_unavailable", detail: text.ko }, "30", NOW)).toEqual({
      kind: "busy",
      code: "bank_unavailable",
      text,
      retryAfterMs: 30_000,
    });
  });

  it("name the wrong places of a request", () => {
    const errors = [{ pointer: "/account_number", detail: "Missing." }, "no place"];
    expect(failureOf(422, { code: "invalid_request", errors }, null, NOW)).toMatchObject({
      errors: [
        { pointer: "/account_number", detail: "Missing." },
        { pointer: "", detail: "" },
      ],
    });
  });

  it("take the wait of a 429 from Retry-After, and wait some time without one", () => {
    expect(failureOf(429, {}, "23", NOW)).toMatchObject({ kind: "busy", retryAfterMs: 23_000 });
    expect(failureOf(429, {}, null, NOW)).toMatchObject({ kind: "busy", retryAfterMs: 10_000 });
  });

  it("carry the words of a refusal, plain or in two languages", () => {
    const detail = { ko: "안 돼요", en: "No" };
    expect(failureOf(422, { code: "x", detail }, null, NOW)).toEqual({
      kind: "refused",
      code: "x",
      title: null,
      text: detail,
      errors: [],
    });
    expect(failureOf(409, { title: "충돌" }, null, NOW)).toMatchObject({
      text: { ko: "충돌", en: "충돌" },
    });
  });

  it("read Retry-After as seconds or as a date", () => {
    expect(readRetryAfter("7", NOW)).toBe(7_000);
    expect(readRetryAfter("Sun, 22 Nov 2026 11:00:09 GMT", NOW)).toBe(9_000);
    expect(readRetryAfter("soon", NOW)).toBeNull();
    expect(readRetryAfter(null, NOW)).toBeNull();
  });
});
