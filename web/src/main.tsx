/** Puts the page together: what the host says, who is signed in, and the first view. */
import { render } from "preact";
import { Api } from "./api/client";
import { App } from "./app";
import { Auth } from "./auth/session";
import { loadConfig } from "./config";
import { rememberedLanguage } from "./i18n/language";
import { CALLBACK_PATH } from "./router";
import { ConfigFailed } from "./views/config-failed";

const root = document.getElementById("page");
if (root === null) throw new Error("index.html has no #page");

const language = rememberedLanguage(window.localStorage);
document.documentElement.lang = language;

const config = await loadConfig();
if (config === null) {
  render(<ConfigFailed language={language} />, root);
} else {
  const auth = new Auth(config, window.location.origin);
  const api = new Api(
    () => auth.accessToken(),
    () => document.documentElement.lang,
  );
  const signInFailed = await finishSignIn(auth);
  const session = await auth.current();
  const app = { api, auth, session, language, signInFailed };
  render(<App {...app} />, root);
}

/** On `/callback`, trades the code for tokens and takes both off the address; true if it failed. */
async function finishSignIn(auth: Auth): Promise<boolean> {
  if (window.location.pathname !== CALLBACK_PATH) return false;
  const url = window.location.href;
  window.history.replaceState(null, "", "/");
  try {
    window.history.replaceState(null, "", await auth.finish(url));
    return false;
  } catch (failure) {
    // Refused, given up, or a reload of an address already used. Whoever is still signed in goes
    // on where they were; for everybody else the landing page starts anew.
    window.history.replaceState(null, "", auth.pathAfter(failure));
    return true;
  }
}
