/** The last look before money moves: how much, where to, when, and that it is final. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Api, TransferRequest } from "../../api/client";
import type { Failure } from "../../api/failure";
import type { Issuer } from "../../api/shapes";
import type { Account, Item, Transfer } from "../../api/transfer-shapes";
import type { Auth } from "../../auth/session";
import { totalOf } from "../../cash/offers";
import { isOf, type Quoted, relyOn } from "../../cash/quoting";
import { type ApplicationMemory, type Step, Submission, stepAfter } from "../../cash/submission";
import { useWords } from "../../i18n";
import { FlowFoot } from "../flow";
import { Link } from "../link";
import { useSubmission } from "../sending/use-submission";
import { AccountName } from "./account-name";
import { ApplyTrouble } from "./apply-trouble";
import { CashFlow } from "./flow";
import { Promises } from "./promises";

interface Props {
  readonly api: Api;
  readonly auth: Auth;
  readonly issuers: readonly Issuer[];
  readonly items: readonly Item[];
  readonly account: Account;
  readonly memory: ApplicationMemory;
  /** The member has come back from proving anew who they are. */
  readonly provenAnew: boolean;
  readonly onWithout: (issuers: readonly string[]) => void;
  readonly onAccepted: (transfer: Transfer) => void;
  readonly onAbandoned: () => void;
  readonly onLost: (failure: Pick<Failure, "kind">) => boolean;
}

/** What is known of when the money arrives. */
type Quoting =
  | { readonly kind: "asking" }
  | { readonly kind: "quoted"; readonly quoted: Quoted }
  | { readonly kind: "differs" }
  | { readonly kind: "unreachable" }
  | { readonly kind: "refused"; readonly step: Step };

export function Confirm(props: Props) {
  const { api, auth, issuers, items, account, onAccepted, onAbandoned, onLost } = props;
  const { say } = useWords();
  const { memory } = props;
  const { submission, step } = useSubmission(() => new Submission(api, memory), [api, memory]);
  const [quoting, setQuoting] = useState<Quoting>({ kind: "asking" });
  const [changed, setChanged] = useState(false);
  const [relying, setRelying] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const request: TransferRequest = { accountId: account.accountId, items };
  const total = totalOf(items);
  const unanswered =
    step.kind === "unanswered" || (step.kind === "busy" && memory.load()?.unanswered === true);

  const failed = (failure: Failure): void => {
    if (onLost(failure)) return;
    setQuoting(
      failure.kind === "unreachable" || failure.kind === "busy"
        ? { kind: "unreachable" }
        : { kind: "refused", step: stepAfter(failure, request) },
    );
  };

  const ask = async (): Promise<void> => {
    setQuoting({ kind: "asking" });
    const answer = await api.quote(request);
    if (!answer.ok) return failed(answer.failure);
    const quoted = { quote: answer.value, heardAtMs: Date.now() };
    setQuoting(isOf(answer.value, request) ? { kind: "quoted", quoted } : { kind: "differs" });
  };

  // What has left unanswered may have gone through: it needs an answer and no new promise.
  const settledItems = JSON.stringify(request);
  useEffect(() => {
    if (!unanswered) void ask();
  }, [api, settledItems]);

  useEffect(() => {
    if (step.kind === "accepted") onAccepted(step.made);
    else if (step.kind === "signed_out" || step.kind === "consent_required") onLost(step);
  }, [step]);

  const confirm = async (): Promise<void> => {
    if (unanswered) return submission.confirm(request);
    if (quoting.kind !== "quoted" || relying) return;
    setRelying(true);
    const reliance = await relyOn(quoting.quoted, request, api);
    setRelying(false);
    setChanged(reliance.kind === "changed");
    if (reliance.kind === "holds") submission.confirm(request);
    else if (reliance.kind === "failed") failed(reliance.failure);
    else setQuoting({ kind: "quoted", quoted: reliance.quoted });
  };

  const sending = step.kind === "sending" || step.kind === "accepted" || relying;
  const trouble = quoting.kind === "refused" ? quoting.step : step;
  const settled = trouble.kind === "ready" || trouble.kind === "sending" || trouble.kind === "busy";
  const canSend = unanswered || (settled && quoting.kind === "quoted");

  return (
    <CashFlow path="/cash/confirm" title={say.confirmTitle} lead={null}>
      {props.provenAnew && step.kind === "ready" && (
        <p class="banner" role="status" data-testid="reauth-done">
          {say.reauthDone}
        </p>
      )}
      <section class="panel bill" aria-labelledby="bill-title">
        <h2 class="bill-caption" id="bill-title">
          {say.confirmTotal}
        </h2>
        <p class="bill-total" data-testid="confirm-total" data-value={total}>
          {say.won(total)}
        </p>
        <div class="bill-account" data-testid="confirm-account">
          <span class="bill-caption">{say.confirmTo}</span>
          <AccountName account={account} />
        </div>
        {!unanswered && !sending && (
          <p class="bill-changes">
            <Link to="/cash" testId="confirm-change-amounts">
              {say.confirmChangeAmounts}
            </Link>
            <Link to="/cash/account" testId="confirm-change-account">
              {say.confirmChangeAccount}
            </Link>
          </p>
        )}
      </section>

      {changed && (
        <p class="banner" role="alert" data-testid="promise-changed">
          {say.confirmPromiseChanged}
        </p>
      )}
      {quoting.kind === "asking" && !unanswered && (
        <p class="quiet centered" role="status">
          {say.confirmQuoting}
        </p>
      )}
      {quoting.kind === "quoted" && <Promises quoted={quoting.quoted} issuers={issuers} />}
      {quoting.kind === "differs" && (
        <section
          class="surface trouble"
          role="alert"
          data-testid="apply-trouble"
          data-kind="differs"
        >
          <p>{say.confirmDiffers}</p>
          <Link to="/cash" class="button">
            {say.confirmChangeAmounts}
          </Link>
        </section>
      )}
      {quoting.kind === "unreachable" && (
        <section
          class="surface trouble"
          role="alert"
          data-testid="apply-trouble"
          data-kind="unreachable"
        >
          <p>{say.confirmQuoteFailed}</p>
          <button type="button" class="button" data-testid="quote-again" onClick={() => void ask()}>
            {say.retry}
          </button>
        </section>
      )}

      <FlowFoot still>
        <ApplyTrouble
          auth={auth}
          step={trouble}
          items={items}
          issuers={issuers}
          onWithout={(refused) => {
            submission.dismiss();
            props.onWithout(refused);
          }}
          onAbandoned={onAbandoned}
        />
        {canSend && !unanswered && (
          <p class="final" data-testid="confirm-final">
            <strong>{say.confirmFinal}</strong> {say.confirmFinalNote}
          </p>
        )}
        {(canSend || sending) && (
          <button
            ref={button}
            type="button"
            class="button button-main"
            data-testid="confirm-send"
            aria-busy={sending}
            disabled={sending}
            onClick={() => void confirm()}
          >
            {sending
              ? say.confirmSending
              : unanswered
                ? say.confirmSendAgain
                : say.confirmSend(say.won(total))}
          </button>
        )}
      </FlowFoot>
    </CashFlow>
  );
}
