/** Alerts as the member sets them: shown at once, kept one after the other, the last one counts. */

import type { Answer } from "../api/client";
import type { Alerts } from "../api/expiry-shapes";
import type { Failure } from "../api/failure";

/** What is offered to who has never chosen: time enough to spend points at leisure. */
export const USUAL_LEAD_MONTHS = 3;
export const LEADS_MONTHS = [1, 2, 3, 4, 5, 6] as const;

export interface AlertsState {
  readonly shown: Alerts;
  readonly saving: boolean;
  /** Why the last choice was not kept; what is shown is what was kept before. */
  readonly failure: Failure | null;
}

export interface AlertsCalls {
  putAlerts(alerts: Alerts): Promise<Answer<Alerts>>;
}

export class AlertsChoice {
  private state: AlertsState;
  private kept: Alerts;
  private wanted: Alerts | null = null;

  constructor(
    private readonly calls: AlertsCalls,
    kept: Alerts,
    private readonly tell: (state: AlertsState) => void,
  ) {
    this.kept = kept;
    this.state = { shown: kept, saving: false, failure: null };
  }

  get current(): AlertsState {
    return this.state;
  }

  choose(part: Partial<Alerts>): void {
    const { shown, saving } = this.state;
    const wanted = { ...shown, leadMonths: shown.leadMonths ?? USUAL_LEAD_MONTHS, ...part };
    this.wanted = wanted;
    this.become({ shown: wanted, saving: true, failure: null });
    if (!saving) void this.keep();
  }

  private async keep(): Promise<void> {
    while (this.wanted !== null) {
      const sent = this.wanted;
      const answer = await this.calls.putAlerts(sent);
      if (answer.ok) this.kept = sent;
      // Something else was chosen meanwhile: that counts, whatever became of this.
      if (this.wanted !== sent) continue;
      this.wanted = null;
      const failure = answer.ok ? null : answer.failure;
      this.become({ shown: this.kept, saving: false, failure });
    }
  }

  private become(state: AlertsState): void {
    this.state = state;
    this.tell(state);
  }
}
