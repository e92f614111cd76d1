/** The same as the chart in rows, and what lies beyond it: nothing is told by colour alone. */

import type { Issuer } from "../../api/shapes";
import type { MonthAhead } from "../../expiry/calendar";
import { formatMonth } from "../../format/time";
import { useWords } from "../../i18n";
import { issuerOf } from "../../issuers/names";

interface Props {
  /** In which something expires. */
  readonly months: readonly MonthAhead[];
  readonly issuers: readonly Issuer[];
}

export function MonthsTable({ months, issuers }: Props) {
  const { language, say } = useWords();
  const sum = (amounts: readonly number[]) => amounts.reduce((all, amount) => all + amount, 0);
  const namesIn = ({ items }: MonthAhead): string =>
    [...new Set(items.map(({ issuer }) => issuerOf(issuers, issuer).name[language]))].join(", ");
  return (
    <details class="surface fold months-fold" data-testid="months-fold">
      <summary>{say.tableOpen}</summary>
      <table class="months-table" data-testid="months-table">
        <caption class="visually-hidden">{say.tableCaption}</caption>
        <thead>
          <tr>
            <th scope="col">{say.tableMonth}</th>
            <th scope="col">{say.tableTotal}</th>
            <th scope="col">{say.tableCash}</th>
          </tr>
        </thead>
        <tbody>
          {months.map((one) => (
            <tr
              key={one.month}
              data-testid={`row-${one.month}`}
              data-value={one.total}
              data-cash={one.cash}
            >
              <th scope="row">
                {formatMonth(one.month, language)}
                <span class="quiet month-note">{namesIn(one)}</span>
              </th>
              <td>{say.points(one.total)}</td>
              <td>{say.won(one.cash)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{say.tableSum}</th>
            <td>{say.points(sum(months.map(({ total }) => total)))}</td>
            <td>{say.won(sum(months.map(({ cash }) => cash)))}</td>
          </tr>
        </tfoot>
      </table>
    </details>
  );
}
