/** What steps that follow each other share: where one is, the way back, and the bar at the end. */
import type { ComponentChildren } from "preact";
import { useWords } from "../i18n";
import type { Messages } from "../i18n/ko";
import { Icon } from "./icons";
import { Lines } from "./lines";
import { Link } from "./link";

export interface FlowSteps {
  /** What the steps lead to, for those who listen. */
  readonly name: keyof Messages & `${string}Steps`;
  readonly steps: readonly {
    readonly path: string;
    readonly label: keyof Messages & `${string}Step${string}`;
  }[];
  /** Where the way back from the first step leads. */
  readonly before: string;
  /** Begins the test ids. */
  readonly testId: string;
}

interface FlowProps {
  readonly of: FlowSteps;
  readonly path: string;
  readonly title: string;
  readonly lead: string | null;
  readonly children: ComponentChildren;
}

export function Flow({ of, path, title, lead, children }: FlowProps) {
  const { say } = useWords();
  const place = of.steps.findIndex((step) => step.path === path);
  return (
    <div class="narrow flow">
      <div class="flow-head">
        <Link
          to={of.steps[place - 1]?.path ?? of.before}
          class="flow-back"
          testId={`${of.testId}-back`}
          label={say.cashBack}
        >
          <Icon name="back" />
        </Link>
        {of.steps.length > 1 && (
          <ol class="steps" aria-label={say[of.name]} data-testid={`${of.testId}-steps`}>
            {of.steps.map((step, index) => (
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
        )}
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
