import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/**
 * The page refuses inline code even where a host forgets its headers.
 *
 * `connect-src` is left to the server's header: the sign-in address is known only where the page
 * is served. Only in the build: the development server injects its styles inline.
 */
const contentPolicy = (): Plugin => ({
  name: "content-policy",
  apply: "build",
  transformIndexHtml: () => [
    {
      tag: "meta",
      injectTo: "head-prepend",
      attrs: {
        "http-equiv": "Content-Security-Policy",
        content:
          "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; " +
          "connect-src *; object-src 'none'; base-uri 'none'; form-action 'none'",
      },
    },
  ],
});

export default defineConfig({
  plugins: [contentPolicy()],
  // Everything here is one page's worth of code: a second request would only cost a round trip.
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: {
    // `npm run dev` shows changes at once over a stack that is already up.
    proxy: Object.fromEntries(
      ["/v1", "/config.json"].map((path) => [
        path,
        { target: process.env["WEB_URL"] ?? "http://127.0.0.1:4580", changeOrigin: true },
      ]),
    ),
  },
  test: { include: ["src/**/*.test.ts", "src/**/*.test.tsx"], environment: "node" },
});
