/** One notice: what it is about at a glance, its words, and what can be done. */
import type { Notice } from "../../api/expiry-shapes";
import type { Issuer } from "../../api/shapes";
import { formatMoment } from "../../format/time";
import { useWords } from "../../i18n";
import type { Messages } from "../../i18n/ko";
import { issuerOf } from "../../issuers/names";
import { EXPIRY_PATH, STANDING_PATH } from "../../router";
import { Icon, type IconName } from "../icons";
import { Link } from "../link";

interface Face {
  readonly icon: IconName;
  readonly title: keyof Messages & `notice${string}`;
  readonly look: "ahead" | "good" | "beware" | "plain";
  /** Where to go on if it names no transfer. */
  readonly way?: readonly [path: string, label: keyof Messages & `notice${string}`];
}

const CALENDAR = [EXPIRY_PATH, "noticeCalendar"] as const;

const FACES: Readonly<Record<Notice["kind"], Face>> = {
  EXPIRING: { icon: "hourglass", title: "noticeExpiring", look: "beware", way: CALENDAR },
  CASHOUT_PLANNED: { icon: "calendar", title: "noticePlanned", look: "ahead" },
  CASHOUT_TOO_LATE: { icon: "notice", title: "noticeTooLate", look: "beware", way: CALENDAR },
  CASHOUT_NO_ACCOUNT: {
    icon: "bank",
    title: "noticeNoAccount",
    look: "beware",
    way: [STANDING_PATH, "noticeChooseAccount"],
  },
  CASHOUT_STOPPED: { icon: "stop", title: "noticeStopped", look: "plain" },
  CASHOUT_DONE: { icon: "check", title: "noticeDone", look: "good" },
  CASHOUT_FAILED: { icon: "notice", title: "noticeFailed", look: "beware", way: CALENDAR },
  OTHER: { icon: "bell", title: "noticeOther", look: "plain" },
};

interface Props {
  readonly notice: Notice;
  readonly issuers: readonly Issuer[];
  /** A cash-out that was announced and has not ended: it will happen, or it is switched off. */
  readonly plan: "ahead" | "off" | null;
  readonly onStop: () => void;
}

export function NoticeEntry({ notice, issuers, plan, onStop }: Props) {
  const { language, say } = useWords();
  const { noticeId, kind, issuer: code, amount, text, createdAt, transferId } = notice;
  const face = FACES[kind];
  const title = say[face.title] as string;
  const issuer = issuerOf(issuers, code).name[language];
  const moment = formatMoment(createdAt, language);
  return (
    <article
      class="surface notice"
      aria-label={say.noticeNamed(title, issuer, moment)}
      data-testid={`notice-${noticeId}`}
      data-kind={kind}
      data-issuer={code}
      data-month={notice.month}
      data-value={amount}
    >
      <span class={`notice-icon notice-${face.look}`}>
        <Icon name={face.icon} />
      </span>
      <div class="notice-words">
        <div class="notice-head">
          <h3 class="notice-title">{title}</h3>
          <span class="quiet">{moment}</span>
        </div>
        <p data-testid="notice-text">{text[language]}</p>
        {plan === "off" && (
          <p class="quiet" data-testid="notice-off">
            {say.noticeIsOff}
          </p>
        )}
        <p class="notice-ways">
          {transferId !== null ? (
            <Link to={`/transfers/${transferId}`} class="notice-way" testId="notice-transfer">
              {say.noticeTransfer}
            </Link>
          ) : (
            face.way !== undefined && (
              <Link to={face.way[0]} class="notice-way" testId="notice-way">
                {say[face.way[1]] as string}
              </Link>
            )
          )}
          {plan === "ahead" && (
            <button
              type="button"
              class="button button-small button-warn"
              data-testid="notice-stop"
              aria-label={say.noticeStopNamed(issuer)}
              onClick={onStop}
            >
              {say.noticeStop}
            </button>
          )}
        </p>
      </div>
    </article>
  );
}

/** The id of the element that holds it. */
export const noticeElementOf = ({ noticeId }: Notice): string => `entry-${noticeId}`;
