/** Paths of the page, over the browser's own history. */
import { useEffect, useState } from "preact/hooks";
import type { Messages } from "./i18n/ko";

interface Section {
  readonly path: string;
  readonly label: keyof Pick<Messages, "navPoints" | "navSettings">;
  readonly icon: "points" | "settings";
  readonly testId: string;
}

/** What the navigation offers; a new screen is a row here and a case in `app.tsx`. */
export const SECTIONS: readonly Section[] = [
  { path: "/", label: "navPoints", icon: "points", testId: "nav-points" },
  { path: "/settings", label: "navSettings", icon: "settings", testId: "nav-settings" },
];

/** The element that holds the view. */
export const CONTENT_ID = "content";

export const CALLBACK_PATH = "/callback";

const MOVED = "modupoint:moved";

export function goTo(path: string): void {
  if (path === window.location.pathname) return;
  window.history.pushState(null, "", path);
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
