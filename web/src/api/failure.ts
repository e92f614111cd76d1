/** What a call that did not succeed means to the page, and what may be done about it. */
import { readText, type Text } from "./shapes";

export type Failure =
  /** No usable answer: the network, the gateway or the service is in trouble. Ask again later. */
  | { readonly kind: "unreachable"; readonly retryAfterMs: number | null }
  /** Not now; the server says how long to wait. */
  | {
      readonly kind: "busy";
      readonly code: string | null;
      readonly text: Text | null;
      readonly retryAfterMs: number;
    }
  | { readonly kind: "signed_out" }
  | { readonly kind: "consent_required" }
  /** Not there, or another member's. */
  | { readonly kind: "missing" }
  /** Understood and refused: asking again gives the same answer. */
  | { readonly kind: "refused"; readonly code: string | null; readonly text: Text | null };

/** `Retry-After` in seconds or as a date, as milliseconds from `nowMs`. */
export function readRetryAfter(header: string | null, nowMs: number): number | null {
  if (header === null || header.trim() === "") return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

/** A 429 without `Retry-After` still has to wait some time. */
const BUSY_WAIT_MS = 10_000;

/**
 * Sorts an HTTP answer that is not 2xx.
 *
 * `body` is a problem document (RFC 9457), the gateway's `{"message"}`, or nothing readable.
 */
export function failureOf(
  status: number,
  body: unknown,
  retryAfter: string | null,
  nowMs: number,
): Failure {
  const fields = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const code = typeof fields["code"] === "string" ? fields["code"] : null;
  const retryAfterMs = readRetryAfter(retryAfter, nowMs);
  if (code === "consent_required") return { kind: "consent_required" };
  if (status === 401) return { kind: "signed_out" };
  if (status === 404 || status === 410) return { kind: "missing" };
  if (status >= 500 || status === 408) return { kind: "unreachable", retryAfterMs };
  const text =
    readText(fields["detail"]) ?? readText(fields["title"]) ?? readText(fields["message"]);
  if (status === 429) {
    return { kind: "busy", code, text, retryAfterMs: retryAfterMs ?? BUSY_WAIT_MS };
  }
  return { kind: "refused", code, text };
}
