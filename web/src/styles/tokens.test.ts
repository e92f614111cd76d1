import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { contrast } from "./contrast";

const CSS = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");
const [LIGHT = "", DARK = ""] = CSS.split("@media");

const tokens = (css: string): Record<string, string> =>
  Object.fromEntries(
    [...css.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = "", value = ""]) => [
      name,
      value,
    ]),
  );

const light = tokens(LIGHT);
const THEMES = { light, dark: { ...light, ...tokens(DARK) } };

/** Every ink with every ground it is used on. */
const PAIRS = [
  ["ink", "ground"],
  ["ink", "surface"],
  ["ink", "sunken"],
  ["ink", "persimmon-soft"],
  ["ink", "jade-soft"],
  ["quiet", "ground"],
  ["quiet", "surface"],
  ["quiet", "sunken"],
  ["jade", "surface"],
  ["jade-strong", "jade-soft"],
  ["on-jade", "jade"],
  ["on-jade", "jade-strong"],
  ["on-panel", "panel"],
  ["on-panel", "panel-deep"],
  ["on-panel-quiet", "panel"],
  ["on-panel-quiet", "panel-deep"],
  ["gold", "panel"],
  ["gold", "panel-deep"],
  ["on-gold", "gold"],
  ["on-gold", "gold-strong"],
  ["persimmon", "surface"],
  ["persimmon", "persimmon-soft"],
  ["stale", "surface"],
  ["stale", "stale-soft"],
  ["danger", "ground"],
  ["danger", "surface"],
  ["on-danger", "danger"],
] as const;

describe.each(Object.entries(THEMES))("colours in %s", (_theme, colours) => {
  it.each(PAIRS)("%s on %s can be read (WCAG AA)", (ink, ground) => {
    expect(contrast(colours[ink] ?? "", colours[ground] ?? "")).toBeGreaterThanOrEqual(4.5);
  });
});
