/** A transfer's sums: redeemed = deposited + in flight + reversed (R-T7). */
import type { TransferTotals } from "../../api/transfer-shapes";
import { useWords } from "../../i18n";
import type { Messages } from "../../i18n/ko";

const FIGURES: readonly {
  readonly total: keyof TransferTotals;
  readonly words: keyof Messages & `figure${string}`;
  /** Worth a line even at nothing. */
  readonly always: boolean;
}[] = [
  { total: "requested", words: "figureRequested", always: true },
  { total: "redeemed", words: "figureRedeemed", always: true },
  { total: "deposited", words: "figureDeposited", always: true },
  { total: "inFlight", words: "figureInFlight", always: false },
  { total: "reversed", words: "figureReversed", always: false },
  { total: "failed", words: "figureFailed", always: false },
];

export function Figures({ totals }: { readonly totals: TransferTotals }) {
  const { say } = useWords();
  return (
    <dl class="sums">
      {FIGURES.map(({ total, words, always }) =>
        always || totals[total] > 0 ? (
          <div key={total} class={`sum sum-${total}`}>
            <dt>{say[words]}</dt>
            <dd class="amount" data-testid={`sum-${total}`} data-value={totals[total]}>
              {say.won(totals[total])}
            </dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}
