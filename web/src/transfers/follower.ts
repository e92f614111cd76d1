/** Follows one transfer until its last leg is settled. */
import type { Answer } from "../api/client";
import type { LegStatus, Transfer } from "../api/transfer-shapes";
import { Follower } from "../following/follower";

export interface FollowerCalls {
  readTransfer(transferId: string): Promise<Answer<Transfer>>;
}

const MOVING_MS = 1_500;
const WAITING_MS = 10_000;

/** Legs that are being worked on this very moment; all others wait for a day, a bank or a person. */
const MOVING: Readonly<Partial<Record<LegStatus, true>>> = { ACCEPTED: true, REDEEMED: true };

/** How long until a transfer is worth reading again; null once it is final. */
export function pollAfterMs({ status, legs }: Transfer): number | null {
  if (status !== "IN_PROGRESS") return null;
  return legs.some((leg) => leg.status in MOVING) ? MOVING_MS : WAITING_MS;
}

export class TransferFollower extends Follower<Transfer> {
  constructor(calls: FollowerCalls, transferId: string) {
    super({ read: () => calls.readTransfer(transferId), pollAfterMs });
  }
}
