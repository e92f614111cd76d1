/** Follows one thing that changes on the server until it is final, at the pace it changes in. */
import type { Answer } from "../api/client";
import type { Failure } from "../api/failure";
import { backOffMs } from "../lookup/machine";

export interface Following<Followed> {
  readonly followed: Followed | null;
  /** When it was read. */
  readonly heardAtMs: number | null;
  /** Reads in a row without a usable answer. */
  readonly failures: number;
  /** Why there will be no further read. */
  readonly halt: Exclude<Failure, { kind: "unreachable" | "busy" }> | null;
}

/** How it is read, and how long until it is worth reading again; null once it is final. */
export interface Pursuit<Followed> {
  read(): Promise<Answer<Followed>>;
  /** `unchangedMs`: for how long every answer has been the same. */
  pollAfterMs(followed: Followed, unchangedMs: number): number | null;
}

type Listener<Followed> = (following: Following<Followed>) => void;

export class Follower<Followed> {
  private following: Following<Followed> = {
    followed: null,
    heardAtMs: null,
    failures: 0,
    halt: null,
  };
  private readonly listeners = new Set<Listener<Followed>>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** When the next read is due, also while nobody looks; null if there is none. */
  private dueAtMs: number | null = null;
  private looking = false;
  private reading = false;
  /** Since when every answer has been the same. */
  private sameSinceMs = 0;
  /** Moves on when something newer is heard than what a read under way will say. */
  private epoch = 0;

  constructor(private readonly pursuit: Pursuit<Followed>) {}

  get current(): Following<Followed> {
    return this.following;
  }

  subscribe(listener: Listener<Followed>): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Somebody looks (again): reads at once if a read has become due. */
  look(): void {
    if (this.looking) return;
    this.looking = true;
    if (this.following.followed === null && this.following.halt === null) this.dueAtMs = Date.now();
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

  /** Another call has answered with how it is now. */
  hear(followed: Followed): void {
    this.epoch += 1;
    this.heard(followed, Date.now());
    this.schedule();
    this.tell();
  }

  private schedule(): void {
    clearTimeout(this.timer);
    if (!this.looking || this.reading || this.dueAtMs === null) return;
    this.timer = setTimeout(() => void this.read(), Math.max(0, this.dueAtMs - Date.now()));
  }

  private async read(): Promise<void> {
    const { epoch } = this;
    this.reading = true;
    const answer = await this.pursuit.read();
    this.reading = false;
    const nowMs = Date.now();
    if (epoch === this.epoch) {
      if (answer.ok) this.heard(answer.value, nowMs);
      else this.failed(answer.failure, nowMs);
    }
    this.schedule();
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener(this.following);
  }

  private heard(followed: Followed, nowMs: number): void {
    const same = JSON.stringify(followed) === JSON.stringify(this.following.followed);
    if (!same) this.sameSinceMs = nowMs;
    const waitMs = this.pursuit.pollAfterMs(followed, nowMs - this.sameSinceMs);
    this.dueAtMs = waitMs === null ? null : nowMs + waitMs;
    this.following = { followed, heardAtMs: nowMs, failures: 0, halt: null };
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
