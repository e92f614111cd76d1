/** Ordering standing cash-out: what will happen, to which account, from how much on (R-E3). */
import { useEffect, useState } from "preact/hooks";
import type { Api } from "../../api/client";
import type { Choices } from "../../api/expiry-shapes";
import type { Failure } from "../../api/failure";
import type { Account } from "../../api/transfer-shapes";
import type { Auth, Session } from "../../auth/session";
import {
  accountOf,
  leadOf,
  MINIMUMS,
  minimumOf,
  type StandingDraft,
  type StandingMemory,
  wonIn,
} from "../../expiry/standing";
import { formatAmount } from "../../format/amounts";
import { useWords } from "../../i18n";
import { wordsForNextTry } from "../../i18n/wait";
import { remainingWait } from "../../lookup/wait";
import { EXPIRY_PATH, startAtTop } from "../../router";
import { isJustProven } from "../../sending/proof";
import { AccountForm } from "../cash/account-form";
import { AccountList, focusOn } from "../cash/account-list";
import { useAccountName } from "../cash/account-name";
import { FlowFoot } from "../flow";
import { Icon, type IconName } from "../icons";
import { Lines } from "../lines";
import { Link } from "../link";
import { Reauthentication } from "../sending/trouble";

interface Props {
  readonly api: Api;
  readonly auth: Auth;
  readonly session: Session;
  readonly memory: StandingMemory;
  readonly onLost: (failure: Failure) => boolean;
}

export function Standing(props: Props) {
  const { api, onLost } = props;
  const { say } = useWords();
  const [choices, setChoices] = useState<Choices | "loading" | "failed">("loading");
  const [ordered, setOrdered] = useState<Account | null>(null);

  const load = async (): Promise<void> => {
    const answer = await api.readChoices();
    if (answer.ok) setChoices(answer.value);
    else if (!onLost(answer.failure)) setChoices("failed");
  };
  useEffect(() => void load(), [api]);

  if (ordered !== null) return <Ordered account={ordered} />;
  return (
    <div class="narrow flow">
      <div class="flow-head">
        <Link to={EXPIRY_PATH} class="flow-back" testId="standing-back" label={say.cashBack}>
          <Icon name="back" />
        </Link>
      </div>
      <header class="stack-s flow-title">
        <h1 class="title">
          <Lines text={say.orderStandingTitle} />
        </h1>
        <p class="lead">{say.orderStandingLead}</p>
      </header>
      {choices === "loading" && (
        <p class="quiet" role="status">
          {say.loading}
        </p>
      )}
      {choices === "failed" && (
        <section class="surface trouble" role="alert" data-testid="choices-failed">
          <p>{say.standingSettingsFailed}</p>
          <button type="button" class="button" onClick={() => void load()}>
            {say.retry}
          </button>
        </section>
      )}
      {typeof choices !== "string" && (
        <Order
          {...props}
          choices={choices}
          onReload={() => void load()}
          onChoices={setChoices}
          onOrdered={(account) => {
            props.memory.clear();
            setOrdered(account);
            startAtTop();
          }}
        />
      )}
    </div>
  );
}

const STEPS = [
  ["bell", "standingToldTitle", "standingToldText"],
  ["calendar", "standingDoneTitle", "standingDoneText"],
  ["inbox", "standingAfterTitle", "standingAfterText"],
  ["stop", "standingStopTitle", "standingStopText"],
] as const satisfies readonly (readonly [IconName, string, string])[];

/** What keeps it from being ordered. */
type Trouble =
  | { readonly kind: "reauthenticate" }
  | { readonly kind: "told"; readonly words: string };

interface OrderProps extends Props {
  readonly choices: Choices;
  readonly onReload: () => void;
  readonly onChoices: (choices: Choices) => void;
  readonly onOrdered: (account: Account) => void;
}

