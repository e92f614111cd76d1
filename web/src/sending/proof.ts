import type { Session } from "../auth/session";
import type { Confirmed } from "./submission";

const JUST_NOW_MS = 60_000;

/** The member has just proved who they are. */
export const isJustProven = ({ signedInAtMs }: Session): boolean =>
  signedInAtMs !== null && Date.now() - signedInAtMs < JUST_NOW_MS;

/** A key is kept and the sign-in is new: this is the way back from it. */
export const isProvenAnew = (
  session: Session,
  { application }: { readonly application: Confirmed<unknown> | null },
): boolean => application !== null && isJustProven(session);
