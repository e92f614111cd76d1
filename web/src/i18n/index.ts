/** The words on the page, in the language of the moment. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { en } from "./en";
import { ko, type Messages } from "./ko";
import type { Language } from "./language";

export const MESSAGES: Readonly<Record<Language, Messages>> = { ko, en };

interface Words {
  readonly language: Language;
  readonly say: Messages;
}

export const WordsContext = createContext<Words>({ language: "ko", say: ko });

export const useWords = (): Words => useContext(WordsContext);
