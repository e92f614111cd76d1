import type { Totals } from "../api/shapes";
import { useWords } from "../i18n";
import { useCountUp } from "./motion";

interface FigureProps {
  readonly label: string;
  readonly value: number;
  readonly words: (amount: number) => string;
  readonly testId: string;
}

/** `data-value` has the sum itself while the number on the page is still running up to it. */
function Figure({ label, value, words, testId }: FigureProps) {
  const shown = useCountUp(value);
  return (
    <div class="figure">
      <dt>{label}</dt>
      <dd data-testid={testId} data-value={value}>
        {words(shown)}
      </dd>
    </div>
  );
}

export function RemainingTotal({ totals }: { readonly totals: Totals }) {
  const { say } = useWords();
  const shown = useCountUp(totals.remaining);
  return (
    <>
      <p class="ring-caption">{say.totalRemaining}</p>
      <p class="ring-figure" data-testid="total-remaining" data-value={totals.remaining}>
        {say.points(shown)}
      </p>
    </>
  );
}

export function OtherTotals({ totals }: { readonly totals: Totals }) {
  const { say } = useWords();
  return (
    <dl class="figures">
      <Figure
        label={say.totalTransferable}
        value={totals.transferable}
        words={say.won}
        testId="total-transferable"
      />
      <Figure
        label={say.totalExpiring}
        value={totals.expiringNextMonth}
        words={say.points}
        testId="total-expiring"
      />
    </dl>
  );
}
