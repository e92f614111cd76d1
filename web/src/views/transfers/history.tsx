/** All transfers of the member, the latest first, a page at a time. */
import { useEffect, useState } from "preact/hooks";
import type { Api } from "../../api/client";
import type { Failure } from "../../api/failure";
import type { Issuer } from "../../api/shapes";
import type { Transfer, TransferStatus } from "../../api/transfer-shapes";
import { formatMoment } from "../../format/time";
import { useWords } from "../../i18n";
import type { Messages } from "../../i18n/ko";
import { issuerOf } from "../../issuers/names";
import { Icon } from "../icons";
import { Link } from "../link";

interface Props {
  readonly api: Api;
  readonly issuers: readonly Issuer[];
  readonly onLost: (failure: Failure) => boolean;
}

const PAGE = 10;

/** Where the list goes on; null once it is complete, undefined before its first page. */
type Cursor = string | null | undefined;

export function History({ api, issuers, onLost }: Props) {
  const { say } = useWords();
  const [transfers, setTransfers] = useState<readonly Transfer[]>([]);
  const [cursor, setCursor] = useState<Cursor>(undefined);
  const [state, setState] = useState<"loading" | "ready" | "failed">("loading");

  const more = async (): Promise<void> => {
    setState("loading");
    const answer = await api.listTransfers(cursor ?? null, PAGE);
    if (!answer.ok) {
      if (!onLost(answer.failure)) setState("failed");
      return;
    }
    const known = new Set(transfers.map(({ transferId }) => transferId));
    const next = answer.value.transfers.filter(({ transferId }) => !known.has(transferId));
    setTransfers([...transfers, ...next]);
    setCursor(answer.value.nextCursor);
    setState("ready");
    // The button that was pressed moves away: the reader goes on with the first new one.
    const [first] = next;
    if (transfers.length > 0 && first !== undefined) focusOn(first);
  };
  useEffect(() => void more(), [api]);

  return (
    <div class="narrow stack-m">
      <h1 class="title">{say.historyTitle}</h1>
      {cursor === null && transfers.length === 0 && (
        <section class="surface empty" data-testid="history-none">
          <p class="section-title">{say.historyNone}</p>
          <p class="quiet">{say.historyNoneNote}</p>
          <Link to="/" class="button button-main">
            {say.chooseLookUp}
          </Link>
        </section>
      )}
      <ul class="history" data-testid="history" aria-busy={state === "loading"}>
        {transfers.map((transfer) => (
          <li key={transfer.transferId}>
            <Entry transfer={transfer} issuers={issuers} />
          </li>
        ))}
      </ul>
      {state === "loading" && (
        <p class="quiet centered" role="status">
          {say.historyLoading}
        </p>
      )}
      {state === "failed" && (
        <section class="surface trouble" role="alert" data-testid="history-failed">
          <p>{say.historyFailed}</p>
          <button type="button" class="button" onClick={() => void more()}>
            {say.retry}
          </button>
        </section>
      )}
      {state === "ready" && cursor !== null && cursor !== undefined && (
        <button
          type="button"
          class="button history-more"
          data-testid="history-more"
          onClick={() => void more()}
        >
          {say.historyMore}
        </button>
      )}
      {state === "ready" && cursor === null && transfers.length > 0 && (
        <p class="quiet centered" role="status" data-testid="history-end">
          {say.historyEnd(transfers.length)}
        </p>
      )}
    </div>
  );
}

const STATUS_WORDS: Readonly<Record<TransferStatus, keyof Messages & `history${string}`>> = {
  IN_PROGRESS: "historyRunning",
  COMPLETED: "historyCompleted",
  PARTLY_COMPLETED: "historyPartly",
  FAILED: "historyFailedStatus",
};

const entryOf = ({ transferId }: Transfer): string => `entry-${transferId}`;

const focusOn = (transfer: Transfer): void => {
  requestAnimationFrame(() => {
    document.getElementById(entryOf(transfer))?.querySelector("a")?.focus();
  });
};

interface EntryProps {
  readonly transfer: Transfer;
  readonly issuers: readonly Issuer[];
}

function Entry({ transfer, issuers }: EntryProps) {
  const { language, say } = useWords();
  const { status, totals, legs } = transfer;
  const [first, ...others] = legs;
  return (
    <div id={entryOf(transfer)}>
      <Link
        to={`/transfers/${transfer.transferId}`}
        class="surface history-entry"
        testId={`transfer-${transfer.transferId}`}
      >
        <span class="history-words">
          <span class="quiet">{formatMoment(transfer.requestedAt, language)}</span>
          <strong class="history-amount amount">{say.won(totals.requested)}</strong>
          <span class="quiet">
            {first !== undefined &&
              say.historyIssuers(issuerOf(issuers, first.issuer).name[language], others.length)}
          </span>
        </span>
        <span class="history-side">
          <span class={`badge badge-${status.toLowerCase()}`} data-testid="history-status">
            {say[STATUS_WORDS[status]]}
          </span>
          {totals.deposited !== totals.requested && totals.deposited > 0 && (
            <span class="quiet">{say.historyDeposited(say.won(totals.deposited))}</span>
          )}
        </span>
        <Icon name="next" />
      </Link>
    </div>
  );
}
