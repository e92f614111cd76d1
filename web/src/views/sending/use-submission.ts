import { useEffect, useMemo, useState } from "preact/hooks";
import type { SendingStep, Submission } from "../../sending/submission";

/** One submission for as long as the view is there; on leaving it, its key stays behind. */
export function useSubmission<Request, Made, Refusal extends { readonly kind: string }>(
  make: () => Submission<Request, Made, Refusal>,
  of: readonly unknown[],
) {
  const submission = useMemo(make, [...of]);
  const [step, setStep] = useState<SendingStep<Made, Refusal>>(submission.current);
  useEffect(() => {
    setStep(submission.current);
    const unsubscribe = submission.subscribe(setStep);
    const online = () => submission.backOnline();
    window.addEventListener("online", online);
    return () => {
      window.removeEventListener("online", online);
      unsubscribe();
      submission.stop();
    };
  }, [submission]);
  return { submission, step };
}
