/** The last look before a bill changes its card or ends: what, when, and what to beware of. */
import { useEffect } from "preact/hooks";
import type { Bill, Card, Order, OrderKind } from "../../api/autopay-shapes";
import type { Api, OrderRequest } from "../../api/client";
import type { Failure } from "../../api/failure";
import type { Issuer, Text } from "../../api/shapes";
import type { Auth } from "../../auth/session";
import { categoryOf } from "../../autopay/categories";
import { isPastWithdrawal } from "../../autopay/progress";
import { type OrderApplicationMemory, OrderSubmission } from "../../autopay/submission";
import { useWords } from "../../i18n";
import { FlowFoot } from "../flow";
import { Icon } from "../icons";
import { Link } from "../link";
import { useSubmission } from "../sending/use-submission";
import { CardLine } from "./card-line";
import { OrderFlow } from "./flow";
import { OrderTrouble } from "./order-trouble";

interface Props {
  readonly api: Api;
  readonly auth: Auth;
  readonly issuers: readonly Issuer[];
  readonly request: OrderRequest;
  readonly bill: Bill;
  readonly fromCard: Card | null;
  readonly toCard: Card | null;
  readonly memory: OrderApplicationMemory;
  /** The member has come back from proving anew who they are. */
  readonly provenAnew: boolean;
  readonly onAccepted: (order: Order) => void;
  /** What was read is no longer so. */
  readonly onRefused: () => void;
  readonly onAbandoned: () => void;
  readonly onLost: (failure: Pick<Failure, "kind">) => boolean;
}

const SEND_WORDS = { CHANGE: "orderSendChange", CANCEL: "orderSendCancel" } as const;

export function ConfirmOrder(props: Props) {
  const { api, auth, issuers, request, bill, fromCard, toCard, memory } = props;
  const { kind } = request;
  const { language, say } = useWords();
  const { submission, step } = useSubmission(() => new OrderSubmission(api, memory), [api, memory]);
  const unanswered =
    step.kind === "unanswered" || (step.kind === "busy" && memory.load()?.unanswered === true);
  const sending = step.kind === "sending" || step.kind === "accepted";
  const canSend = unanswered || step.kind === "ready" || step.kind === "busy";

  useEffect(() => {
    if (step.kind === "accepted") props.onAccepted(step.made);
    else if (step.kind === "signed_out" || step.kind === "consent_required") props.onLost(step);
    else if (step.kind === "refused" || step.kind === "missing") props.onRefused();
  }, [step]);

  return (
    <OrderFlow
      kind={kind}
      path="/autopay/confirm"
      title={kind === "CHANGE" ? say.orderChangeTitle : say.orderCancelTitle}
      lead={null}
    >
      {props.provenAnew && step.kind === "ready" && (
        <p class="banner" role="status" data-testid="reauth-done">
          {say.reauthDone}
        </p>
      )}
      <section class="panel bill" aria-labelledby="order-bill" data-testid="order-bill">
        <p class="bill-caption">
          {[categoryOf(bill.category).name[language], bill.customerRef]
            .filter((fact) => fact !== "")
            .join(" · ")}
        </p>
        <h2 class="order-biller" id="order-bill">
          {bill.biller.name}
        </h2>
        <dl class="order-cards">
          <div data-testid="order-from">
            <dt>{say.orderFrom}</dt>
            <dd>
              <CardLine card={fromCard} issuers={issuers} />
            </dd>
          </div>
          {toCard !== null && (
            <div data-testid="order-to">
              <dt>{say.orderTo}</dt>
              <dd>
                <CardLine card={toCard} issuers={issuers} />
              </dd>
            </div>
          )}
        </dl>
        {toCard !== null && !unanswered && !sending && (
          <p class="bill-changes">
            <Link to="/autopay/card" testId="order-another-card">
              {say.orderToAnother}
            </Link>
          </p>
        )}
      </section>

      <Days kind={kind} category={bill.category} />
      <Warnings kind={kind} warnings={bill.warnings} />

      <FlowFoot still>
        <OrderTrouble
          auth={auth}
          step={step}
          biller={bill.biller}
          onAbandoned={props.onAbandoned}
        />
        {(canSend || sending) && (
          <button
            type="button"
            class={`button button-main ${kind === "CANCEL" ? "button-end" : ""}`}
            data-testid="order-send"
            aria-busy={sending}
            disabled={sending}
            onClick={() => submission.confirm(request)}
          >
            {sending ? say.orderSending : unanswered ? say.orderSendAgain : say[SEND_WORDS[kind]]}
          </button>
        )}
      </FlowFoot>
    </OrderFlow>
  );
}

/** When it is carried out and known, and whether it can be taken back (R-A3, R-A4). */
function Days({ kind, category }: { readonly kind: OrderKind; readonly category: string }) {
  const { say } = useWords();
  const { realTime } = categoryOf(category);
  const late = isPastWithdrawal(Date.now());
  const title = kind === "CHANGE" ? say.orderWhen : say.orderWhenCancel;
  return (
    <section class="promises" aria-labelledby="order-days-title">
      <h2 class="section-title" id="order-days-title">
        {title}
      </h2>
      <div
        class="surface promise"
        data-testid="order-days"
        data-kind={realTime ? "at_once" : "next_business_day"}
      >
        <p class={`promise-title ${realTime ? "promise-at_once" : ""}`}>
          <Icon name={realTime ? "check" : "clock"} />
          <span>{realTime ? say.orderRealTime : say.orderNextDay}</span>
        </p>
        <p class="quiet order-note">{realTime ? say.orderRealTimeNote : say.orderNextDayNote}</p>
        {!realTime && (
          <p class="order-note" data-testid="order-withdrawable" data-late={String(late)}>
            {late ? say.orderNotWithdrawable : say.orderWithdrawable}
          </p>
        )}
      </div>
    </section>
  );
}

interface WarningsProps {
  readonly kind: OrderKind;
  readonly warnings: readonly Text[];
}

function Warnings({ kind, warnings }: WarningsProps) {
  const { language, say } = useWords();
  const words = [
    ...(kind === "CANCEL" ? [say.orderCancelWarning] : []),
    ...warnings.map((warning) => warning[language]),
  ];
  if (words.length === 0) return null;
  return (
    <section
      class="order-warnings"
      aria-labelledby="order-warnings-title"
      data-testid="order-warnings"
    >
      <h2 class="order-warnings-title" id="order-warnings-title">
        <Icon name="notice" />
        {say.orderWarnings}
      </h2>
      <ul>
        {words.map((word) => (
          <li key={word}>{word}</li>
        ))}
      </ul>
    </section>
  );
}
