/**
 * Sending one confirmed application, exactly once however often it is sent.
 *
 * A key is made when the member confirms and kept with the body until the server has said what
 * became of them. A lost answer is not a "no": the very same is sent again, by itself for a while
 * and then whenever the member asks, over reloads and new sign-ins.
 */
import type { Answer, TransferRequest } from "../api/client";
import type { Failure, FieldProblem } from "../api/failure";
import type { Text } from "../api/shapes";
import type { Item, Transfer } from "../api/transfer-shapes";
import { backOffMs } from "../lookup/machine";

export interface Application {
  readonly key: string;
  readonly request: TransferRequest;
  /** It has left, and nobody has said yet whether it arrived. */
  readonly unanswered: boolean;
}

export type Step =
  | { readonly kind: "ready" }
  /** `again`: after one that was not answered. */
  | { readonly kind: "sending"; readonly again: boolean }
  /** No answer; sent again at `dueAtMs`, or when the member asks if that is null. */
  | { readonly kind: "unanswered"; readonly dueAtMs: number | null }
  | { readonly kind: "busy"; readonly text: Text | null; readonly untilMs: number }
  | { readonly kind: "reauthenticate" }
  | { readonly kind: "signed_out" }
  | { readonly kind: "consent_required" }
  /** R-T2; `issuers` are those of the application that have had theirs. */
  | { readonly kind: "already_today"; readonly issuers: readonly string[] }
  /** The account is no longer there. */
  | { readonly kind: "missing" }
  | {
      readonly kind: "refused";
      readonly title: Text | null;
      readonly text: Text | null;
      /** Of the application's items those that were objected to. */
      readonly items: readonly Item[];
    }
  | { readonly kind: "accepted"; readonly transfer: Transfer };

export interface SubmissionCalls {
  submitTransfer(idempotencyKey: string, request: TransferRequest): Promise<Answer<Transfer>>;
}

export interface ApplicationMemory {
  load(): Application | null;
  save(application: Application | null): void;
}

type Listener = (step: Step) => void;

/** So often in a row by itself: past that the member should know before it goes on. */
const TRIES = 5;

const sameRequest = (one: TransferRequest, other: TransferRequest): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

export class Submission {
  private step: Step;
  private readonly listeners = new Set<Listener>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private tries = 0;
  /** Moves on when the view is left: an answer that comes later is read again from the key. */
  private epoch = 0;

  constructor(
    private readonly calls: SubmissionCalls,
    private readonly memory: ApplicationMemory,
    private readonly newKey: () => string = () => crypto.randomUUID(),
  ) {
    const unanswered = memory.load()?.unanswered === true;
    this.step = unanswered ? { kind: "unanswered", dueAtMs: null } : { kind: "ready" };
  }

  get current(): Step {
    return this.step;
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Sends what the member has confirmed; nothing else goes out before an unanswered one is settled. */
  confirm(request: TransferRequest): void {
    if (this.step.kind === "sending" || this.step.kind === "accepted") return;
    const kept = this.memory.load();
    const isKept = kept !== null && (kept.unanswered || sameRequest(kept.request, request));
    this.tries = 0;
    void this.send(isKept ? kept : { key: this.newKey(), request, unanswered: false });
  }

  /** The network is back: no need to sit out the wait. */
  backOnline(): void {
    if (this.step.kind === "unanswered" && this.step.dueAtMs !== null) this.sendKept();
  }

  /** Back to the confirmation, with what was refused put aside. */
  dismiss(): void {
    if (this.step.kind !== "sending") this.move({ kind: "ready" });
  }

  stop(): void {
    this.epoch += 1;
    clearTimeout(this.timer);
  }

  private sendKept(): void {
    const kept = this.memory.load();
    if (kept !== null) void this.send(kept);
  }

  private async send(application: Application): Promise<void> {
    clearTimeout(this.timer);
    const { epoch } = this;
    this.tries += 1;
    this.memory.save({ ...application, unanswered: true });
    this.move({ kind: "sending", again: application.unanswered });
    const answer = await this.calls.submitTransfer(application.key, application.request);
    if (epoch !== this.epoch) return;
    if (answer.ok) {
      this.memory.save(null);
      this.move({ kind: "accepted", transfer: answer.value });
    } else if (answer.failure.kind === "unreachable") {
      this.waitForAnswer(answer.failure.retryAfterMs);
    } else {
      this.memory.save(isLater(answer.failure) ? application : null);
      this.move(stepAfter(answer.failure, application.request));
    }
  }

  private waitForAnswer(retryAfterMs: number | null): void {
    if (this.tries >= TRIES) {
      this.move({ kind: "unanswered", dueAtMs: null });
      return;
    }
    const waitMs = backOffMs(this.tries, Math.random(), retryAfterMs);
    this.timer = setTimeout(() => this.sendKept(), waitMs);
    this.move({ kind: "unanswered", dueAtMs: Date.now() + waitMs });
  }

  private move(step: Step): void {
    this.step = step;
    for (const listener of this.listeners) listener(step);
  }
}

/** Not now, but the same application may still be made: its key is worth keeping. */
const isLater = ({ kind }: Failure): boolean =>
  kind === "busy" ||
  kind === "reauthentication_required" ||
  kind === "signed_out" ||
  kind === "consent_required";

export function stepAfter(
  failure: Exclude<Failure, { kind: "unreachable" }>,
  { items }: TransferRequest,
): Step {
  switch (failure.kind) {
    case "busy":
      return { kind: "busy", text: failure.text, untilMs: Date.now() + failure.retryAfterMs };
    case "reauthentication_required":
      return { kind: "reauthenticate" };
    case "signed_out":
    case "consent_required":
    case "missing":
      return { kind: failure.kind };
    case "refused": {
      const { code, title, text, errors } = failure;
      if (code === "already_transferred_today") {
        const named = errors.map(({ detail }) => /^[\w-]+/.exec(detail)?.[0]);
        const asked = new Set(items.map(({ issuer }) => issuer));
        const issuers = [...asked].filter((issuer) => named.includes(issuer));
        if (issuers.length > 0) return { kind: "already_today", issuers };
      }
      return { kind: "refused", title, text, items: itemsNamed(errors, items) };
    }
  }
}

const itemsNamed = (errors: readonly FieldProblem[], items: readonly Item[]): readonly Item[] => {
  const places = errors.map(({ pointer }) => /^\/items\/(\d+)(\/|$)/.exec(pointer)?.[1]);
  return items.filter((_item, place) => places.includes(String(place)));
};
