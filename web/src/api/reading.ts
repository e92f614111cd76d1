/** JSON whose shape nobody has promised yet: a field of another type reads as if it were missing. */

export type Fields = Readonly<Record<string, unknown>>;

export const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const stringOf = (value: unknown): string | null =>
  typeof value === "string" && value !== "" ? value : null;

export const numberOf = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) ? value : null;

/** Points or won: never negative, never a fraction. */
export const amountOf = (value: unknown): number => Math.max(0, Math.trunc(numberOf(value) ?? 0));
