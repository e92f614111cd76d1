/** An application for cash, sent once, and what its refusals mean. */
import type { Answer, TransferRequest } from "../api/client";
import type { Failure, FieldProblem } from "../api/failure";
import type { Text } from "../api/shapes";
import type { Item, Transfer } from "../api/transfer-shapes";
import * as sending from "../sending/submission";

export type Application = sending.Confirmed<TransferRequest>;
export type ApplicationMemory = sending.ConfirmedMemory<TransferRequest>;

export type CashRefusal =
  /** R-T2; `issuers` are those of the application that have had theirs. */
  | { readonly kind: "already_today"; readonly issuers: readonly string[] }
  | {
      readonly kind: "refused";
      readonly title: Text | null;
      readonly text: Text | null;
      /** Of the application's items those that were objected to. */
      readonly items: readonly Item[];
    };

export type Step = sending.SendingStep<Transfer, CashRefusal>;

export interface SubmissionCalls {
  submitTransfer(idempotencyKey: string, request: TransferRequest): Promise<Answer<Transfer>>;
}

export class Submission extends sending.Submission<TransferRequest, Transfer, CashRefusal> {
  constructor(calls: SubmissionCalls, memory: ApplicationMemory) {
    super({ send: (key, request) => calls.submitTransfer(key, request), refusalOf }, memory);
  }
}

/** `missing` is the account's. */
export const stepAfter = (
  failure: Exclude<Failure, { kind: "unreachable" }>,
  request: TransferRequest,
): Step => sending.stepAfter(failure, (refused) => refusalOf(refused, request));

function refusalOf(
  { code, title, text, errors }: Extract<Failure, { kind: "refused" }>,
  { items }: TransferRequest,
): CashRefusal {
  if (code === "already_transferred_today") {
    const named = errors.map(({ detail }) => /^[\w-]+/.exec(detail)?.[0]);
    const asked = new Set(items.map(({ issuer }) => issuer));
    const issuers = [...asked].filter((issuer) => named.includes(issuer));
    if (issuers.length > 0) return { kind: "already_today", issuers };
  }
  return { kind: "refused", title, text, items: itemsNamed(errors, items) };
}

const itemsNamed = (errors: readonly FieldProblem[], items: readonly Item[]): readonly Item[] => {
  const places = errors.map(({ pointer }) => /^\/items\/(\d+)(\/|$)/.exec(pointer)?.[1]);
  return items.filter((_item, place) => places.includes(String(place)));
};
