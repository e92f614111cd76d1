/** What the page must be told by the host that serves it. */
export interface Config {
  readonly authority: string;
  readonly clientId: string;
  readonly scope: string;
}

/** Reads `/config.json`; null when it cannot be had or is not one of ours. */
export async function loadConfig(): Promise<Config | null> {
  try {
    const response = await fetch("/config.json", { cache: "no-cache" });
    if (!response.ok) return null;
    const body: unknown = await response.json();
    if (typeof body !== "object" || body === null) return null;
    const { authority, client_id: clientId, scope } = body as Record<string, unknown>;
    if (typeof authority !== "string" || typeof clientId !== "string") return null;
    if (typeof scope !== "string") return null;
    return { authority, clientId, scope };
  } catch {
    return null;
  }
}
