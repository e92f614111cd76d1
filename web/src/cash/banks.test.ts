import { expect, it, vi } from "vitest";
import { BANKS, bankNameOf } from "./banks";

const NEW = vi.hoisted(() => ({ code: "099", name: "새로은행" }));

vi.mock("./banks.json", async (original) => {
  const { default: rows } = await original<{ default: object[] }>();
  return { default: [...rows, NEW] };
});

it("a new bank is a line in the service's table", () => {
  expect(BANKS.at(-1)).toEqual({ code: NEW.code, name: { ko: NEW.name, en: NEW.name } });
  expect(bankNameOf(NEW.code, "").ko).toBe(NEW.name);
});

it("every other one is called as people call it, each once", () => {
  const codes = BANKS.map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  const korean = BANKS.filter(({ name }) => /[가-힣]/.test(name.en)).map(({ code }) => code);
  expect(korean).toEqual([NEW.code]);
});
