/** Turning a wait that the server estimated into one that a person reads. */

export type Wait =
  | { readonly kind: "unknown" }
  | { readonly kind: "any_moment" }
  | { readonly kind: "seconds"; readonly count: number }
  | { readonly kind: "minutes"; readonly count: number };

/** What is left of `etaSeconds`, `elapsedMs` after it was heard. */
export function remainingWait(etaSeconds: number | null, elapsedMs: number): Wait {
  if (etaSeconds === null) return { kind: "unknown" };
  const left = Math.ceil(etaSeconds - elapsedMs / 1000);
  if (left <= 0) return { kind: "any_moment" };
  // From a minute and a half on, seconds are a precision nobody has.
  return left < 90
    ? { kind: "seconds", count: left }
    : { kind: "minutes", count: Math.ceil(left / 60) };
}
