/** Taking an order back, for as long as that is possible (R-A4). */
import { useEffect, useState } from "preact/hooks";
import type { Order } from "../../api/autopay-shapes";
import type { Api } from "../../api/client";
import type { Failure } from "../../api/failure";
import type { Auth } from "../../auth/session";
import { isFinal, type TimeLeft, timeToWithdraw } from "../../autopay/progress";
import { formatMoment, formatTime, seoulDay } from "../../format/time";
import { useWords } from "../../i18n";
import type { Messages } from "../../i18n/ko";
import { startAtTop } from "../../router";
import { ConfirmDialog } from "../confirm-dialog";
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
  const [asking, setAsking] = useState(false);
  const [asked, setAsked] = useState(false);
  const [tooLate, setTooLate] = useState(false);
  const [reauthenticate, setReauthenticate] = useState(false);
  const over = isFinal(order);
  const nowMs = useSeconds(!over);
  const left = asked || tooLate ? null : timeToWithdraw(order, nowMs);
  const open = left !== null;

  // The time is over while the question stands: it can no longer be answered with yes.
  useEffect(() => {
    if (!open) setAsking(false);
  }, [open]);

  const withdraw = async (): Promise<string | null> => {
    const answer = await api.withdrawOrder(order.orderId);
    if (answer.ok) {
      setAsked(true);
      onAnswer(answer.value);
      return null;
    }
    const { failure } = answer;
    if (onLost(failure)) return null;
    if (failure.kind === "reauthentication_required") {
      setReauthenticate(true);
      return null;
    }
    if (failure.kind === "refused" && failure.code === "too_late") {
      setTooLate(true);
      onTooLate();
      return null;
    }
    if (failure.kind === "unreachable") return say.takeBackUnsure;
    const told = failure.kind === "refused" || failure.kind === "busy" ? failure.text : null;
    return told?.[language] ?? say.takeBackFailed;
  };

  return (
    <>
      <p class="take-back-told" role="status" data-testid="withdrawal-told">
        {tooLate && !over
          ? say.takeBackTooLate
          : asked && order.status === "CHECKING"
            ? say.takeBackAsked
            : ""}
      </p>
      {reauthenticate && !over && <Reauthentication auth={auth} />}
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
            onClick={() => setAsking(true)}
          >
            {say.takeBack}
          </button>
        </section>
      )}
      <ConfirmDialog
        name="withdraw-order"
        open={asking}
        title={say.takeBackTitle}
        confirm={say.takeBackConfirm}
        keep={say.takeBackKeep}
        onConfirm={withdraw}
        onClosed={() => {
          setAsking(false);
          // The button that asked has gone, and the focus would go with it.
          if (!open) startAtTop();
        }}
      >
        <p>{say.takeBackText}</p>
      </ConfirmDialog>
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