function Order({ api, auth, session, memory, choices, ...on }: OrderProps) {
  const { language, say } = useWords();
  const nameOf = useAccountName();
  const [draft, setDraft] = useState<StandingDraft>(() => memory.load());
  const [provenAnew] = useState(() => draft.provingAnew && isJustProven(session));
  const [adding, setAdding] = useState(false);
  const [asked, setAsked] = useState(false);
  const [sending, setSending] = useState(false);
  const [said, setSaid] = useState("");
  const [trouble, setTrouble] = useState<Trouble | null>(null);

  const change = (part: Partial<StandingDraft>) => {
    setDraft(memory.change(part));
    setTrouble(null);
  };
  const { accounts } = choices;
  const none = accounts.length === 0;
  const account = accountOf(draft, choices);
  const typed = minimumOf(draft, choices);
  const minimum = wonIn(typed);

  const added = (one: Account) => {
    const others = accounts.filter(({ accountId }) => accountId !== one.accountId);
    on.onChoices({ ...choices, accounts: [...others, one] });
    change({ accountId: one.accountId });
    setAdding(false);
    setSaid(say.accountAdded(nameOf(one)));
    focusOn(one);
  };

  const order = async () => {
    setAsked(true);
    if (account === null || minimum === null || sending) return;
    setSending(true);
    setTrouble(null);
    const { accountId } = account;
    const wanted = { enabled: true, accountId, minimumAmount: minimum };
    const answer = await api.putCashout(wanted);
    setSending(false);
    if (answer.ok) on.onOrdered(account);
    else failed(answer.failure, accountId);
  };

  const failed = (failure: Failure, accountId: string) => {
    if (on.onLost(failure)) return;
    if (failure.kind === "reauthentication_required") {
      // As it stands here now, it stands here again after the sign-in.
      change({ accountId, minimum: typed, provingAnew: true });
      setTrouble({ kind: "reauthenticate" });
      return;
    }
    setTrouble({ kind: "told", words: wordsFor(failure) });
    if (failure.kind === "missing") {
      change({ accountId: null });
      on.onReload();
    }
  };

  return (
    <>
      {provenAnew && trouble === null && (
        <p class="banner" role="status" data-testid="reauth-done">
          {say.standingReauthDone}
        </p>
      )}
      <section class="surface" aria-labelledby="standing-how" data-testid="standing-how">
        <h2 class="section-title" id="standing-how">
          {say.standingHow}
        </h2>
        <ol class="facts standing-steps">
          {STEPS.map(([icon, title, text]) => {
            const words = say[text];
            return (
              <li key={icon} class="fact">
                <span class="fact-icon">
                  <Icon name={icon} />
                </span>
                <div>
                  <h3 class="fact-title">{say[title]}</h3>
                  <p class="quiet">{typeof words === "string" ? words : words(leadOf(choices))}</p>
                </div>
              </li>
            );
          })}
        </ol>
      </section>

      <h2 class="section-title standing-part">{say.standingWhere}</h2>
      <p class="visually-hidden" aria-live="polite" data-testid="account-announcer">
        {said}
      </p>
      {none ? (
        <p class="quiet">{say.accountNone}</p>
      ) : (
        <AccountList
          accounts={accounts}
          chosen={account}
          onChosen={({ accountId }) => change({ accountId })}
          onDelete={null}
        />
      )}
      {adding || none ? (
        <AccountForm
          api={api}
          onAdded={added}
          onClosed={none ? null : () => setAdding(false)}
          onUnsure={on.onReload}
          onLost={on.onLost}
          auth={auth}
        />
      ) : (
        <button
          type="button"
          class="button account-add"
          data-testid="account-add"
          onClick={() => setAdding(true)}
        >
          {say.accountAdd}
        </button>
      )}

      <section class="surface standing-minimum">
        <label class="section-title" for="minimum">
          {say.standingMinimumTitle}
        </label>
        <p class="quiet" id="minimum-hint">
          {say.standingMinimumHint}
        </p>
        <div class="minimum-picks">
          {MINIMUMS.map((won) => (
            <button
              key={won}
              type="button"
              class="button button-small"
              data-testid={`minimum-${won}`}
              aria-pressed={minimum === won}
              onClick={() => change({ minimum: formatAmount(won) })}
            >
              {won === 0 ? say.standingMinimumEvery : say.standingMinimumPick(say.won(won))}
            </button>
          ))}
        </div>
        <div class="stepper-field minimum-field">
          <input
            id="minimum"
            class="stepper-input"
            type="text"
            inputMode="numeric"
            autocomplete="off"
            maxLength={13}
            data-testid="minimum"
            value={typed}
            aria-invalid={minimum === null}
            aria-describedby="minimum-hint minimum-problem"
            onInput={({ currentTarget }) => change({ minimum: currentTarget.value })}
          />
          <span aria-hidden="true">{say.standingWon}</span>
        </div>
        <p class="problem" id="minimum-problem" role="alert" data-testid="minimum-problem">
          {asked && minimum === null && say.standingMinimumWrong}
        </p>
      </section>

      {trouble?.kind === "reauthenticate" && <Reauthentication auth={auth} />}
      {!adding && !none && (
        <FlowFoot still>
          <p class="problem" role="alert" data-testid="standing-problem">
            {trouble?.kind === "told" && trouble.words}
            {trouble === null && asked && account === null && say.accountChoose}
          </p>
          {trouble?.kind !== "reauthenticate" && (
            <button
              type="button"
              class="button button-main"
              data-testid="standing-order"
              disabled={sending}
              aria-busy={sending}
              onClick={() => void order()}
            >
              {sending
                ? say.standingSending
                : choices.cashout.enabled
                  ? say.standingKeep
                  : say.standingOrder}
            </button>
          )}
        </FlowFoot>
      )}
    </>
  );

  function wordsFor(failure: Failure): string {
    if (failure.kind === "missing") return say.standingMissing;
    if (failure.kind === "unreachable") return say.standingUnsure;
    if (failure.kind === "busy") {
      return say.standingBusy(wordsForNextTry(remainingWait(failure.retryAfterMs / 1000, 0), say));
    }
    return (failure.kind === "refused" && failure.text?.[language]) || say.standingRefused;
  }
}

/** It is on: what comes next, and the way back. */
function Ordered({ account }: { readonly account: Account }) {
  const { say } = useWords();
  const nameOf = useAccountName();
  return (
    <div class="narrow flow">
      <section class="surface empty standing-done" role="status" data-testid="standing-done">
        <span class="fact-icon">
          <Icon name="check" />
        </span>
        <h1 class="section-title">{say.standingIsOn}</h1>
        <p class="quiet">{say.standingIsOnText(nameOf(account))}</p>
        <Link to={EXPIRY_PATH} class="button button-main" testId="standing-to-calendar">
          {say.standingToCalendar}
        </Link>
      </section>
    </div>
  );
}
