/** Where a draft stands between the points and the money. */
import type { Session } from "../auth/session";
import type { CashPath } from "../router";
import type { CashDraft } from "./draft";

/** No step before what it needs, and none but the last while an application is unanswered. */
export function stepFor(path: CashPath, { items, account, application }: CashDraft): CashPath {
  if (items.length === 0) return "/cash";
  if (account === null) return path === "/cash" ? "/cash" : "/cash/account";
  return application?.unanswered === true ? "/cash/confirm" : path;
}

const JUST_NOW_MS = 60_000;

/** A key is kept and the sign-in is new: this is the way back from it. */
export const isProvenAnew = ({ signedInAtMs }: Session, { application }: CashDraft): boolean =>
  application !== null && signedInAtMs !== null && Date.now() - signedInAtMs < JUST_NOW_MS;
