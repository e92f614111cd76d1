import type { Session } from "../auth/session";
import type { Confirmed } from "./submission";

const JUST_NOW_MS = 60_000;

/** A key is kept and the sign-in is new: this is the way back from it. */
export const isProvenAnew = (
  { signedInAtMs }: Session,
  { application }: { readonly application: Confirmed<unknown> | null },
): boolean =>
  application !== null && signedInAtMs !== null && Date.now() - signedInAtMs < JUST_NOW_MS;
