import { describe, expect, it } from "vitest";
import { isCashPath, sectionOf, transferIn } from "./router";

describe("paths", () => {
  it("name a transfer and its receipt", () => {
    expect(transferIn("/transfers/trf_0199-ab")).toEqual({
      transferId: "trf_0199-ab",
      receipt: false,
    });
    expect(transferIn("/transfers/trf_1/receipt")).toEqual({ transferId: "trf_1", receipt: true });
    expect(transferIn("/transfers")).toBeNull();
    expect(transferIn("/transfers/trf_1/other")).toBeNull();
  });

  it("stand in a section each", () => {
    expect(sectionOf("/")).toBe("/");
    expect(sectionOf("/cash/confirm")).toBe("/");
    expect(sectionOf("/transfers/trf_1/receipt")).toBe("/transfers");
    expect(sectionOf("/settings")).toBe("/settings");
    expect(isCashPath("/cash/else")).toBe(false);
  });
});
