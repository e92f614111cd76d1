/** The issuers around one sum: the page's picture, and the lookup's progress. */
import type { ComponentChildren } from "preact";
import type { ResultStatus, Text } from "../api/shapes";
import { Chip } from "./chip";

export interface RingSeat {
  readonly code: string;
  readonly name: Text;
  readonly look: RingLook;
}

export type RingLook = "resting" | "pending" | "waiting" | "arrived" | "empty" | "missing";

interface Props {
  readonly seats: readonly RingSeat[];
  readonly children: ComponentChildren;
}

/** How a status looks on the ring: the cards say the rest. */
const LOOKS: Readonly<Record<ResultStatus, RingLook>> = {
  PENDING: "pending",
  OK: "arrived",
  DORMANT: "arrived",
  SUSPENDED: "arrived",
  CORPORATE: "empty",
  NOT_MEMBER: "empty",
  UNAVAILABLE: "missing",
  TIMED_OUT: "missing",
};

/** Null before anything was asked. */
export const lookOf = (status: ResultStatus | null): RingLook =>
  status === null ? "resting" : LOOKS[status];

export function Ring({ seats, children }: Props) {
  return (
    <div class="ring">
      <div class="ring-seats" aria-hidden="true">
        {seats.map(({ code, name, look }, index) => {
          const angle = (2 * Math.PI * index) / seats.length - Math.PI / 2;
          const place = {
            left: `${50 + 43.5 * Math.cos(angle)}%`,
            top: `${50 + 43.5 * Math.sin(angle)}%`,
          };
          return (
            <span key={code} class={`ring-seat ring-seat-${look}`} style={place}>
              <Chip code={code} name={name} />
            </span>
          );
        })}
      </div>
      <div class="ring-core">{children}</div>
    </div>
  );
}
