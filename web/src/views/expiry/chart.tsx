/** The months ahead as bars: what can become cash, and on top of it what cannot. */
import { type Calendar, heightOf, type MonthAhead } from "../../expiry/calendar";
import { formatCompact } from "../../format/amounts";
import { formatMonth, formatMonthShort } from "../../format/time";
import { useWords } from "../../i18n";

interface Props {
  readonly calendar: Calendar;
  /** `YYYY-MM`; null if nothing expires in the months of the chart. */
  readonly chosen: string | null;
  readonly onChosen: (month: string) => void;
}

export function Chart({ calendar, chosen, onChosen }: Props) {
  const { language, say } = useWords();
  const { chart, later, total, cash } = calendar;
  const highest = Math.max(...chart.map((one) => one.total));
  const laterTotal = later.reduce((sum, one) => sum + one.total, 0);
  return (
    <section class="panel calendar" aria-labelledby="calendar-title">
      <h1 class="autopay-title" id="calendar-title">
        {say.calendarTitle}
      </h1>
      {total === 0 ? (
        <p class="calendar-quiet">{say.calendarQuiet}</p>
      ) : (
        <>
          <p class="autopay-caption">{say.calendarAhead}</p>
          <p class="calendar-total" data-testid="calendar-total" data-value={total}>
            {say.points(total)}
          </p>
          <dl class="calendar-parts">
            <div class="calendar-part">
              <dt>
                <span class="swatch swatch-cash" aria-hidden="true" />
                {say.calendarCash}
              </dt>
              <dd data-testid="calendar-cash" data-value={cash}>
                {say.won(cash)}
              </dd>
            </div>
            {cash < total && (
              <div class="calendar-part">
                <dt>
                  <span class="swatch swatch-other" aria-hidden="true" />
                  {say.calendarOther}
                </dt>
                <dd data-testid="calendar-other" data-value={total - cash}>
                  {say.points(total - cash)}
                </dd>
              </div>
            )}
          </dl>
          <fieldset class="chart" data-testid="chart">
            <legend class="visually-hidden">{say.calendarMonths}</legend>
            {chart.map((one, place) => (
              <Month
                key={one.month}
                ahead={one}
                highest={highest}
                chosen={one.month === chosen}
                onChosen={() => onChosen(one.month)}
                year={place === 0 || one.month.endsWith("-01") ? one.month.slice(0, 4) : ""}
              />
            ))}
          </fieldset>
        </>
      )}
      <p class="autopay-foot">
        {later.length > 0 && (
          <strong data-testid="calendar-later" data-value={laterTotal}>
            {later.length === 1 && later[0] !== undefined
              ? `${formatMonth(later[0].month, language)} ${say.points(laterTotal)}`
              : say.calendarLater(say.points(laterTotal), later.length)}
          </strong>
        )}
        <span>{say.calendarAsOf}</span>
      </p>
    </section>
  );
}

interface MonthProps {
  readonly ahead: MonthAhead;
  readonly highest: number;
  readonly chosen: boolean;
  readonly onChosen: () => void;
  /** Where a year begins; empty elsewhere. */
  readonly year: string;
}

function Month({ ahead, highest, chosen, onChosen, year }: MonthProps) {
  const { language, say } = useWords();
  const { month, total, cash } = ahead;
  const name = formatMonth(month, language);
  const foot = (
    <span class="chart-name" aria-hidden="true">
      {formatMonthShort(month, language)}
      <span class="chart-year">{year}</span>
    </span>
  );
  if (total === 0) {
    return (
      <div class="chart-month chart-month-none" data-testid={`month-${month}`} data-value={0}>
        <span class="chart-bar" aria-hidden="true" />
        {foot}
        <span class="visually-hidden">{say.calendarMonthNone(name)}</span>
      </div>
    );
  }
  const height = (amount: number) => ({ "--height": heightOf(amount, highest) });
  return (
    <label class="chart-month" data-testid={`month-${month}`} data-value={total} data-cash={cash}>
      <input
        type="radio"
        name="expiry-month"
        value={month}
        data-testid={`month-choose-${month}`}
        checked={chosen}
        onChange={onChosen}
      />
      <span class="chart-bar" aria-hidden="true">
        <span class="chart-amount">{formatCompact(total, language)}</span>
        {cash < total && <span class="chart-other" style={height(total - cash)} />}
        {cash > 0 && <span class="chart-cash" style={height(cash)} />}
      </span>
      {foot}
      <span class="visually-hidden">
        {say.calendarMonthSpoken(name, say.pointsSpoken(total), say.won(cash))}
      </span>
    </label>
  );
}
