/** One issuer's card: what was answered, or how long the answer will take. */
import type { Issuer, PointBalance, Result, ResultStatus, Text } from "../api/shapes";
import { formatMoment, formatMonth } from "../format/time";
import { useWords } from "../i18n";
import { wordsForCashArrival } from "../i18n/cash-arrival";
import type { Messages } from "../i18n/ko";
import { wordsForNextTry, wordsForWait } from "../i18n/wait";
import { expiringMonths } from "../lookup/expiry";
import type { Run, Shown } from "../lookup/machine";
import { remainingWait } from "../lookup/wait";
import { Chip } from "./chip";
import { LaterMonths } from "./expiry/overview";
import { Icon } from "./icons";

interface Props {
  readonly issuer: Issuer;
  readonly shown: Shown;
  /** The run asking this issuer alone, if there is one. */
  readonly ownRun: Run | undefined;
  readonly nowMs: number;
  readonly onAskAgain: () => void;
}

export function Card({ issuer, shown, ownRun, nowMs, onAskAgain }: Props) {
  const { language } = useWords();
  const { result } = shown;
  const titleId = `card-${issuer.code}-name`;
  return (
    <li
      class={`surface card ${result.status === "NOT_MEMBER" ? "card-quiet" : ""}`}
      data-testid={`card-${issuer.code}`}
      data-status={result.status}
      data-stale={result.stale}
      aria-labelledby={titleId}
      aria-busy={result.status === "PENDING"}
    >
      <div class="card-head">
        <Chip code={issuer.code} name={issuer.name} />
        <div class="card-names">
          <h3 class="card-name" id={titleId}>
            {issuer.name[language]}
          </h3>
          <Subtitle shown={shown} nowMs={nowMs} />
        </div>
        <Headline result={result} />
      </div>
      {ownRun?.trouble != null && <Waiting run={ownRun} nowMs={nowMs} />}
      <StaleNote result={result} />
      {result.status !== "PENDING" && (
        <div class="card-body">
          <Condition issuer={issuer} result={result} onAskAgain={onAskAgain} />
          <Balances issuer={issuer} result={result} />
          <CardExpiry issuer={issuer} result={result} />
        </div>
      )}
    </li>
  );
}

const sumOf = (points: readonly PointBalance[]): number =>
  points.reduce((total, point) => total + point.remaining, 0);

function Headline({ result }: { readonly result: Result }) {
  const { say } = useWords();
  const { status, points, stale } = result;
  if (points.length === 0) {
    return status === "PENDING" ? <span class="skeleton skeleton-amount" /> : null;
  }
  const settled = status === "PENDING" || stale ? "card-amount-old" : "";
  return (
    <p class={`card-amount arriving ${settled}`} key={status}>
      {say.points(sumOf(points))}
    </p>
  );
}

/** Under the name: the wait, what it is that is counted, or that there is nothing to count. */
function Subtitle({ shown, nowMs }: { readonly shown: Shown; readonly nowMs: number }) {
  const { language, say } = useWords();
  const { result, heardAtMs } = shown;
  if (result.status === "PENDING") {
    const wait = remainingWait(result.etaSeconds, nowMs - heardAtMs);
    return (
      <p class="card-sub waiting">
        <span class="waiting-dot" aria-hidden="true" />
        <span data-testid="wait">{wordsForWait(wait, say)}</span>
      </p>
    );
  }
  if (result.status === "NOT_MEMBER") return <p class="card-sub">{say.notMember}</p>;
  const [only, second] = result.points;
  if (only === undefined || second !== undefined) return null;
  return <p class="card-sub">{only.name[language]}</p>;
}

/** This issuer's own request waits: for the network, or for its turn. */
function Waiting({ run, nowMs }: { readonly run: Run; readonly nowMs: number }) {
  const { say } = useWords();
  if (run.dueAtMs === null) return null;
  const wait = wordsForNextTry(remainingWait((run.dueAtMs - nowMs) / 1000, 0), say);
  return (
    <p class="card-note">
      <Icon name="clock" />
      {run.trouble === "unreachable" ? say.troubleNext(wait) : say.busyText(wait)}
    </p>
  );
}

