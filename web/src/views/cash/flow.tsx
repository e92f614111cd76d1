/** What the steps from points to cash share: where one is, the way back, and the bar at the end. */
import type { ComponentChildren } from "preact";
import { useWords } from "../../i18n";
import { CASH_STEPS, type CashPath } from "../../router";
import { Icon } from "../icons";
import { Lines } from "../lines";
import { Link } from "../link";

interface FlowProps {
  readonly path: CashPath;
  readonly title: string;
  readonly lead: string | null;
  readonly children: ComponentChildren;
}

export function Flow({ path, title, lead, children }: FlowProps) {
  const { say } = useWords();
  const place = CASH_STEPS.findIndex((step) => step.path === path);
  return (
    <div class="narrow flow">
      <div class="flow-head">
        <Link
          to={CASH_STEPS[place - 1]?.path ?? "/"}
          class="flow-back"
          testId="cash-back"
          label={say.cashBack}
        >
          <Icon name="back" />
        </Link>
        <ol class="steps" aria-label={say.cashSteps} data-testid="cash-steps">
          {CASH_STEPS.map((step, index) => (
            <li
              key={step.path}
              class={`step ${index < place ? "step-done" : ""}`}
              aria-current={index === place ? "step" : undefined}
            >
              <span class="step-number">{index + 1}</span>
              <span class="step-name">{say[step.label]}</span>
            </li>
          ))}
        </ol>
      </div>
      <header class="stack-s flow-title">
        <h1 class="title">
          <Lines text={title} />
        </h1>
        {lead !== null && <p class="lead">{lead}</p>}
      </header>
      {children}
    </div>
  );
}

interface FootProps {
  /** It waits at the end instead: what comes before has to be read. */
  readonly still?: boolean;
  readonly children: ComponentChildren;
}

/** The step's own way on, in sight all the time. */
export function FlowFoot({ still = false, children }: FootProps) {
  return <div class={`flow-foot ${still ? "flow-foot-still" : ""}`}>{children}</div>;
}
