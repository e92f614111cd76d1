/** Switching standing cash-out off: the one way to stop what is planned. */
import type { Api } from "../../api/client";
import type { Failure } from "../../api/failure";
import { OFF } from "../../expiry/standing";
import { useWords } from "../../i18n";
import { ConfirmDialog } from "../confirm-dialog";

interface Props {
  readonly api: Api;
  readonly open: boolean;
  readonly onOff: () => void;
  readonly onClosed: () => void;
  readonly onLost: (failure: Failure) => boolean;
}

export function Stopping({ api, open, onOff, onClosed, onLost }: Props) {
  const { language, say } = useWords();

  const stop = async (): Promise<string | null> => {
    const answer = await api.putCashout(OFF);
    if (answer.ok) {
      onOff();
      return null;
    }
    const { failure } = answer;
    if (onLost(failure)) return null;
    const told = failure.kind === "refused" || failure.kind === "busy" ? failure.text : null;
    return told?.[language] ?? say.stopFailed;
  };

  return (
    <ConfirmDialog
      name="stop"
      open={open}
      title={say.stopTitle}
      confirm={say.stopConfirm}
      keep={say.stopKeep}
      onConfirm={stop}
      onClosed={onClosed}
    >
      <p>{say.stopText}</p>
      <p class="quiet">{say.stopStarted}</p>
    </ConfirmDialog>
  );
}
