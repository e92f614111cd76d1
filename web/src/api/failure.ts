/** What a call that did not succeed means to the page, and what may be done about it. */
import { fieldsOf, listOf, stringOf } from "./reading";
import { readText, type Text } from "./shapes";

/** One wrong place of a request: an RFC 6901 pointer, and what is wrong there. */
export interface FieldProblem {
  readonly pointer: string;
  readonly detail: string;
}

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
  /** Signed in too long ago for money (R-M4). */
  | { readonly kind: "reauthentication_required" }
  | { readonly kind: "consent_required" }
  /** Not there, or another member's. */
  | { readonly kind: "missing" }
  /** Understood and refused: asking again gives the same answer. */
  | {
      readonly kind: "refused";
      readonly code: string | null;
      readonly title: Text | null;
      readonly text: Text | null;
      readonly errors: readonly FieldProblem[];
    };

/** `Retry-After` in seconds or as a date, as milliseconds from `nowMs`. */
export function readRetryAfter(header: string | null, nowMs: number): number | null {
  if (header === null || header.trim() === "") return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

/** "Not now" without `Retry-After` still has to wait some time. */
const BUSY_WAIT_MS = 10_000;

/** Of all 5xx the one that is an answer: a bank is out of reach, nobody's fault here. */
const BANK_UNAVAILABLE = "bank_unavailable";

const readErrors = (value: unknown): readonly FieldProblem[] =>
  listOf(value).map((item) => {
    const { pointer, detail } = fieldsOf(item);
    return { pointer: stringOf(pointer) ?? "", detail: stringOf(detail) ?? "" };
  });

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
  const fields = fieldsOf(body);
  const code = stringOf(fields["code"]);
  const retryAfterMs = readRetryAfter(retryAfter, nowMs);
  if (code === "consent_required") return { kind: "consent_required" };
  if (code === "reauthentication_required") return { kind: "reauthentication_required" };
  if (status === 401) return { kind: "signed_out" };
  if (status === 404 || status === 410) return { kind: "missing" };
  const title = readText(fields["title"]);
  const text = readText(fields["detail"]) ?? title ?? readText(fields["message"]);
  if (status === 429 || code === BANK_UNAVAILABLE) {
    return { kind: "busy", code, text, retryAfterMs: retryAfterMs ?? BUSY_WAIT_MS };
  }
  if (status >= 500 || status === 408) return { kind: "unreachable", retryAfterMs };
  return { kind: "refused", code, title, text, errors: readErrors(fields["errors"]) };
}
