import { describe, expect, it } from "vitest";
import { isCashPath, isFlow, orderIn, sectionOf, transferIn } from "./router";

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

  it("name an order", () => {
    expect(orderIn("/autopay/orders/ord_0199-ab")).toBe("ord_0199-ab");
    expect(orderIn("/autopay/orders")).toBeNull();
    expect(orderIn("/autopay/orders/ord_1/other")).toBeNull();
  });

  it("put the sections aside on the way to an application", () => {
    expect(["/autopay/card", "/autopay/confirm", "/cash"].map(isFlow)).toEqual([true, true, true]);
    expect(["/autopay", "/autopay/orders", "/transfers"].some(isFlow)).toBe(false);
  });

  it("stand in a section each", () => {
    expect(sectionOf("/")).toBe("/");
    expect(sectionOf("/cash/confirm")).toBe("/");
    expect(sectionOf("/transfers/trf_1/receipt")).toBe("/transfers");
    expect(sectionOf("/autopay/orders/ord_1")).toBe("/autopay");
    expect(sectionOf("/autopay/confirm")).toBe("/autopay");
    expect(sectionOf("/settings")).toBe("/settings");
    expect(isCashPath("/cash/else")).toBe(false);
  });
});
