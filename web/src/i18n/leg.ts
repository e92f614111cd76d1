/** How far one leg has come, in words. */
import type { Leg, LegStatus } from "../api/transfer-shapes";
import { formatDay, formatMoment, formatTime, seoulDay } from "../format/time";
import type { Messages } from "./ko";
import type { Language } from "./language";

interface LegWords {
  readonly title: string;
  readonly note: string | null;
}

type Phrase = (leg: Leg, say: Messages, language: Language, requestedAt: string) => LegWords;

const failureNote = ({ failure }: Leg, language: Language): string | null =>
  failure?.message?.[language] ?? null;

const PHRASES: Readonly<Record<LegStatus, Phrase>> = {
  ACCEPTED: (_leg, say) => ({ title: say.legAccepted, note: null }),
  REDEEMED: (_leg, say) => ({ title: say.legRedeemed, note: null }),
  SCHEDULED: ({ promisedAt }, say, language) => ({
    title:
      promisedAt === null
        ? say.legScheduledUntold
        : say.legScheduled(formatDay(promisedAt, language)),
    note: null,
  }),
  DEPOSITED: ({ depositedAt }, say, language, requestedAt) => ({
    title:
      depositedAt === null
        ? say.figureDeposited
        : say.legDeposited(timeOf(depositedAt, requestedAt, language)),
    note: null,
  }),
  FAILED: (leg, say, language) => ({ title: say.legFailed, note: failureNote(leg, language) }),
  REVERSED: (leg, say, language) => ({ title: say.legReversed, note: failureNote(leg, language) }),
  CHECKING: (_leg, say) => ({ title: say.legChecking, note: say.legCheckingNote }),
  WITH_OPERATOR: (_leg, say) => ({ title: say.legWithOperator, note: say.legWithOperatorNote }),
};

/** On the day of the application the time is enough. */
const timeOf = (time: string, requestedAt: string, language: Language): string =>
  seoulDay(time) === seoulDay(requestedAt) ? formatTime(time) : formatMoment(time, language);

/** `requestedAt`: the transfer's. */
export function wordsForLeg(
  leg: Leg,
  requestedAt: string,
  language: Language,
  say: Messages,
): LegWords {
  return PHRASES[leg.status](leg, say, language, requestedAt);
}
