import { CASH_STEPS, type CashPath } from "../../router";
import { Flow, type FlowSteps } from "../flow";

const STEPS: FlowSteps = { name: "cashSteps", steps: CASH_STEPS, before: "/", testId: "cash" };

type Props = Omit<Parameters<typeof Flow>[0], "of" | "path"> & { readonly path: CashPath };

/** A step on the way from points to cash. */
export const CashFlow = (props: Props) => <Flow {...props} of={STEPS} />;
