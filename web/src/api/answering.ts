/** A network for tests: answers `fetch` in turn, and remembers what was asked. */
import { vi } from "vitest";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export type Reply =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> }
  /** The connection breaks before an answer has come. */
  | "lost";

/** The last reply is given for ever. */
export function answering(...replies: Reply[]): readonly Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
    const { method = "GET", headers, body } = init;
    asked.push({
      method,
      path,
      headers: headers as Record<string, string>,
      body: typeof body === "string" ? JSON.parse(body) : undefined,
    });
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    if (reply === undefined || reply === "lost") return Promise.reject(new TypeError("lost"));
    const text = reply.body === undefined ? null : JSON.stringify(reply.body);
    return Promise.resolve(
      new Response(text, { status: reply.status, headers: reply.headers ?? {} }),
    );
  });
  return asked;
}

export const problem = (
  status: number,
  code: string,
  more: Readonly<Record<string, unknown>> = {},
): Exclude<Reply, "lost"> => ({
  status,
  body: { type: "about:blank", title: "제목", detail: "설명", status, code, errors: [], ...more },
});
