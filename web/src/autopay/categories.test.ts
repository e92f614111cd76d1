import { expect, it, vi } from "vitest";
import { CATEGORY_CODES, categoryOf } from "./categories";

const GAS = vi.hoisted(() => ({
  code: "GAS",
  name: { ko: "도시가스", en: "Gas" },
  opens_on: "2026-12-01",
  real_time: true,
}));

vi.mock("./categories.json", async (original) => {
  const { default: rows } = await original<{ default: object[] }>();
  return { default: [...rows, GAS] };
});

it("a kind of bills that opens is a line in the service's table (R-A1)", () => {
  const { name, realTime } = categoryOf("GAS");
  expect(name).toEqual(GAS.name);
  expect(realTime).toBe(true);
  expect(CATEGORY_CODES.at(-1)).toBe("GAS");
});

it("the kinds are the rules' (R-A1, R-A3)", () => {
  expect(CATEGORY_CODES.slice(0, -1)).toEqual([
    "TELECOM",
    "ELECTRICITY",
    "SCHOOL_BANKING",
    "SOCIAL_INSURANCE",
    "APARTMENT_FEE",
    "PUBLIC_RENT",
  ]);
  const atOnce = CATEGORY_CODES.slice(0, -1).filter((code) => categoryOf(code).realTime);
  expect(atOnce).toEqual(["APARTMENT_FEE", "PUBLIC_RENT"]);
});

it("one that is newer than the page is called by its code, and no promise is made of it", () => {
  const { name, realTime } = categoryOf("TOMORROW");
  expect(name).toEqual({ ko: "TOMORROW", en: "TOMORROW" });
  expect(realTime).toBe(false);
});
