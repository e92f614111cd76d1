import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Auth } from "./session";

const AUTHORITY = "https://id.example";
const ORIGIN = "https://page.example";
const CONFIG = {
  authority: AUTHORITY,
  clientId: "modupoint",
  scope: "openid points:read points:transfer autopay",
};
const AUTH_TIME = 1_795_341_600;

class TabStorage {
  readonly kept = new Map<string, string>();
  get length() {
    return this.kept.size;
  }
  key = (place: number) => [...this.kept.keys()][place] ?? null;
  getItem = (key: string) => this.kept.get(key) ?? null;
  setItem = (key: string, value: string) => void this.kept.set(key, value);
  removeItem = (key: string) => void this.kept.delete(key);
}

const encoded = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString("base64url");

/** The identity provider: where the browser was sent, and what it answers for a code. */
function identityProvider() {
  const sent: URL[] = [];
  const tab = {
    sessionStorage: new TabStorage(),
    localStorage: new TabStorage(),
    location: {
      origin: ORIGIN,
      assign: (address: string) => void sent.push(new URL(address)),
      replace: (address: string) => void sent.push(new URL(address)),
    },
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  };
  vi.stubGlobal("window", { ...tab, self: tab, top: tab });
  vi.stubGlobal("fetch", (address: URL | string) => {
    const { pathname } = new URL(address);
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: AUTHORITY,
      aud: "modupoint",
      sub: "s1",
      iat: now,
      exp: now + 3_600,
      auth_time: AUTH_TIME,
      nonce: sent.at(-1)?.searchParams.get("nonce"),
    };
    const answers: Record<string, unknown> = {
      "/.well-known/openid-configuration": {
        issuer: AUTHORITY,
        authorization_endpoint: `${AUTHORITY}/authorize`,
        token_endpoint: `${AUTHORITY}/token`,
      },
      "/token": {
        access_token: "fresh",
        token_type: "Bearer",
        expires_in: 3_600,
        id_token: `${encoded({ alg: "none" })}.${encoded(claims)}.`,
      },
    };
    const headers = { "Content-Type": "application/json" };
    return Promise.resolve(new Response(JSON.stringify(answers[pathname]), { headers }));
  });
  return { sent, tab };
}

/** `signinRedirect` never ends, as the page is gone; this waits until the browser was sent away. */
const leaves = async (leaving: Promise<void>, sent: readonly URL[]): Promise<URL> => {
  leaving.catch(() => undefined);
  await vi.waitFor(() => expect(sent).not.toHaveLength(0));
  const [address] = sent;
  if (address === undefined) throw new Error("nowhere");
  return address;
};

describe("signing in", () => {
  let provider: ReturnType<typeof identityProvider>;
  beforeEach(() => {
    provider = identityProvider();
  });
  afterEach(() => void vi.unstubAllGlobals());

  it("asks for every scope the page needs", async () => {
    const { searchParams } = await leaves(
      new Auth(CONFIG, ORIGIN).signIn("/", "ko"),
      provider.sent,
    );
    expect(searchParams.get("scope")).toBe("openid points:read points:transfer autopay");
    expect(searchParams.get("prompt")).toBeNull();
  });

  it("anew makes the member prove who they are, and comes back to the confirmation (R-M4)", async () => {
    const away = await leaves(
      new Auth(CONFIG, ORIGIN).signInAnew("/cash/confirm", "en"),
      provider.sent,
    );
    expect(away.searchParams.get("prompt")).toBe("login");
    expect(away.searchParams.get("max_age")).toBe("0");
    expect(away.searchParams.get("ui_locales")).toBe("en");
    // Back on a page of its own, with nothing but the tab's storage.
    const back = new Auth(CONFIG, ORIGIN);
    const state = away.searchParams.get("state");
    const path = await back.finish(`${ORIGIN}/callback?code=c1&state=${state}`);
    expect(path).toBe("/cash/confirm");
    expect(await back.accessToken()).toBe("fresh");
    expect(await back.current()).toEqual({ subject: "s1", signedInAtMs: AUTH_TIME * 1_000 });
  });

  it("that was given up comes back to where it began, too", async () => {
    const away = await leaves(
      new Auth(CONFIG, ORIGIN).signInAnew("/cash/confirm", "ko"),
      provider.sent,
    );
    const back = new Auth(CONFIG, ORIGIN);
    const state = away.searchParams.get("state");
    const failure = await back
      .finish(`${ORIGIN}/callback?error=access_denied&state=${state}`)
      .catch((reason: unknown) => reason);
    expect(back.pathAfter(failure)).toBe("/cash/confirm");
    expect(back.pathAfter(new Error("no such state"))).toBe("/");
  });

  it("never leads off this page", async () => {
    const away = await leaves(
      new Auth(CONFIG, ORIGIN).signIn("//evil.example", "ko"),
      provider.sent,
    );
    const state = away.searchParams.get("state");
    const path = await new Auth(CONFIG, ORIGIN).finish(`${ORIGIN}/callback?code=c1&state=${state}`);
    expect(path).toBe("/");
  });
});
