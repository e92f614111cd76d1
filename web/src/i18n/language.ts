/** Which language the page speaks: Korean until the member chooses otherwise. */
import type { Text } from "../api/shapes";

export type Language = keyof Text;

const KEY = "modupoint.language";

export function rememberedLanguage(storage: Pick<Storage, "getItem">): Language {
  return storage.getItem(KEY) === "en" ? "en" : "ko";
}

export function rememberLanguage(storage: Pick<Storage, "setItem">, language: Language): void {
  storage.setItem(KEY, language);
}