const STALE_WORDS: Readonly<
  Partial<Record<ResultStatus, keyof Pick<Messages, "askingAgain" | "staleFailed" | "staleLate">>>
> = { PENDING: "askingAgain", UNAVAILABLE: "staleFailed", TIMED_OUT: "staleLate" };

function StaleNote({ result }: { readonly result: Result }) {
  const { language, say } = useWords();
  if (!result.stale || result.asOf === null) return null;
  const words = STALE_WORDS[result.status] ?? "staleOther";
  return (
    <p class="card-note card-note-stale" data-testid="stale-note">
      <Icon name="clock" />
      <span>{say[words](formatMoment(result.asOf, language))}</span>
    </p>
  );
}

interface ConditionWords {
  readonly title: keyof Messages &
    ("unavailable" | "timedOut" | "dormant" | "suspended" | "corporate");
  readonly todo: keyof Messages &
    ("unavailableTodo" | "timedOutTodo" | "dormantTodo" | "suspendedTodo" | "corporateTodo");
  /** The server knows more than the status says: maintenance, a fault, a pause. */
  readonly serverKnowsWhy?: true;
  /** The member has to speak with the issuer. */
  readonly phone: boolean;
}

const CONDITIONS: Readonly<Partial<Record<ResultStatus, ConditionWords>>> = {
  UNAVAILABLE: {
    title: "unavailable",
    todo: "unavailableTodo",
    phone: false,
    serverKnowsWhy: true,
  },
  TIMED_OUT: { title: "timedOut", todo: "timedOutTodo", phone: false },
  DORMANT: { title: "dormant", todo: "dormantTodo", phone: true },
  SUSPENDED: { title: "suspended", todo: "suspendedTodo", phone: true },
  CORPORATE: { title: "corporate", todo: "corporateTodo", phone: true },
};

interface ConditionProps {
  readonly issuer: Issuer;
  readonly result: Result;
  readonly onAskAgain: () => void;
}

/** Why this is not simply a balance, and what the member can do. */
function Condition({ issuer, result, onAskAgain }: ConditionProps) {
  const { language, say } = useWords();
  const words = CONDITIONS[result.status];
  if (words === undefined && !result.stale) return null;
  const name = issuer.name[language];
  return (
    <div class="condition">
      {words !== undefined && (
        <>
          {/* The note above has already said that an issuer with old points did not answer. */}
          {!(result.stale && words.title in SAID_BY_STALE) && (
            <p class="condition-title">{say[words.title]}</p>
          )}
          <p class="quiet">
            {(words.serverKnowsWhy && result.message?.[language]) || say[words.todo]}
          </p>
        </>
      )}
      <div class="condition-actions">
        {words?.phone === true && issuer.phone !== null && (
          <a
            class="button button-small"
            href={`tel:${issuer.phone.replace(/[^\d+]/g, "")}`}
            data-testid={`call-${issuer.code}`}
            aria-label={say.callNamed(name, issuer.phone)}
          >
            <Icon name="phone" />
            {say.call(issuer.phone)}
          </a>
        )}
        <button
          type="button"
          class="button button-small"
          data-testid={`retry-${issuer.code}`}
          aria-label={say.retryIssuerNamed(name)}
          onClick={onAskAgain}
        >
          <Icon name="again" />
          {say.retryIssuer}
        </button>
      </div>
    </div>
  );
}

const SAID_BY_STALE = { unavailable: true, timedOut: true };

