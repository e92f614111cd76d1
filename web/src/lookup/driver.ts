/** Makes the calls that the lookup's state asks for, when they are due. */
import type { Answer, LookupRequest } from "../api/client";
import type { Lookup } from "../api/shapes";
import { ALL, dueRuns, type LookupEvent, type LookupState, NOTHING_ASKED, reduce } from "./machine";
import type { LookupMemory } from "./memory";

export interface LookupCalls {
  startLookup(request: LookupRequest): Promise<Answer<Lookup>>;
  readLookup(lookupId: string): Promise<Answer<Lookup>>;
}

type Listener = (state: LookupState) => void;

export class LookupDriver {
  private state: LookupState = NOTHING_ASKED;
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly listeners = new Set<Listener>();
  /** Calls made before the last fresh start have nothing to say any more. */
  private epoch = 0;
  /** Points have moved since the last answers: the server's are too old as well. */
  private outdated = false;

  constructor(
    private readonly calls: LookupCalls,
    private readonly memory: Pick<LookupMemory, "load" | "save">,
  ) {}

  get current(): LookupState {
    return this.state;
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Asks all issuers. */
  start(): void {
    this.epoch += 1;
    this.dispatch({ type: "started", atMs: Date.now() });
  }

  /** Asks one issuer afresh. */
  askAgain(issuer: string): void {
    this.dispatch({ type: "asked_again", issuer, atMs: Date.now() });
  }

  /** Goes on with the lookup this tab was following, if there is one. */
  resume(): void {
    this.epoch += 1;
    this.dispatch({ type: "resumed", lookupIds: this.memory.load(), atMs: Date.now() });
  }

  /** The network says it is back: no need to sit out the back-off. */
  backOnline(): void {
    this.dispatch({ type: "back_online", atMs: Date.now() });
  }

  /** Forgets the lookup after points have moved; the next one is asked afresh. */
  forgetMoved(): void {
    this.clear();
    this.outdated = true;
  }

  /** Forgets the lookup, here and for a reload. */
  clear(): void {
    this.epoch += 1;
    this.dispatch({ type: "cleared" });
  }

  private dispatch(event: LookupEvent): void {
    const before = this.state;
    this.state = reduce(before, event);
    if (this.state.lookupIds !== before.lookupIds) this.memory.save(this.state.lookupIds);
    this.schedule();
    for (const listener of this.listeners) listener(this.state);
  }

  /** One timer per run, set anew whenever the state has changed. */
  private schedule(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    for (const { name, atMs } of dueRuns(this.state)) {
      const timer = setTimeout(() => void this.call(name), Math.max(0, atMs - Date.now()));
      this.timers.set(name, timer);
    }
  }

  private async call(name: string): Promise<void> {
    const run = this.state.runs[name];
    if (run === undefined) return;
    const { epoch } = this;
    this.dispatch({ type: "called", run: name });
    const answer =
      run.lookupId === null
        ? await this.calls.startLookup(requestOf(name, this.outdated))
        : await this.calls.readLookup(run.lookupId);
    if (epoch !== this.epoch) return;
    if (answer.ok && name === ALL) this.outdated = false;
    const atMs = Date.now();
    if (answer.ok) this.dispatch({ type: "heard", run: name, lookup: answer.value, atMs });
    else {
      const jitter = Math.random();
      this.dispatch({ type: "failed", run: name, failure: answer.failure, atMs, jitter });
    }
  }
}

const requestOf = (run: string, outdated: boolean): LookupRequest =>
  run === ALL
    ? { ...(outdated && { max_age_seconds: 0 }) }
    : { issuers: [run], max_age_seconds: 0 };
