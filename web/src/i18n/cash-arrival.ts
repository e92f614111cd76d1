import type { CashArrival } from "../api/shapes";
import type { Messages } from "./ko";
import type { Language } from "./language";

type Phrase = (say: Messages, cutOff: string) => string;

/** Kinds of arrival the page has words for (R-P1). */
const PHRASES: Readonly<Record<string, Phrase>> = {
  at_once: (say) => say.cashAtOnce,
  at_once_before: (say, cutOff) => say.cashAtOnceBefore(cutOff),
  at_once_on_business_days_before: (say, cutOff) => say.cashBusinessDaysBefore(cutOff),
  next_business_day: (say) => say.cashNextBusinessDay,
};

/** When cash arrives, in words; null for a kind the page does not know and the server does not tell. */
export function wordsForCashArrival(
  arrival: CashArrival | null,
  language: Language,
  say: Messages,
): string | null {
  if (arrival === null) return null;
  if (arrival.text !== null) return arrival.text[language];
  return PHRASES[arrival.kind]?.(say, arrival.cutOff ?? "") ?? null;
}
