/** Whether the member is told of points about to expire, and how long before (R-E2). */
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Api } from "../../api/client";
import type { Alerts } from "../../api/expiry-shapes";
import type { Failure } from "../../api/failure";
import {
  AlertsChoice,
  type AlertsState,
  LEADS_MONTHS,
  USUAL_LEAD_MONTHS,
} from "../../expiry/alerts-choice";
import { formatMonth, monthsLater } from "../../format/time";
import { useWords } from "../../i18n";
import { thisMonth } from "./now";

interface Props {
  readonly api: Api;
  readonly alerts: Alerts;
  readonly onKept: (alerts: Alerts) => void;
  readonly onLost: (failure: Failure) => boolean;
}

export function AlertsCard({ api, alerts, onKept, onLost }: Props) {
  const { language, say } = useWords();
  const [state, setState] = useState<AlertsState>({
    shown: alerts,
    saving: false,
    failure: null,
  });
  const choice = useMemo(() => new AlertsChoice(api, alerts, setState), [api]);
  const [chosen, setChosen] = useState(false);
  const { shown, saving, failure } = state;

  useEffect(() => {
    if (!chosen || saving) return;
    if (failure === null) onKept(shown);
    else onLost(failure);
  }, [state]);

  const choose = (part: Partial<Alerts>) => {
    setChosen(true);
    choice.choose(part);
  };

  const lead = shown.leadMonths ?? USUAL_LEAD_MONTHS;
  return (
    <section
      class="surface setting"
      aria-labelledby="alerts-title"
      data-testid="alerts"
      data-enabled={shown.enabled}
    >
      <div class="switch-row">
        <h2 class="setting-title" id="alerts-title">
          {say.alertsTitle}
        </h2>
        <label class="switch-touch">
          <input
            type="checkbox"
            role="switch"
            class="switch"
            data-testid="alerts-switch"
            aria-label={say.alertsSwitch}
            aria-describedby="alerts-note"
            aria-checked={shown.enabled}
            checked={shown.enabled}
            onChange={(event) => choose({ enabled: event.currentTarget.checked })}
          />
        </label>
      </div>
      <p class="quiet" id="alerts-note">
        {shown.enabled ? say.alertsOnNote : say.alertsOffNote}
      </p>
      {shown.enabled && (
        <fieldset class="leads" data-testid="alerts-lead" data-value={lead}>
          <legend class="field-name">{say.alertsLead}</legend>
          <div class="banks">
            {LEADS_MONTHS.map((months) => (
              <label key={months} class="bank">
                <input
                  type="radio"
                  name="lead"
                  value={months}
                  data-testid={`lead-${months}`}
                  checked={lead === months}
                  onChange={() => choose({ leadMonths: months })}
                />
                <span>{say.alertsLeadMonths(months)}</span>
              </label>
            ))}
          </div>
          <p class="quiet field-hint" data-testid="alerts-up-to">
            {say.alertsUpTo(formatMonth(monthsLater(thisMonth(), lead), language))}
          </p>
        </fieldset>
      )}
      <p class="setting-told quiet" role="status" data-testid="alerts-told">
        {saving && say.alertsSaving}
        {chosen && !saving && failure === null && say.alertsSaved}
      </p>
      <p class="problem" role="alert" data-testid="alerts-problem">
        {failure !== null && say.alertsFailed}
      </p>
    </section>
  );
}
