/** The month that was chosen in the chart: whose points they are, and what can be done. */
import type { Notice } from "../../api/expiry-shapes";
import type { Issuer } from "../../api/shapes";
import type { MonthAhead } from "../../expiry/calendar";
import { formatDay, formatMonth, lastDayOf } from "../../format/time";
import { useWords } from "../../i18n";
import { issuerOf, pointNameOf } from "../../issuers/names";
import { Chip } from "../chip";
import { Link } from "../link";

interface Props {
  readonly ahead: MonthAhead;
  readonly issuers: readonly Issuer[];
  /** Standing cash-outs that will happen. */
  readonly planned: readonly Notice[];
  readonly lookedUp: boolean;
}

export function ChosenMonth({ ahead, issuers, planned, lookedUp }: Props) {
  const { language, say } = useWords();
  const { month, total, cash, items } = ahead;
  const isPlanned = (code: string): boolean =>
    planned.some((notice) => notice.issuer === code && notice.month === month);
  return (
    <section
      class="surface chosen-month"
      aria-labelledby="chosen-month"
      data-testid="chosen-month"
      data-month={month}
    >
      <div class="chosen-month-head">
        <div>
          <h2 class="section-title" id="chosen-month">
            {formatMonth(month, language)}
          </h2>
          <p class="quiet">{say.monthLastDay(formatDay(lastDayOf(month), language))}</p>
        </div>
        <p class="chosen-month-total" data-testid="chosen-total" data-value={total}>
          {say.points(total)}
        </p>
      </div>
      <ul class="chosen-month-items">
        {items.map(({ issuer: code, pointCode, amount, cashable }) => {
          const issuer = issuerOf(issuers, code);
          return (
            <li
              key={`${code} ${pointCode}`}
              class="expiring"
              data-testid={`expiring-${code}-${pointCode}`}
              data-value={amount}
              data-cashable={cashable}
            >
              <Chip code={code} name={issuer.name} />
              <span class="offer-names">
                <span class="offer-name">{issuer.name[language]}</span>
                <span class="quiet">{pointNameOf(issuer, pointCode)[language]}</span>
              </span>
              <span class="expiring-side">
                <span class="amount">{say.points(amount)}</span>
                {cashable && (
                  <span class="tag">{isPlanned(code) ? say.monthPlanned : say.monthCashable}</span>
                )}
              </span>
            </li>
          );
        })}
      </ul>
      <p class="quiet">{cash > 0 ? say.monthCash(say.won(cash)) : say.monthNoCash}</p>
      {cash > 0 && (
        <Link to={lookedUp ? "/cash" : "/"} class="button chosen-month-way" testId="month-to-cash">
          {lookedUp ? say.monthToCash : say.monthToLookUp}
        </Link>
      )}
    </section>
  );
}
