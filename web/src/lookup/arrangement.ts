/** Which cards the page shows, in which order. */
import type { Issuer } from "../api/shapes";
import { ALL, type LookupState } from "./machine";

export interface Arrangement {
  readonly cards: readonly string[];
  /** Issuers whose cards the member does not have. */
  readonly notMember: readonly string[];
}

/**
 * The issuers' own order, then those that only the lookup knows.
 *
 * While all issuers are being asked every card keeps its place: nothing moves away from under a
 * finger. Afterwards those without a card go to the end.
 */
export function arrange(state: LookupState, issuers: readonly Issuer[]): Arrangement {
  const listed = issuers.map(({ code }) => code).filter((code) => code in state.shown);
  const unlisted = Object.keys(state.shown).filter((code) => !listed.includes(code));
  const codes = [...listed, ...unlisted];
  if (state.runs[ALL] !== undefined) return { cards: codes, notMember: [] };
  const isQuiet = (code: string) => state.shown[code]?.result.status === "NOT_MEMBER";
  return {
    cards: codes.filter((code) => !isQuiet(code)),
    notMember: codes.filter(isQuiet),
  };
}

/** How many issuers have answered, of how many asked. */
export function progressOf(state: LookupState): {
  readonly arrived: number;
  readonly asked: number;
} {
  const shown = Object.values(state.shown);
  return {
    arrived: shown.filter(({ result }) => result.status !== "PENDING").length,
    asked: shown.length,
  };
}
