import type { OrderKind } from "../../api/autopay-shapes";
import { AUTOPAY_STEPS, type AutopayPath } from "../../router";
import { Flow, type FlowSteps } from "../flow";

const CHANGE: FlowSteps = {
  name: "autopaySteps",
  steps: AUTOPAY_STEPS,
  before: "/autopay",
  testId: "autopay",
};

const STEPS: Readonly<Record<OrderKind, FlowSteps>> = {
  CHANGE,
  CANCEL: { ...CHANGE, steps: AUTOPAY_STEPS.slice(-1) },
};

type Props = Omit<Parameters<typeof Flow>[0], "of" | "path"> & {
  readonly kind: OrderKind;
  readonly path: AutopayPath;
};

/** A step on the way to an order. */
export const OrderFlow = ({ kind, ...props }: Props) => <Flow {...props} of={STEPS[kind]} />;
