/** A question before what cannot be taken back, in front of everything else. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

interface Props {
  /** Begins the ids of its parts: `<name>-dialog`, `-keep`, `-confirm`, `-problem`. */
  readonly name: string;
  readonly open: boolean;
  readonly title: string;
  /** The answers: yes, and no. */
  readonly confirm: string;
  readonly keep: string;
  /** Does what was asked about; returns what went wrong in words, or null to close. */
  readonly onConfirm: () => Promise<string | null>;
  /** It is closed, whatever the answer was. */
  readonly onClosed: () => void;
  readonly children: ComponentChildren;
}

export function ConfirmDialog(props: Props) {
  const { name, open, title, confirm, keep, onConfirm, onClosed, children } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const titleId = `${name}-title`;

  useEffect(() => {
    setProblem("");
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);

  const answerYes = async () => {
    setBusy(true);
    setProblem("");
    const wrong = await onConfirm();
    setBusy(false);
    if (wrong === null) dialog.current?.close();
    else setProblem(wrong);
  };

  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={titleId}
      data-testid={`${name}-dialog`}
      onClose={onClosed}
    >
      <h2 class="dialog-title" id={titleId}>
        {title}
      </h2>
      {children}
      <p class="problem" role="alert" data-testid={`${name}-problem`}>
        {problem}
      </p>
      <div class="dialog-actions">
        <button
          type="button"
          class="button"
          data-testid={`${name}-keep`}
          onClick={() => dialog.current?.close()}
        >
          {keep}
        </button>
        <button
          type="button"
          class="button button-danger"
          data-testid={`${name}-confirm`}
          disabled={busy}
          onClick={() => void answerYes()}
        >
          {confirm}
        </button>
      </div>
    </dialog>
  );
}
