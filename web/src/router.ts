/** Paths of the page, over the browser's own history. */
import { useEffect, useState } from "preact/hooks";
import type { Messages } from "./i18n/ko";

interface Section {
  readonly path: string;
  readonly label: keyof Pick<Messages, "navPoints" | "navTransfers" | "navAutopay" | "navSettings">;
  readonly icon: "points" | "transfers" | "autopay" | "settings";
  readonly testId: string;
}

/** What the navigation offers; a new screen is a row here and a case in `app.tsx`. */
export const SECTIONS: readonly Section[] = [
  { path: "/", label: "navPoints", icon: "points", testId: "nav-points" },
  {
    path: "/transfers",
    label: "navTransfers",
    icon: "transfers",
    testId: "nav-transfers",
  },
  { path: "/autopay", label: "navAutopay", icon: "autopay", testId: "nav-autopay" },
  { path: "/settings", label: "navSettings", icon: "settings", testId: "nav-settings" },
];

/** From points to cash: one thing after the other, with no way aside on a small screen. */
export const CASH_STEPS = [
  { path: "/cash", label: "cashStepChoose" },
  { path: "/cash/account", label: "cashStepAccount" },
  { path: "/cash/confirm", label: "cashStepConfirm" },
] as const;
export type CashPath = (typeof CASH_STEPS)[number]["path"];

export const isCashPath = (path: string): path is CashPath =>
  CASH_STEPS.some((step) => step.path === path);

/** From a bill to its order; ending one has only the last step. */
export const AUTOPAY_STEPS = [
  { path: "/autopay/card", label: "autopayStepCard" },
  { path: "/autopay/confirm", label: "autopayStepConfirm" },
] as const;
export type AutopayPath = (typeof AUTOPAY_STEPS)[number]["path"];

export const isAutopayPath = (path: string): path is AutopayPath =>
  AUTOPAY_STEPS.some((step) => step.path === path);

export const ORDERS_PATH = "/autopay/orders";

/** An order's own address; null for any other. */
export const orderIn = (path: string): string | null =>
  /^\/autopay\/orders\/([\w-]+)$/.exec(path)?.[1] ?? null;

/** A transfer's own address, and its receipt's; null for any other. */
export function transferIn(
  path: string,
): { readonly transferId: string; readonly receipt: boolean } | null {
  const match = /^\/transfers\/([\w-]+)(\/receipt)?$/.exec(path);
  if (match?.[1] === undefined) return null;
  return { transferId: match[1], receipt: match[2] !== undefined };
}

/** What the navigation marks: the section itself, or the one the view stands in. */
export function sectionOf(path: string): string {
  if (transferIn(path) !== null) return "/transfers";
  if (path.startsWith("/autopay/")) return "/autopay";
  return isCashPath(path) ? "/" : path;
}

/** One thing at a time: the sections wait until it is done. */
export const isFlow = (path: string): boolean => isCashPath(path) || isAutopayPath(path);

/** The element that holds the view. */
export const CONTENT_ID = "content";

export const CALLBACK_PATH = "/callback";

const MOVED = "modupoint:moved";

/** `instead`: what is left now is no place to come back to. */
export function goTo(path: string, { instead = false } = {}): void {
  if (path === window.location.pathname) return;
  if (instead) window.history.replaceState(null, "", path);
  else window.history.pushState(null, "", path);
  window.dispatchEvent(new Event(MOVED));
  startAtTop();
}

/** Where the eyes and the keyboard go when another view takes the place of the last one. */
export function startAtTop(): void {
  window.scrollTo(0, 0);
  document.getElementById(CONTENT_ID)?.focus({ preventScroll: true });
}

export function usePath(): string {
  const [path, setPath] = useState(window.location.pathname);
  useEffect(() => {
    const moved = () => setPath(window.location.pathname);
    window.addEventListener("popstate", moved);
    window.addEventListener(MOVED, moved);
    return () => {
      window.removeEventListener("popstate", moved);
      window.removeEventListener(MOVED, moved);
    };
  }, []);
  return path;
}
