import type { Wait } from "../lookup/wait";
import type { Messages } from "./ko";

/** A wait in plain words: "약 3초". */
export function wordsForWait(wait: Wait, say: Messages): string {
  switch (wait.kind) {
    case "unknown":
      return say.waitUnknown;
    case "any_moment":
      return say.waitAnyMoment;
    case "seconds":
      return say.waitSeconds(wait.count);
    case "minutes":
      return say.waitMinutes(wait.count);
  }
}

/** The same inside a sentence, where "waiting" or "any moment" cannot stand. */
export const wordsForNextTry = (wait: Wait, say: Messages): string =>
  wait.kind === "seconds" || wait.kind === "minutes" ? wordsForWait(wait, say) : say.soon;
