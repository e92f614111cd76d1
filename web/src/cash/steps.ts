/** Where a draft stands between the points and the money. */
import type { CashPath } from "../router";
import type { CashDraft } from "./draft";

/** No step before what it needs, and none but the last while an application is unanswered. */
export function stepFor(path: CashPath, { items, account, application }: CashDraft): CashPath {
  if (items.length === 0) return "/cash";
  if (account === null) return path === "/cash" ? "/cash" : "/cash/account";
  return application?.unanswered === true ? "/cash/confirm" : path;
}
