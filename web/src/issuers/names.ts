/** Issuers and their points by name, also those that the API has not listed (yet). */
import type { Issuer, Text } from "../api/shapes";

export const unlisted = (code: string): Issuer => ({
  code,
  name: { ko: code, en: code },
  phone: null,
  cashArrival: null,
  points: [],
});

export const issuerOf = (issuers: readonly Issuer[], code: string): Issuer =>
  issuers.find((issuer) => issuer.code === code) ?? unlisted(code);

export const pointNameOf = ({ points }: Issuer, code: string): Text =>
  points.find((point) => point.code === code)?.name ?? { ko: code, en: code };