function Balances({ issuer, result }: { readonly issuer: Issuer; readonly result: Result }) {
  const { language, say } = useWords();
  const cashable = result.points.filter((point) => point.cashable);
  const apart = result.points.filter((point) => !point.cashable);
  const transferable = cashable.reduce((total, point) => total + point.transferable, 0);
  const arrival = wordsForCashArrival(issuer.cashArrival, language, say);
  const released = result.status === "OK" || result.status in SAME_AS_OK;
  return (
    <>
      {result.points.length > 1 && cashable.length > 0 && (
        <ul class="balances">
          {cashable.map((point) => (
            <Balance key={point.code} point={point} />
          ))}
        </ul>
      )}
      {released && cashable.length > 0 && (
        <p class="card-cash" data-testid="transferable" data-value={transferable}>
          {transferable > 0 ? (
            <>
              <strong>{say.cashNow(say.won(transferable))}</strong>
              {arrival !== null && <span class="quiet card-arrival">{arrival}</span>}
            </>
          ) : (
            <span class="quiet">{say.cashNone}</span>
          )}
        </p>
      )}
      {apart.length > 0 && (
        <div class="apart" data-testid="not-cashable">
          <p class="apart-title">{say.notCashable}</p>
          <ul class="balances">
            {apart.map((point) => (
              <Balance key={point.code} point={point} />
            ))}
          </ul>
          <p class="quiet">{apartNote(issuer.code, apart, say)}</p>
        </div>
      )}
      {cashable.length === 0 && apart.length === 1 && result.points.length === 1 && (
        <span class="visually-hidden">{apart[0]?.name[language]}</span>
      )}
    </>
  );
}

/** Old points of an issuer that did not answer are as transferable as they were. */
const SAME_AS_OK: Readonly<Partial<Record<ResultStatus, true>>> = {
  UNAVAILABLE: true,
  TIMED_OUT: true,
};

/** R-P2: M points become cash by way of H-Coin, which is worth telling. */
const apartNote = (issuer: string, points: readonly PointBalance[], say: Messages): string =>
  issuer === "hyundai" && points.some(({ code }) => code === "MPOINT")
    ? say.notCashableHyundai
    : say.notCashableNote;

function Balance({ point }: { readonly point: PointBalance }) {
  const { language, say } = useWords();
  const part = point.cashable && point.transferable > 0 && point.transferable < point.remaining;
  return (
    <li data-testid={`point-${point.code}`} data-value={point.remaining}>
      <span>
        {point.name[language]}
        {part && (
          <span class="quiet month-note">{say.partTransferable(say.won(point.transferable))}</span>
        )}
      </span>
      <span class="amount">{say.points(point.remaining)}</span>
    </li>
  );
}

function CardExpiry({ issuer, result }: { readonly issuer: Issuer; readonly result: Result }) {
  const { language, say } = useWords();
  const [next, ...later] = expiringMonths({ [issuer.code]: result });
  if (next === undefined) return null;
  return (
    <div class="card-expiry">
      <p class="card-expiring">
        <Icon name="hourglass" />
        {say.expiryNext(formatMonth(next.month, language), say.points(next.amount))}
      </p>
      <LaterMonths months={later} testId={`later-${issuer.code}`} />
    </div>
  );
}

/** Issuers without a card of the member's: one quiet list. */
export function QuietIssuers({
  issuers,
}: {
  readonly issuers: readonly { readonly code: string; readonly name: Text }[];
}) {
  const { language, say } = useWords();
  if (issuers.length === 0) return null;
  return (
    <section class="quiet-group" data-testid="not-member" aria-labelledby="not-member-title">
      <h3 class="quiet-title" id="not-member-title">
        {say.notMemberGroup(issuers.length)}
      </h3>
      <p class="quiet">{say.notMemberNote}</p>
      <ul class="quiet-list">
        {issuers.map(({ code, name }) => (
          <li key={code} data-testid={`card-${code}`} data-status="NOT_MEMBER" data-stale="false">
            <Chip code={code} name={name} />
            {name[language]}
          </li>
        ))}
      </ul>
    </section>
  );
}
