/** Taking an order back, for as long as that is possible (R-A4). */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Order } from "../../api/autopay-shapes";
import type { Api } from "../../api/client";
import type { Failure } from "../../api/failure";
import type { Auth } from "../../auth/session";
import { type TimeLeft, timeToWithdraw } from "../../autopay/progress";
import { formatMoment, formatTime, seoulDay } from "../../format/time";
import { useWords } from "../../i18n";
import type { Messages } from "../../i18n/ko";
import { Icon } from "../icons";
import { useSeconds } from "../motion";
import { Reauthentication } from "../sending/trouble";

interface Props {
  readonly api: Api;
  readonly auth: Auth;
  readonly order: Order;
  /** How the order is after the withdrawal was asked for. */
  readonly onAnswer: (order: Order) => void;
  readonly onTooLate: () => void;
  readonly onLost: (failure: Failure) => boolean;
}

export function TakeBack({ api, auth, order, onAnswer, onTooLate, onLost }: Props) {
  const { language, say } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState(false);
  const [tooLate, setTooLate] = useState(false);
  const [problem, setProblem] = useState("");
  const [reauthenticate, setReauthenticate] = useState(false);
  const nowMs = useSeconds(true);
  const left = asked || tooLate ? null : timeToWithdraw(order, nowMs);
  const open = left !== null;

  // The time is over while the question stands: it can no longer be answered with yes.
  useEffect(() => {
    if (!open) dialog.current?.close();
  }, [open]);

  const withdraw = async (): Promise<void> => {
    setBusy(true);
    setProblem("");
    const answer = await api.withdrawOrder(order.orderId);
    setBusy(false);
    if (answer.ok) {
      dialog.current?.close();
      setAsked(true);
      onAnswer(answer.value);
      return;
    }
    const { failure } = answer;
    if (onLost(failure)) return;
    if (failure.kind === "reauthentication_required") {
      dialog.current?.close();
      setReauthenticate(true);
    } else if (failure.kind === "refused" && failure.code === "too_late") {
      dialog.current?.close();
      setTooLate(true);
      onTooLate();
    } else if (failure.kind === "unreachable") setProblem(say.takeBackUnsure);
    else {
      const told = failure.kind === "refused" || failure.kind === "busy" ? failure.text : null;
      setProblem(told?.[language] ?? say.takeBackFailed);
    }
  };

  return (
    <>
      <p class="take-back-told" role="status" data-testid="withdrawal-told">
        {tooLate
          ? say.takeBackTooLate
          : asked && order.status === "CHECKING"
            ? say.takeBackAsked
            : ""}
      </p>
      {reauthenticate && <Reauthentication auth={auth} />}
      {left !== null && (
        <section class="surface take-back" data-testid="withdrawal">
          <div class="take-back-words">
            <p class="take-back-until">
              <Icon name="clock" />
              {untilWords(order.withdrawableUntil ?? "", nowMs)}
            </p>
            <p
              class="take-back-left"
              role="timer"
              data-testid="withdrawal-left"
              data-until={order.withdrawableUntil}
            >
              <span class="quiet">{say.takeBackLeft}</span> {wordsForLeft(left, say)}
            </p>
          </div>
          <button
            type="button"
            class="button button-warn"
            data-testid="withdraw-order"
            onClick={() => {
              setProblem("");
              dialog.current?.showModal();
            }}
          >
            {say.takeBack}
          </button>
        </section>
      )}
      <dialog
        ref={dialog}
        class="dialog"
        aria-labelledby="take-back-title"
        data-testid="withdraw-order-dialog"
      >
        <h2 class="dialog-title" id="take-back-title">
          {say.takeBackTitle}
        </h2>
        <p>{say.takeBackText}</p>
        <p class="problem" role="alert" data-testid="withdraw-order-problem">
          {problem}
        </p>
        <div class="dialog-actions">
          <button
            type="button"
            class="button"
            data-testid="withdraw-order-keep"
            onClick={() => dialog.current?.close()}
          >
            {say.takeBackKeep}
          </button>
          <button
            type="button"
            class="button button-danger"
            data-testid="withdraw-order-confirm"
            disabled={busy}
            onClick={() => void withdraw()}
          >
            {say.takeBackConfirm}
          </button>
        </div>
      </dialog>
    </>
  );

  function untilWords(until: string, now: number): string {
    const isToday = seoulDay(until) === seoulDay(new Date(now).toISOString());
    return isToday
      ? say.takeBackUntil(formatTime(until))
      : say.takeBackUntilDay(formatMoment(until, language));
  }
}

/** Seconds count in the last hour only. */
const wordsForLeft = ({ hours, minutes, seconds }: TimeLeft, say: Messages): string =>
  hours > 0
    ? say.takeBackHours(hours, minutes)
    : say.takeBackMinutes(minutes, String(seconds).padStart(2, "0"));
