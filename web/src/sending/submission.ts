/**
 * Sending one confirmed application, exactly once however often it is sent.
 *
 * A key is made when the member confirms and kept with the body until the server has said what
 * became of them. A lost answer is not a "no": the very same is sent again, by itself for a while
 * and then whenever the member asks, over reloads and new sign-ins.
 */
import type { Answer } from "../api/client";
import type { Failure } from "../api/failure";
import type { Text } from "../api/shapes";
import { backOffMs } from "../lookup/machine";

/** A confirmed request with the key it is sent under. */
export interface Confirmed<Request> {
  readonly key: string;
  readonly request: Request;
  /** It has left, and nobody has said yet whether it arrived. */
  readonly unanswered: boolean;
}

export type SendingStep<Made, Refusal> =
  | { readonly kind: "ready" }
  /** `again`: after one that was not answered. */
  | { readonly kind: "sending"; readonly again: boolean }
  /** No answer; sent again at `dueAtMs`, or when the member asks if that is null. */
  | { readonly kind: "unanswered"; readonly dueAtMs: number | null }
  | {
      readonly kind: "busy";
      readonly code: string | null;
      readonly text: Text | null;
      readonly untilMs: number;
    }
  | { readonly kind: "reauthenticate" }
  | { readonly kind: "signed_out" }
  | { readonly kind: "consent_required" }
  /** What it was about is no longer there. */
  | { readonly kind: "missing" }
  | Refusal
  | { readonly kind: "accepted"; readonly made: Made };

type Refused = Extract<Failure, { kind: "refused" }>;

/** What is sent, and what its refusals mean. */
export interface Errand<Request, Made, Refusal> {
  send(idempotencyKey: string, request: Request): Promise<Answer<Made>>;
  refusalOf(failure: Refused, request: Request): Refusal;
}

export interface ConfirmedMemory<Request> {
  load(): Confirmed<Request> | null;
  save(confirmed: Confirmed<Request> | null): void;
}

type Listener<Step> = (step: Step) => void;

/** So often in a row by itself: past that the member should know before it goes on. */
const TRIES = 5;

export class Submission<Request, Made, Refusal extends { readonly kind: string }> {
  private step: SendingStep<Made, Refusal>;
  private readonly listeners = new Set<Listener<SendingStep<Made, Refusal>>>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** It will be sent again by itself. */
  private isDue = false;
  private tries = 0;
  /** Moves on when the view is left: an answer that comes later is read again from the key. */
  private epoch = 0;

  constructor(
    private readonly errand: Errand<Request, Made, Refusal>,
    private readonly memory: ConfirmedMemory<Request>,
    private readonly newKey: () => string = () => crypto.randomUUID(),
  ) {
    const unanswered = memory.load()?.unanswered === true;
    this.step = unanswered ? { kind: "unanswered", dueAtMs: null } : { kind: "ready" };
  }

  get current(): SendingStep<Made, Refusal> {
    return this.step;
  }

  subscribe(listener: Listener<SendingStep<Made, Refusal>>): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Sends what the member has confirmed; nothing else goes out before an unanswered one is settled. */
  confirm(request: Request): void {
    if (this.step.kind === "sending" || this.step.kind === "accepted") return;
    const kept = this.memory.load();
    const isKept = kept !== null && (kept.unanswered || isSame(kept.request, request));
    this.tries = 0;
    void this.send(isKept ? kept : { key: this.newKey(), request, unanswered: false });
  }

  /** The network is back: no need to sit out the wait. */
  backOnline(): void {
    if (this.isDue) this.sendKept();
  }

  /** Back to the confirmation, with what was refused put aside. */
  dismiss(): void {
    if (this.step.kind !== "sending") this.move({ kind: "ready" });
  }

  stop(): void {
    this.epoch += 1;
    this.isDue = false;
    clearTimeout(this.timer);
  }

  private sendKept(): void {
    const kept = this.memory.load();
    if (kept !== null) void this.send(kept);
  }

  private async send(confirmed: Confirmed<Request>): Promise<void> {
    clearTimeout(this.timer);
    this.isDue = false;
    const { epoch } = this;
    this.tries += 1;
    this.memory.save({ ...confirmed, unanswered: true });
    this.move({ kind: "sending", again: confirmed.unanswered });
    const answer = await this.errand.send(confirmed.key, confirmed.request);
    if (epoch !== this.epoch) return;
    if (answer.ok) {
      this.memory.save(null);
      this.move({ kind: "accepted", made: answer.value });
    } else if (answer.failure.kind === "unreachable") {
      this.waitForAnswer(answer.failure.retryAfterMs);
    } else {
      this.memory.save(isLater(answer.failure) ? confirmed : null);
      this.move(
        stepAfter(answer.failure, (failure) => this.errand.refusalOf(failure, confirmed.request)),
      );
    }
  }

  private waitForAnswer(retryAfterMs: number | null): void {
    if (this.tries >= TRIES) {
      this.move({ kind: "unanswered", dueAtMs: null });
      return;
    }
    const waitMs = backOffMs(this.tries, Math.random(), retryAfterMs);
    this.timer = setTimeout(() => this.sendKept(), waitMs);
    this.isDue = true;
    this.move({ kind: "unanswered", dueAtMs: Date.now() + waitMs });
  }

  private move(step: SendingStep<Made, Refusal>): void {
    this.step = step;
    for (const listener of this.listeners) listener(step);
  }
}

const isSame = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** Not now, but the same application may still be made: its key is worth keeping. */
const isLater = ({ kind }: Failure): boolean =>
  kind === "busy" ||
  kind === "reauthentication_required" ||
  kind === "signed_out" ||
  kind === "consent_required";

export function stepAfter<Refusal>(
  failure: Exclude<Failure, { kind: "unreachable" }>,
  refusalOf: (failure: Refused) => Refusal,
): SendingStep<never, Refusal> {
  switch (failure.kind) {
    case "busy": {
      const { code, text, retryAfterMs } = failure;
      return { kind: "busy", code, text, untilMs: Date.now() + retryAfterMs };
    }
    case "reauthentication_required":
      return { kind: "reauthenticate" };
    case "signed_out":
    case "consent_required":
    case "missing":
      return { kind: failure.kind };
    case "refused":
      return refusalOf(failure);
  }
}
