/** Everything the member was told, the newest first, a page at a time. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Api } from "../../api/client";
import type { Notice } from "../../api/expiry-shapes";
import type { Failure } from "../../api/failure";
import type { Issuer } from "../../api/shapes";
import { byMonth, plannedOf, withPage } from "../../expiry/inbox";
import { formatMonth } from "../../format/time";
import { useWords } from "../../i18n";
import { EXPIRY_PATH } from "../../router";
import { Icon } from "../icons";
import { Link } from "../link";
import { NoticeEntry, noticeElementOf } from "./notice";
import { Stopping } from "./stopping";

interface Props {
  readonly api: Api;
  readonly issuers: readonly Issuer[];
  /** The inbox has been looked into. */
  readonly onSeen: (notices: readonly Notice[]) => void;
  readonly onLost: (failure: Failure) => boolean;
}

/** Where the list goes on; null once it is complete, undefined before its first page. */
type Cursor = string | null | undefined;

export function Inbox({ api, issuers, onSeen, onLost }: Props) {
  const { language, say } = useWords();
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  const [cursor, setCursor] = useState<Cursor>(undefined);
  const [state, setState] = useState<"loading" | "ready" | "failed">("loading");
  /** Whether standing cash-out is on; null while that is not known. */
  const [standing, setStanding] = useState<boolean | null>(null);
  const [stopping, setStopping] = useState(false);
  const [told, setTold] = useState(false);
  const news = useRef<HTMLParagraphElement>(null);

  const more = async (): Promise<void> => {
    setState("loading");
    const answer = await api.listNotices(cursor ?? null);
    if (!answer.ok) {
      if (!onLost(answer.failure)) setState("failed");
      return;
    }
    const { notices: all, added } = withPage(notices, answer.value.notices);
    setNotices(all);
    setCursor(answer.value.nextCursor);
    setState("ready");
    if (cursor === undefined) onSeen(all);
    // The button that was pressed moves away: the reader goes on with the first new one.
    const [first] = added;
    if (notices.length > 0 && first !== undefined) focusOn(first);
  };
  useEffect(() => {
    void more();
    void api.readChoices().then((answer) => {
      if (answer.ok) setStanding(answer.value.cashout.enabled);
    });
  }, [api]);

  const planned = new Set(plannedOf(notices).map(({ noticeId }) => noticeId));
  const planOf = ({ noticeId }: Notice) => {
    if (!planned.has(noticeId) || standing === null) return null;
    return standing ? "ahead" : "off";
  };
  return (
    <div class="narrow stack-m">
      <div class="order-head">
        <Link to={EXPIRY_PATH} class="flow-back" label={say.cashBack} testId="notices-back">
          <Icon name="back" />
        </Link>
        <h1 class="title">{say.noticesTitle}</h1>
      </div>
      {told && (
        <p ref={news} class="banner" role="status" tabIndex={-1} data-testid="notices-told">
          {say.stopped}
        </p>
      )}
      {cursor === null && notices.length === 0 && (
        <section class="surface empty" data-testid="notices-none">
          <p class="section-title">{say.noticesNone}</p>
          <p class="quiet">{say.noticesNoneNote}</p>
          <Link to={EXPIRY_PATH} class="button button-main">
            {say.noticesToChoices}
          </Link>
        </section>
      )}
      <div class="stack-m" data-testid="notices" aria-busy={state === "loading"}>
        {byMonth(notices).map(({ month, notices: own }) => (
          <section key={month} class="notices-month" aria-label={titleOf(month)}>
            <h2 class="quiet-title">{titleOf(month)}</h2>
            <ul class="history">
              {own.map((notice) => (
                <li key={notice.noticeId} id={noticeElementOf(notice)} tabIndex={-1}>
                  <NoticeEntry
                    notice={notice}
                    issuers={issuers}
                    plan={planOf(notice)}
                    onStop={() => setStopping(true)}
                  />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      {state === "loading" && (
        <p class="quiet centered" role="status">
          {say.noticesLoading}
        </p>
      )}
      {state === "failed" && (
        <section class="surface trouble" role="alert" data-testid="notices-failed">
          <p>{say.noticesFailed}</p>
          <button type="button" class="button" onClick={() => void more()}>
            {say.retry}
          </button>
        </section>
      )}
      {state === "ready" && typeof cursor === "string" && (
        <button
          type="button"
          class="button history-more"
          data-testid="notices-more"
          onClick={() => void more()}
        >
          {say.noticesMore}
        </button>
      )}
      {state === "ready" && cursor === null && notices.length > 0 && (
        <p class="quiet centered" role="status" data-testid="notices-end">
          {say.noticesEnd(notices.length)}
        </p>
      )}
      <Stopping
        api={api}
        open={stopping}
        onOff={() => {
          setStanding(false);
          setTold(true);
        }}
        onClosed={() => {
          setStopping(false);
          // The button that was pressed may be gone.
          news.current?.focus();
        }}
        onLost={onLost}
      />
    </div>
  );

  function titleOf(month: string | null): string {
    return month === null ? say.noticeOther : formatMonth(month, language);
  }
}

const focusOn = (notice: Notice): void => {
  requestAnimationFrame(() => document.getElementById(noticeElementOf(notice))?.focus());
};
