/** The member's inbox: pages put together, what is still planned, and what is new. */
import type { Notice, NoticeKind } from "../api/expiry-shapes";
import { seoulMonth } from "../format/time";

/** A page at the end of those that were read; one that has come twice is shown once. */
export function withPage(
  known: readonly Notice[],
  page: readonly Notice[],
): { readonly notices: readonly Notice[]; readonly added: readonly Notice[] } {
  const ids = new Set(known.map(({ noticeId }) => noticeId));
  const added = page.filter(({ noticeId }) => !ids.has(noticeId));
  return { notices: [...known, ...added], added };
}

/** With these a planned cash-out has come to its end. */
const ENDS: ReadonlySet<NoticeKind | "OTHER"> = new Set([
  "CASHOUT_STOPPED",
  "CASHOUT_DONE",
  "CASHOUT_FAILED",
] as const);

/** Cash-outs that were announced and have not ended. `notices`: the newest first, as they come. */
export function plannedOf(notices: readonly Notice[]): readonly Notice[] {
  const ended = new Set<string>();
  return notices.filter((notice) => {
    const subject = `${notice.issuer} ${notice.month}`;
    if (ENDS.has(notice.kind)) ended.add(subject);
    return notice.kind === "CASHOUT_PLANNED" && !ended.has(subject);
  });
}

export interface MonthOfNotices {
  /** `YYYY-MM` in which they were given; null if nobody knows. */
  readonly month: string | null;
  readonly notices: readonly Notice[];
}

/** In the order they come. */
export function byMonth(notices: readonly Notice[]): readonly MonthOfNotices[] {
  const months: { month: string | null; notices: Notice[] }[] = [];
  for (const notice of notices) {
    const month = seoulMonth(notice.createdAt);
    const last = months.at(-1);
    if (last !== undefined && last.month === month) last.notices.push(notice);
    else months.push({ month, notices: [notice] });
  }
  return months;
}

const SEEN = "modupoint.notices-seen";

/** Up to which notice this browser has shown the inbox. Ids sort by age, and say nothing of whom. */
export class SeenNotices {
  constructor(private readonly storage: Pick<Storage, "getItem" | "setItem">) {}

  isNew([newest]: readonly Notice[]): boolean {
    return newest !== undefined && newest.noticeId > (this.storage.getItem(SEEN) ?? "");
  }

  see([newest]: readonly Notice[]): void {
    if (newest !== undefined) this.storage.setItem(SEEN, newest.noticeId);
  }
}
