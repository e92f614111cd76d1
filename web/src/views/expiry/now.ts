import { seoulMonth } from "../../format/time";

/** The month in Seoul by this device's clock, `YYYY-MM`. */
export const thisMonth = (): string => seoulMonth(new Date().toISOString()) ?? "";
