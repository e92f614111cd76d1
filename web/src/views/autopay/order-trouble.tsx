/** What stands between the member and an accepted order, and the way on from there. */
import type { Biller } from "../../api/autopay-shapes";
import type { Auth } from "../../auth/session";
import type { OrderRefusal, OrderStep } from "../../autopay/submission";
import { useWords } from "../../i18n";
import type { Messages } from "../../i18n/ko";
import { ORDERS_PATH } from "../../router";
import { Link } from "../link";
import { Reauthentication, Trouble, Unanswered, useWaitUntil } from "../sending/trouble";
import { CallBiller } from "./call-biller";

/** Refusals the page has words for; of any other the server's own are shown. */
const REFUSAL_WORDS: Readonly<Record<string, keyof Messages & `orderRefused${string}`>> = {
  corporate_card: "orderRefusedCorporate",
  category_not_open: "orderRefusedCategory",
  card_not_active: "orderRefusedCard",
  not_changeable: "orderRefusedFixed",
  order_open: "orderRefusedOpen",
};

interface Props {
  readonly auth: Auth;
  readonly step: OrderStep;
  readonly biller: Biller;
  readonly onAbandoned: () => void;
}

export function OrderTrouble({ auth, step, biller, onAbandoned }: Props) {
  const { say } = useWords();
  const waitUntil = useWaitUntil(step.kind === "unanswered" || step.kind === "busy");
  switch (step.kind) {
    case "sending":
    case "unanswered": {
      if (step.kind === "sending" && !step.again) return null;
      const dueAtMs = step.kind === "sending" ? 0 : step.dueAtMs;
      return (
        <Unanswered
          wait={dueAtMs === null ? null : waitUntil(dueAtMs)}
          listPath={ORDERS_PATH}
          listName={say.orderToOrders}
          abandonNote={say.orderUnansweredAbandonNote}
          onAbandoned={onAbandoned}
        />
      );
    }
    case "busy":
      return step.code === "switch_unavailable" ? (
        <Trouble kind="switch_unavailable" title={say.autopayBusyTitle}>
          <p>{say.autopayBusyText(waitUntil(step.untilMs))}</p>
        </Trouble>
      ) : (
        <Trouble kind="busy" title={say.busyTitle}>
          <p>{say.applyBusy(waitUntil(step.untilMs))}</p>
        </Trouble>
      );
    case "reauthenticate":
      return <Reauthentication auth={auth} />;
    case "missing":
      return (
        <Trouble kind="missing" title={say.orderRefused}>
          <p>{say.orderMissing}</p>
          <Link to="/autopay" class="button" testId="refused-bills">
            {say.orderToBills}
          </Link>
        </Trouble>
      );
    case "refused":
      return <Refused refusal={step} biller={biller} />;
    default:
      return null;
  }
}

function Refused({ refusal, biller }: { readonly refusal: OrderRefusal; readonly biller: Biller }) {
  const { language, say } = useWords();
  const { code, title, text, wayOn } = refusal;
  const words = REFUSAL_WORDS[code ?? ""];
  return (
    <Trouble kind={code ?? "refused"} title={title?.[language] ?? say.orderRefused}>
      <p>{words === undefined ? (text?.[language] ?? say.orderRefusedText) : say[words]}</p>
      {wayOn === "another_card" && (
        <Link to="/autopay/card" class="button" testId="refused-another-card">
          {say.orderToAnother}
        </Link>
      )}
      {wayOn === "orders" && (
        <Link to={ORDERS_PATH} class="button" testId="refused-orders">
          {say.orderToOrders}
        </Link>
      )}
      {wayOn === "biller" && <CallBiller biller={biller} testId="refused-call" />}
      {wayOn !== "another_card" && (
        <Link to="/autopay" class="button" testId="refused-bills">
          {say.orderToBills}
        </Link>
      )}
    </Trouble>
  );
}
