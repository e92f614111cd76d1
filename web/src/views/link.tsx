import type { ComponentChildren } from "preact";
import { goTo } from "../router";

interface Props {
  readonly to: string;
  readonly class?: string;
  readonly testId?: string;
  readonly label?: string;
  readonly children: ComponentChildren;
}

/** A way to another view of the page; with a modifier key the browser's own way. */
export function Link({ to, class: className, testId, label, children }: Props) {
  return (
    <a
      class={className}
      href={to}
      data-testid={testId}
      aria-label={label}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        goTo(to);
      }}
    >
      {children}
    </a>
  );
}
