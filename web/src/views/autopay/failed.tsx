/** A list that could not be had, in plain words, and the way to ask again. */
import { useEffect, useState } from "preact/hooks";
import type { Failure } from "../../api/failure";
import { useWords } from "../../i18n";
import { Icon } from "../icons";
import { useWaitUntil } from "../sending/trouble";

interface Props {
  readonly failure: Failure;
  readonly words: string;
  readonly onRetry: () => void;
}

export function ListFailed({ failure, words, onRetry }: Props) {
  const { language, say } = useWords();
  const busy = failure.kind === "busy";
  const [untilMs, setUntilMs] = useState(0);
  useEffect(() => {
    if (failure.kind === "busy") setUntilMs(Date.now() + failure.retryAfterMs);
  }, [failure]);
  const waitUntil = useWaitUntil(busy);
  const isSwitch = busy && failure.code === "switch_unavailable";
  const told = busy || failure.kind === "refused" ? failure.text?.[language] : undefined;
  return (
    <section
      class="surface trouble"
      data-testid="autopay-failed"
      data-kind={isSwitch ? "switch_unavailable" : failure.kind}
    >
      <p class="trouble-title" role="alert">
        <Icon name={busy ? "clock" : "notice"} />
        {isSwitch ? say.autopayBusyTitle : busy ? say.busyTitle : words}
      </p>
      {isSwitch ? (
        <p>{say.autopayBusyText(waitUntil(untilMs))}</p>
      ) : (
        told !== undefined && <p>{told}</p>
      )}
      <button type="button" class="button" data-testid="autopay-retry" onClick={onRetry}>
        {say.retry}
      </button>
    </section>
  );
}
