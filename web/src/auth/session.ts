/**
 * Signing in: authorization code with PKCE, everything in this tab's sessionStorage.
 *
 * The identity provider's `userinfo` holds the member's CI, which must never reach the browser:
 * it is not asked for here.
 */
import { ErrorResponse, type User, UserManager, WebStorageStateStore } from "oidc-client-ts";
import type { Config } from "../config";
import type { Language } from "../i18n/language";

export interface Session {
  readonly subject: string;
  /** When the member last proved who they are; null if the identity provider did not say. */
  readonly signedInAtMs: number | null;
}

export class Auth {
  private readonly manager: UserManager;

  constructor(config: Config, origin: string) {
    const store = new WebStorageStateStore({ store: window.sessionStorage, prefix: "modupoint." });
    this.manager = new UserManager({
      authority: config.authority,
      client_id: config.clientId,
      scope: config.scope,
      redirect_uri: `${origin}/callback`,
      post_logout_redirect_uri: `${origin}/`,
      response_type: "code",
      loadUserInfo: false,
      // All but `auth_time`, which tells a member who comes back from signing in again.
      filterProtocolClaims: ["nbf", "jti", "nonce", "acr", "amr", "azp", "at_hash"],
      automaticSilentRenew: false,
      monitorSession: false,
      userStore: store,
      stateStore: store,
    });
  }

  /** The member signed in here, or null; a token that has run out counts as none. */
  async current(): Promise<Session | null> {
    const user = await this.manager.getUser();
    return user === null || user.expired === true ? null : sessionOf(user);
  }

  async accessToken(): Promise<string | null> {
    const user = await this.manager.getUser();
    return user === null || user.expired === true ? null : user.access_token;
  }

  /** Leaves for the sign-in page; rejects if the identity provider cannot be reached. */
  signIn(returnTo: string, language: Language): Promise<void> {
    return this.manager.signinRedirect({ state: { returnTo }, ui_locales: language });
  }

  /** The same for a member whose sign-in is too old for money: they prove who they are anew. */
  signInAnew(returnTo: string, language: Language): Promise<void> {
    const anew = { prompt: "login", max_age: 0 };
    return this.manager.signinRedirect({ state: { returnTo }, ui_locales: language, ...anew });
  }

  /** Ends a sign-in that came back to `/callback`; gives the path to go on from. */
  async finish(url: string): Promise<string> {
    const user = await this.manager.signinRedirectCallback(url);
    return pathOf(user.state);
  }

  /** Where to go on after a sign-in that was refused or given up: it began somewhere. */
  pathAfter(failure: unknown): string {
    return failure instanceof ErrorResponse ? pathOf(failure.state) : "/";
  }

  /** Drops a session that the API no longer accepts. */
  async forget(): Promise<void> {
    await this.manager.removeUser();
  }

  /**
   * Signs out here, and at the identity provider where it offers that.
   *
   * The address carries no `id_token_hint`: tokens do not belong in addresses.
   */
  async signOut(): Promise<void> {
    await this.manager.removeUser();
    let endSession: string | undefined;
    try {
      endSession = await this.manager.metadataService.getEndSessionEndpoint();
    } catch {
      // Out of reach: the tokens here are gone all the same.
    }
    if (endSession === undefined) return;
    const { client_id, post_logout_redirect_uri } = this.manager.settings;
    const address = new URL(endSession);
    address.searchParams.set("client_id", client_id);
    address.searchParams.set("post_logout_redirect_uri", post_logout_redirect_uri ?? "");
    window.location.assign(address);
  }
}

function sessionOf({ profile }: User): Session {
  const { sub: subject, auth_time: authTime } = profile;
  return { subject, signedInAtMs: authTime === undefined ? null : authTime * 1000 };
}

/** A path of this page only, whatever the stored state says. */
function pathOf(state: unknown): string {
  const { returnTo } = (state ?? {}) as { readonly returnTo?: unknown };
  return typeof returnTo === "string" && /^\/(?!\/)/.test(returnTo) ? returnTo : "/";
}
