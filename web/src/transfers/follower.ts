/** Follows one transfer until its last leg is settled, at the pace its legs change in. */
import type { Answer } from "../api/client";
import type { Failure } from "../api/failure";
import type { LegStatus, Transfer } from "../api/transfer-shapes";
import { backOffMs } from "../lookup/machine";

export interface Following {
  readonly transfer: Transfer | null;
  /** When it was read. */
  readonly heardAtMs: number | null;
  /** Reads in a row without a usable answer. */
  readonly failures: number;
  /** Why there will be no further read. */
  readonly halt: Exclude<Failure, { kind: "unreachable" | "busy" }> | null;
}

export interface FollowerCalls {
  readTransfer(transferId: string): Promise<Answer<Transfer>>;
}

type Listener = (following: Following) => void;

const MOVING_MS = 1_500;
const WAITING_MS = 10_000;

/** Legs that are being worked on this very moment; all others wait for a day, a bank or a person. */
const MOVING: Readonly<Partial<Record<LegStatus, true>>> = { ACCEPTED: true, REDEEMED: true };

/** How long until a transfer is worth reading again; null once it is final. */
export function pollAfterMs({ status, legs }: Transfer): number | null {
  if (status !== "IN_PROGRESS") return null;
  return legs.some((leg) => leg.status in MOVING) ? MOVING_MS : WAITING_MS;
}

export class TransferFollower {
  private following: Following = { transfer: null, heardAtMs: null, failures: 0, halt: null };
  private readonly listeners = new Set<Listener>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** When the next read is due, also while nobody looks; null if there is none. */
  private dueAtMs: number | null = null;
  private looking = false;
  private reading = false;

  constructor(
    private readonly calls: FollowerCalls,
    private readonly transferId: string,
  ) {}

  get current(): Following {
    return this.following;
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Somebody looks (again): reads at once if a read has become due. */
  look(): void {
    if (this.looking) return;
    this.looking = true;
    if (this.following.transfer === null && this.following.halt === null) this.dueAtMs = Date.now();
    this.schedule();
  }

  /** The tab is hidden or the view left: nothing is asked until somebody looks. */
  lookAway(): void {
    this.looking = false;
    clearTimeout(this.timer);
  }

  /** Reads now, whatever was due: the network is back, or the member asks. */
  readNow(): void {
    if (this.dueAtMs === null) return;
    this.dueAtMs = Date.now();
    this.schedule();
  }

  private schedule(): void {
    clearTimeout(this.timer);
    if (!this.looking || this.reading || this.dueAtMs === null) return;
    this.timer = setTimeout(() => void this.read(), Math.max(0, this.dueAtMs - Date.now()));
  }

  private async read(): Promise<void> {
    this.reading = true;
    const answer = await this.calls.readTransfer(this.transferId);
    this.reading = false;
    const nowMs = Date.now();
    if (answer.ok) this.heard(answer.value, nowMs);
    else this.failed(answer.failure, nowMs);
    this.schedule();
    for (const listener of this.listeners) listener(this.following);
  }

  private heard(transfer: Transfer, nowMs: number): void {
    const waitMs = pollAfterMs(transfer);
    this.dueAtMs = waitMs === null ? null : nowMs + waitMs;
    this.following = { transfer, heardAtMs: nowMs, failures: 0, halt: null };
  }

  private failed(failure: Failure, nowMs: number): void {
    if (failure.kind !== "unreachable" && failure.kind !== "busy") {
      this.dueAtMs = null;
      this.following = { ...this.following, halt: failure };
      return;
    }
    const failures = this.following.failures + 1;
    const waitMs = backOffMs(failures, Math.random(), failure.retryAfterMs);
    this.dueAtMs = nowMs + waitMs;
    this.following = { ...this.following, failures };
  }
}
